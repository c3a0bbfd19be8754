"""The second wall of each table: a forgotten filter shows nothing instead of everything."""

from collections.abc import Mapping
from typing import Final

from shared.scope import policy_sql

_CITY: Final = {"province": "province_id"}
_OF_OUTLET: Final = {"outlet": "outlet_id", "operator": "operator_id", "province": "province_code"}
_OF_OPERATOR: Final = {"operator": "operator_id", "province": "province_code"}
_OF_PLACE: Final = {"outlet": "outlet_id", "operator": "operator_id", "centre": "centre_id", "province": "province_code"}

# An operator's and a city's people see the outlets that are theirs.
_ABOVE_THE_OUTLET: Final = (
    "outlet_id IN (SELECT id FROM agents_outlet"
    " WHERE operator_id = (SELECT nullif(current_setting('app.operator', true), '')::uuid))"
    " OR outlet_id IN (SELECT o.id FROM agents_outlet o JOIN shared_commune c ON c.code = o.commune_id"
    " WHERE c.province_id = (SELECT nullif(current_setting('app.province', true), '')))"
)
# An incident is also seen from every place that has it; the wall of its places bounds the question.
_ITS_PLACES: Final = "EXISTS (SELECT 1 FROM agents_incidentplace place WHERE place.incident_id = agents_incident.id)"
_ITS_DEMAND_SET: Final = "EXISTS (SELECT 1 FROM agents_demandset s WHERE s.id = demand_set_id)"
_ITS_SITE_SET: Final = "EXISTS (SELECT 1 FROM agents_siteset s WHERE s.id = site_set_id)"

WALLS: Final[Mapping[str, str]] = {
    **{table: policy_sql(table, columns=_OF_OUTLET) for table in (
        "agents_accreditation", "agents_scoremonth", "agents_scoreappeal", "agents_launchwatch", "agents_commendation",
        "agents_outletmove")},
    **{table: policy_sql(table, columns=_CITY) for table in (
        "agents_demandset", "agents_siteset", "agents_placementscenario")},
    "agents_communedemand": policy_sql("agents_communedemand", columns={}, also=_ITS_DEMAND_SET),
    "agents_candidatesite": policy_sql("agents_candidatesite", columns={}, also=_ITS_SITE_SET),
    "agents_incident": policy_sql("agents_incident", columns=_OF_PLACE, also=_ITS_PLACES),
    **{table: policy_sql(table, columns=_OF_PLACE) for table in (
        "agents_incidentplace", "agents_placebeat", "agents_outage", "agents_placeload")},
    **{table: policy_sql(table, columns=_OF_OPERATOR) for table in (
        "agents_programmeoperator", "agents_operatoragreement", "agents_delegatedtask", "agents_conformancecheck",
        "agents_programmestep")},
    "agents_phasedecision": policy_sql("agents_phasedecision", columns={"province": "province_code"}),
    **{table: policy_sql(table, columns={"outlet": "outlet_id"}, also=_ABOVE_THE_OUTLET) for table in (
        "agents_rostershift", "agents_rosterabsence", "agents_rosterswap")},
}
