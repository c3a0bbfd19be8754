from django.db import migrations

# Steps are append-only; here the columns that did not exist when they were taken are filled in.
FILL = """
    ALTER TABLE intake_dossierstep DISABLE TRIGGER USER;
    UPDATE intake_dossierstep s
    SET province_code = d.province_code, centre_id = d.receiving_centre_id, procedure_code = d.procedure_code
    FROM intake_dossier d
    WHERE d.id = s.dossier_id AND s.machine = 'handling' AND s.action IN ('receive', 'resolve') AND s.centre_id IS NULL;
    ALTER TABLE intake_dossierstep ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [("intake", "0010_counted_steps")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
