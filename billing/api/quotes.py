"""What a trip would cost whom, and why. Asks, changes nothing."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from agents.auth import EVERY_ROLE, allow
from billing import public as billing
from billing.api.schemas import QuoteIn, QuoteOut
from billing.records import PostageCase
from billing.rules.zones import ZONE_WORDS
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.places import get_places
from shared.problems import told
from shared.validation import InvalidRequest

router = Router(tags=["quotes"])


@router.post("/quotes", response=QuoteOut, summary="Price a trip and say why",
             auth=allow(roles=EVERY_ROLE, scopes={"quotes:read", "billing:read"}))
def make_quote(request: WardpostRequest, body: QuoteIn) -> dict[str, object]:
    """Tariff → national reduction → city subsidy → citizen's share, each with rule, legal basis and confidence."""
    case = _case(body, today=local(timezone.now()).date())
    answer = billing.quote(case)
    words = ZONE_WORDS[case.zone]
    return {"gross": answer.gross, "national_reduction": answer.national_reduction,
            "city_subsidy": answer.city_subsidy, "citizen_share": answer.citizen_share, "zone": case.zone,
            "zone_reason_vi": words.reason_vi, "zone_reason_en": words.reason_en, "on": case.on,
            "steps": answer.steps}


def _case(body: QuoteIn, *, today: date) -> PostageCase:
    wrong = ErrorCollector()
    zone = _zone(body, wrong)
    _check_classes(body, wrong)
    wrong.raise_if_any(InvalidRequest)
    return PostageCase(
        operator_code=body.operator_code, direction=body.direction, zone=zone, weight_grams=body.weight_grams,
        on=body.on or today, channel=body.channel, province_code=body.province_code,
        managed_by_city=body.managed_by_city, beneficiary_class=body.beneficiary_class, borne_by=body.borne_by or "")


def _zone(body: QuoteIn, wrong: ErrorCollector) -> str:
    ends = {"/origin_commune_code": body.origin_commune_code,
            "/destination_commune_code": body.destination_commune_code}
    if body.zone is not None:
        for pointer, code in ends.items():
            if code is not None:
                wrong.add(pointer, "not-expected", _("Give the zone or the communes, not both."))
        return body.zone
    places = get_places([code for code in ends.values() if code])
    for pointer, code in ends.items():
        if code is None:
            wrong.add(pointer, "required", _("Without a zone both communes are needed."))
        elif code not in places:
            wrong.add(pointer, "unknown-commune",
                      told(_("No present commune has the code {code}; it may have been dissolved."), code=code))
    if wrong.errors:
        return ""
    return billing.zone_between(places[str(body.origin_commune_code)], places[str(body.destination_commune_code)])


def _check_classes(body: QuoteIn, wrong: ErrorCollector) -> None:
    known = {code for code, _vi, _en in billing.known_beneficiary_classes()}
    asked = {part.strip() for part in body.beneficiary_class.split(",") if part.strip()}
    if unknown := sorted(asked - known):
        wrong.add("/beneficiary_class", "unknown-class",
                  told(_("Unknown: {unknown}. Known classes: {known}."), unknown=", ".join(unknown)[:200],
                       known=", ".join(sorted(known))))
