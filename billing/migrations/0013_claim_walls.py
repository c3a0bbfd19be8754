from django.db import migrations

from shared.scope import OPERATOR_BY_CODE, policy_sql, policy_undo_sql

_CLAIM = "claim_id IN (SELECT id FROM billing_claim)"
_STATEMENT = "statement_id IN (SELECT id FROM billing_statement)"
_WALLS = {
    "billing_claim": policy_sql("billing_claim", columns={"province": "province_id"}, also=OPERATOR_BY_CODE),
    # Whoever may see the claim or the statement may see what belongs to it.
    "billing_claimfile": policy_sql("billing_claimfile", columns={}, also=_CLAIM),
    "billing_claimfault": policy_sql("billing_claimfault", columns={}, also=_CLAIM),
    "billing_claimline": policy_sql("billing_claimline", columns={}, also=_CLAIM),
    "billing_claimdecision": policy_sql(
        "billing_claimdecision", columns={}, also="line_id IN (SELECT id FROM billing_claimline)"),
    "billing_callback": policy_sql("billing_callback", columns={"centre": "centre_id", "province": "province_code"}),
    "billing_statementsignature": policy_sql("billing_statementsignature", columns={}, also=_STATEMENT),
    "billing_statementpayment": policy_sql("billing_statementpayment", columns={}, also=_STATEMENT),
    "billing_statementexport": policy_sql("billing_statementexport", columns={}, also=_STATEMENT),
}


class Migration(migrations.Migration):
    """The second wall around claims, call-backs, signatures and exports."""

    dependencies = [("billing", "0012_claims_and_settlement"), ("agents", "0001_initial")]

    operations = [migrations.RunSQL(sql, policy_undo_sql(table)) for table, sql in _WALLS.items()]
