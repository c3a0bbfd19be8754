"""The second wall of each table: a forgotten filter shows nothing instead of everything."""

from collections.abc import Mapping
from typing import Final

from shared.scope import policy_sql

_OF_OUTLET: Final = {"outlet": "outlet_id", "operator": "operator_id", "province": "province_code"}
_PLACES: Final = {"outlet": "outlet_id", "operator": "operator_id", "centre": "centre_id", "province": "province_code"}
_PAPERS: Final = {"outlet": "outlet_id", "centre": "centre_id", "operator": "operator_id", "province": "province_code"}

# What belongs to a dossier is seen by whoever sees the dossier.
_ITS_DOSSIER: Final = "EXISTS (SELECT 1 FROM intake_dossier d WHERE d.id = dossier_id)"
_ITS_DOSSIERS: Final = "EXISTS (SELECT 1 FROM intake_dossier d WHERE d.bundle_id = intake_eventbundle.id)"
_ITS_CASE: Final = "EXISTS (SELECT 1 FROM intake_brokercase k WHERE k.id = case_id)"
# The staff of a centre also settle dossiers of their province that have no receiving centre yet.
_NOBODYS_YET: Final = (
    "receiving_centre_id IS NULL AND province_code = (SELECT nullif(current_setting('app.home', true), ''))")
# The centre that delegated the numbers of receipts sees what became of them.
_DELEGATED: Final = (
    "EXISTS (SELECT 1 FROM intake_receiptseries s JOIN intake_receiptdelegation d ON d.id = s.delegation_id"
    " WHERE s.id = series_id AND d.centre_id = (SELECT nullif(current_setting('app.centre', true), '')::uuid))")

WALLS: Final[Mapping[str, str]] = {
    "intake_dossier": policy_sql("intake_dossier", columns={
        "outlet": "outlet_id", "centre": "receiving_centre_id|authority_centre_id", "operator": "operator_id",
        "province": "province_code"}, also=_NOBODYS_YET),
    "intake_document": policy_sql(
        "intake_document", columns={"outlet": "outlet_id", "centre": "centre_id"}, also=_ITS_DOSSIER),
    "intake_taking": policy_sql("intake_taking", columns=_OF_OUTLET, also=_ITS_DOSSIER),
    "intake_eventbundle": policy_sql("intake_eventbundle", columns={"outlet": "outlet_id"}, also=_ITS_DOSSIERS),
    **{table: policy_sql(table, columns={}, also=_ITS_DOSSIER) for table in (
        "intake_inquiry", "intake_inquirymessage", "intake_notice", "intake_portallane")},
    # Links to a phone, helps and referrals are their outlet's own.
    **{table: policy_sql(table, columns={"outlet": "outlet_id"}) for table in (
        "intake_phonelink", "intake_accounthelp", "intake_referral")},
    **{table: policy_sql(table, columns=_PAPERS) for table in ("intake_manifest", "intake_original")},
    **{table: policy_sql(table, columns=_OF_OUTLET, also=_DELEGATED) for table in (
        "intake_outletrange", "intake_receipt")},
    **{table: policy_sql(table, columns=_PLACES) for table in (
        "intake_satisfaction", "intake_boardstay", "intake_boardcell", "intake_boardtotal")},
    # Neither outlet nor operator: who complained is nobody's business there.
    "intake_moneyreport": policy_sql(
        "intake_moneyreport", columns={"centre": "centre_id", "province": "province_code"}),
    **{table: policy_sql(table, columns=_OF_OUTLET) for table in ("intake_coachingsession", "intake_complaint")},
    **{table: policy_sql(table, columns={"province": "province_code"}) for table in (
        "intake_brokercase", "intake_brokersignal", "intake_brokerreport")},
    **{table: policy_sql(table, columns={}, also=_ITS_CASE) for table in (
        "intake_brokerstep", "intake_brokerdraw", "intake_brokercall")},
}
