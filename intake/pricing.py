"""What a filing costs whom: the procedure's fee and the postage of the trips it needs."""

from dataclasses import dataclass
from datetime import date

from agents import public as agents
from billing import public as billing
from delivery import public as delivery
from intake.models.citizens import Citizen
from intake.models.procedures import Procedure
from intake.records import CentreRef, Fee, Pricing
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.fees import FeeCase, fee_of
from intake.rules.wording import Words
from shared import places

LETTER_GRAMS = 100
"""A result is a letter of a few sheets until somebody weighs it."""
NO_TARIFF = Words("Chưa biết cước bưu chính: chưa có biểu giá cho đơn vị này hoặc chặng này.",
                  "Postage not known: there is no tariff for this operator or distance.")
NO_CENTRE = Words("Chưa biết cước bưu chính: chưa rõ trung tâm tiếp nhận.",
                  "Postage not known: the receiving centre is not clear yet.")


@dataclass(frozen=True, slots=True)
class PricedFiling:
    """A filing, as far as its price depends on it."""

    procedure: Procedure
    channel: str
    result_choice: str
    on: date
    province_code: str
    """Of the competent authority: its city may pay."""
    outlet: agents.OutletInfo
    receiving: CentreRef | None
    home: places.Place | None
    """Where the result goes; None when it does not travel."""
    home_former: str = ""
    """Code of the former commune that the address there still names; its district is what tariffs count by."""
    copies: int = 1
    pages: int = 1
    beneficiary_class: str = ""
    weight_grams: int = LETTER_GRAMS


def price(filing: PricedFiling) -> Pricing:
    fee = filing_fee(filing)
    needs_out, needs_home = filing.channel == Channel.POST, filing.result_choice == ResultChoice.HOME
    if not needs_out and not needs_home:
        return Pricing(fee)
    if filing.receiving is None:
        return Pricing(fee, unknown=NO_CENTRE)
    try:
        centre = place_of_centre(filing.receiving)
        return _with_trips(filing, fee, centre, needs_out=needs_out, needs_home=needs_home)
    except (billing.NoTariff, billing.ZoneNotPriced, billing.WeightNotPriced):
        return Pricing(fee, unknown=NO_TARIFF)


def filing_fee(filing: PricedFiling) -> Fee:
    procedure = filing.procedure
    return fee_of(FeeCase(
        fee=procedure.fee, legal_basis=procedure.legal_basis,
        confidence=procedure.uncertain.get("fee", procedure.confidence), channel=filing.channel, on=filing.on,
        province_code=filing.province_code, managed_by_city=procedure.managed_by_city, copies=filing.copies,
        pages=filing.pages, beneficiary_class=filing.beneficiary_class))


def _with_trips(filing: PricedFiling, fee: Fee, centre: places.Place, *, needs_out: bool, needs_home: bool) -> Pricing:
    origin = places.get_place(filing.outlet.commune_code)
    out = _quote(filing, "dossier", origin, centre) if needs_out and origin is not None else None
    if not needs_home or filing.home is None:
        return Pricing(fee, out, None)
    return Pricing(fee, out, _quote(filing, "result", centre, filing.home, filing.home_former))


def former_home(citizen: Citizen, commune_code: str) -> str:
    """The former commune of the citizen's own address, when the result goes to that commune; else empty."""
    return citizen.former_commune_id or "" if citizen.commune_id == commune_code else ""


def _quote(filing: PricedFiling, direction: str, origin: places.Place, destination: places.Place,
           former: str = "") -> billing.Quote:
    return billing.quote(billing.PostageCase(
        operator_code=filing.outlet.operator.code, direction=direction,
        zone=delivery.zone_between(filing.outlet.operator.code, origin, destination, filing.on,
                                   former_commune_code=former), weight_grams=filing.weight_grams, on=filing.on,
        channel=filing.channel, province_code=filing.province_code, managed_by_city=filing.procedure.managed_by_city,
        beneficiary_class=filing.beneficiary_class))


def place_of_centre(centre: CentreRef) -> places.Place:
    """The commune a centre stands in; a provincial centre is placed in the nearest commune of its province."""
    own = places.get_place(centre.commune_code) if centre.commune_code else None
    if own is not None:
        return own
    there = agents.get_centre(centre.id)
    return min(places.places_of_province(there.province_code), key=lambda place: (
        (place.latitude - there.latitude) ** 2 + (place.longitude - there.longitude) ** 2, place.code))
