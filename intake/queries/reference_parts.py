"""What a counter needs to work without asking: by part, each item under a key of its own, as plain JSON."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from agents import public as agents
from billing import public as billing
from intake.models.citizens import ConsentPurpose
from intake.models.procedures import Procedure
from intake.queries.life_events import events_in_force
from intake.queries.procedures import in_force
from intake.rules.collecting import COLLECT_REASONS
from intake.rules.precheck.catalogue import RULES, VERSION
from intake.rules.precheck.check import as_rule_data
from shared import places
from shared.calendar import WorkCalendar

type Part = dict[str, Any]

COLUMNS = ("code", "name_vi", "name_en", "field", "level", "authority", "channels", "agent_modes", "refer_reason_vi",
           "refer_reason_en", "online_level", "terms", "has_same_day_cutoff", "fee", "place_rule", "managed_by_city",
           "is_paper_forbidden", "paper_forbidden_in", "needs_presence", "authorisation_rule", "documents",
           "is_essential", "aliases", "search_key", "note_vi", "note_en", "legal_basis", "confidence", "uncertain")


def reference_parts(outlet: agents.OutletInfo, on: date, calendar: WorkCalendar) -> dict[str, Part]:
    """All parts for one outlet on a local day. No citizen's data and nothing of another province is among them."""
    return {
        "outlet": _outlet(outlet), "procedures": _procedures(on), "life_events": _life_events(on),
        "communes": _communes(outlet.province_code), "former_communes": _former_communes(outlet.province_code),
        "centres": _centres(outlet.province_code, on), "calendar": _calendar(calendar),
        "rates": billing.rates_as_data(outlet.operator.code, outlet.province_code, on), "checks": _checks(),
        "consents": _consents(), "collect_reasons": {
            code: {"vi": words.vi, "en": words.en} for code, words in COLLECT_REASONS.items()}}


def _outlet(outlet: agents.OutletInfo) -> Part:
    return {"self": {
        "id": str(outlet.id), "code": outlet.code, "name": outlet.name, "operator_code": outlet.operator.code,
        "is_public_post": outlet.operator.is_public_post, "commune_code": outlet.commune_code,
        "province_code": outlet.province_code, "tasks": sorted(outlet.tasks), "status": outlet.status,
        "agreement_from": outlet.agreement_from.isoformat(),
        "agreement_until": outlet.agreement_until.isoformat() if outlet.agreement_until else None}}


def _procedures(on: date) -> Part:
    return {procedure.code: _procedure(procedure) for procedure in in_force(on).order_by("code")}


def _procedure(procedure: Procedure) -> Part:
    return {name: getattr(procedure, name) for name in COLUMNS} | {
        "valid_from": procedure.valid_from.isoformat(),
        "valid_to": procedure.valid_to.isoformat() if procedure.valid_to else None}


def _life_events(on: date) -> Part:
    return {event.code: {
        "name": {"vi": event.name.vi, "en": event.name.en}, "icon": event.icon,
        "steps": [{"procedure_code": step.procedure.code, "is_usual": step.is_usual, "replaces": list(step.replaces),
                   "shares": [list(each) for each in step.shares]} for step in event.steps]}
        for event in events_in_force(on)}


def _communes(province_code: str) -> Part:
    return {place.code: [place.full_name, round(place.latitude, 5), round(place.longitude, 5)]
            for place in places.places_of_province(province_code)}


def _former_communes(province_code: str) -> Part:
    """Each with the codes of what it became, where most of it went first."""
    return {former.code: [former.full_name, former.district_name, [each.place.code for each in former.successors]]
            for former in places.former_places_of_province(province_code)}


def _centres(province_code: str, on: date) -> Part:
    return {centre.agency_code: {
        "id": str(centre.id), "name": centre.name, "authority_name": centre.authority_name, "level": centre.level,
        "commune_code": centre.commune_code, "phone": centre.phone, "address": centre.address}
        for centre in agents.centres_of_province(province_code, on)}


def _calendar(calendar: WorkCalendar) -> Part:
    return {day.isoformat(): is_working for day, is_working in sorted(calendar.deviations.items())}


def _checks() -> Part:
    rules: Iterable[Mapping[str, Any]] = as_rule_data(RULES)
    return {"version": VERSION} | {str(rule["code"]): {"order": order, **rule} for order, rule in enumerate(rules)}


def _consents() -> Part:
    """The words that are read aloud, in both languages."""
    return {purpose.value: {language: _consent_words(purpose, language) for language in ("vi", "en")}
            for purpose in ConsentPurpose}


def _consent_words(purpose: ConsentPurpose, language: str) -> str:
    with override(language):
        html = render_to_string("intake/counter/consent_words.html", {"purpose": purpose.value})
    return html.partition("<span")[0].strip()
