"""The second wall of each table: a forgotten filter shows nothing instead of everything."""

from collections.abc import Mapping
from typing import Final

from shared.scope import OPERATOR_BY_CODE, policy_sql

_CITY: Final = {"province": "province_id"}
_CITY_BY_CODE: Final = {"province": "province_code"}
_OUTLET_AND_CITY: Final = {"outlet": "outlet_id", "province": "province_code"}
_OF_OUTLET: Final = {"outlet": "outlet_id", "operator": "operator_id", "province": "province_code"}

# What hangs on another row is seen by whoever sees that row: its column, and the table that the column names.
_HANGS_ON: Final[Mapping[str, tuple[str, str]]] = {
    "billing_disputeline": ("dispute_id", "billing_dispute"),
    "billing_disputeentry": ("dispute_id", "billing_dispute"),
    "billing_disputefile": ("dispute_id", "billing_dispute"),
    "billing_evidencecheck": ("file_id", "billing_disputefile"),
    "billing_claimfile": ("claim_id", "billing_claim"),
    "billing_claimfault": ("claim_id", "billing_claim"),
    "billing_claimline": ("claim_id", "billing_claim"),
    "billing_claimdecision": ("line_id", "billing_claimline"),
    "billing_statementsignature": ("statement_id", "billing_statement"),
    "billing_statementpayment": ("statement_id", "billing_statement"),
    "billing_statementexport": ("statement_id", "billing_statement"),
    "billing_withheld": ("statement_id", "billing_statement"),
    "billing_payoutorder": ("payout_id", "billing_payout"),
    "billing_payoutreversal": ("order_id", "billing_payoutorder"),
    "billing_shiftpaper": ("shift_id", "billing_cashshift"),
    "billing_cardpayment": ("collection_id", "billing_collection"),
    "billing_cardrefund": ("payment_id", "billing_cardpayment"),
    "billing_cardmovement": ("payment_id", "billing_cardpayment"),
    "billing_carddispute": ("payment_id", "billing_cardpayment"),
    "billing_supportlook": ("access_id", "billing_supportaccess"),
}

WALLS: Final[Mapping[str, str]] = {
    **{table: policy_sql(table, columns=_OUTLET_AND_CITY, also=OPERATOR_BY_CODE) for table in (
        "billing_charge", "billing_dispute", "billing_statementanswer", "billing_redress", "billing_outletday",
        "billing_affectedline", "billing_errornotice", "billing_supportaccess", "billing_takeback")},
    **{table: policy_sql(table, columns=_CITY, also=OPERATOR_BY_CODE) for table in (
        "billing_statement", "billing_claim")},
    # A city's drafts, budget and questions are its own; a draft that binds every city is read by every city.
    "billing_ruledraft": policy_sql("billing_ruledraft", columns={"province": "home"}, also="province_code = ''"),
    **{table: policy_sql(table, columns=_CITY) for table in ("billing_budgetline", "billing_scenario")},
    "billing_callback": policy_sql(
        "billing_callback", columns={"centre": "centre_id", "province": "province_code"}),
    **{table: policy_sql(table, columns=_OF_OUTLET) for table in (
        "billing_cashshift", "billing_collection", "billing_payeeaccount", "billing_payout")},
    "billing_bankline": policy_sql(
        "billing_bankline", columns={"operator": "operator_id", "province": "province_code"}),
    **{table: policy_sql(table, columns=_CITY_BY_CODE) for table in (
        "billing_payoutbatch", "billing_payoutbankline", "billing_payoutbankfile")},
    **{table: policy_sql(table, columns={}, also=f"{column} IN (SELECT id FROM {holder})")
       for table, (column, holder) in _HANGS_ON.items()},
}
