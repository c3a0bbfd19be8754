"""Walls around what boards are read from, and the places of the steps that were taken before boards counted them.

A step keeps where it counts as it was then; what was never written down is taken from its dossier as it is now. Steps
only grow, so their guard is put aside for this one statement.
"""

from django.db import migrations

from shared.scope import policy_sql, policy_undo_sql

PLACES = {"outlet": "outlet_id", "operator": "operator_id", "centre": "centre_id", "province": "province_code"}
TABLES = ("intake_boardstay", "intake_boardcell", "intake_boardtotal")

FILL = """
    ALTER TABLE intake_dossierstep DISABLE TRIGGER USER;
    UPDATE intake_dossierstep step
    SET province_code = CASE WHEN step.procedure_code = '' THEN dossier.province_code ELSE step.province_code END,
        centre_id = CASE WHEN step.procedure_code = '' THEN dossier.receiving_centre_id ELSE step.centre_id END,
        procedure_code = dossier.procedure_code, outlet_id = dossier.outlet_id, operator_id = dossier.operator_id,
        due_at = dossier.due_at
    FROM intake_dossier dossier
    WHERE dossier.id = step.dossier_id AND step.machine = 'handling'
      AND step.action IN ('submit', 'forward', 'receive', 'refuse', 'start', 'ask_supplement', 'answer_supplement',
                          'ask_payment', 'record_payment', 'withdraw', 'stop', 'resume', 'resolve', 'return', 'reopen',
                          'extend', 'due_moved');
    ALTER TABLE intake_dossierstep ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0026_boards'),
    ]

    operations = [
        *(migrations.RunSQL(policy_sql(table, columns=PLACES), policy_undo_sql(table)) for table in TABLES),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
