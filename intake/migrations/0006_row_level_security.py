from django.db import migrations

from shared.scope import policy_sql, policy_undo_sql


class Migration(migrations.Migration):
    """The second wall: a forgotten filter shows nothing instead of everything."""

    dependencies = [("intake", "0005_dossier_filing")]

    operations = [
        migrations.RunSQL(
            policy_sql("intake_dossier", columns={"outlet": "outlet_id", "centre": "receiving_centre_id|authority_centre_id", "operator": "operator_id",
                                                  "province": "province_code"}, also="receiving_centre_id IS NULL AND province_code = (SELECT nullif(current_setting('app.home', true), ''))"),
            policy_undo_sql("intake_dossier")),
        migrations.RunSQL(
            policy_sql("intake_document", columns={"outlet": "outlet_id", "centre": "centre_id"}, also="EXISTS (SELECT 1 FROM intake_dossier d WHERE d.id = dossier_id)"),
            policy_undo_sql("intake_document")),
    ]
