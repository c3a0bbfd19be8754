from django.db import migrations

from shared.scope import OPERATOR_BY_CODE, policy_sql, policy_undo_sql


class Migration(migrations.Migration):
    """The second wall: a forgotten filter shows nothing instead of everything."""

    dependencies = [("billing", "0002_ledger_guards_by_statement"), ("agents", "0001_initial")]

    operations = [
        migrations.RunSQL(
            policy_sql("billing_charge", columns={"outlet": "outlet_id", "province": "province_code"}, also=OPERATOR_BY_CODE),
            policy_undo_sql("billing_charge")),
        migrations.RunSQL(
            policy_sql("billing_statement", columns={"province": "province_id"}, also=OPERATOR_BY_CODE),
            policy_undo_sql("billing_statement")),
    ]
