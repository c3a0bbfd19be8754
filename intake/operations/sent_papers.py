"""Papers travel between citizen, outlet and centre beside the two main ways: posted in by the citizen, sent back by
the centre. Each is a parcel of its own, priced and followed like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing import public as billing
from delivery import public as delivery
from intake import custody
from intake.errors import DossierNotFound, ForwardingRefused, NotAnOutlet, NotYourCentre
from intake.models.dossiers import Dossier
from intake.pricing import place_of_centre
from intake.routing import centre_ref
from intake.rules.catalogue import Channel
from intake.rules.custody import Holder
from shared import audit, places
from shared.actors import Actor
from shared.calendar import local
from shared.text import clean
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class PapersInput:
    """Papers of one or several dossiers in one envelope; `contents` are its lines, in words."""

    dossier_ids: tuple[UUID, ...]
    contents: tuple[str, ...]
    weight_grams: int


@operation
def expect_papers(papers: PapersInput, *, by: Actor, at: datetime) -> delivery.ParcelInfo:
    """Book the parcel in which a citizen posts papers to her outlet; she gets the label beforehand.

    Raises:
        NotAnOutlet, DossierNotFound: only an outlet expects papers, of its own dossiers.
        ForwardingRefused: the dossiers are of several citizens, or nothing is named.
        BookingInvalid, NumberPoolExhausted: the parcel cannot be booked.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    dossiers = _locked(papers, by)
    if len({each.citizen_id for each in dossiers}) > 1:
        raise ForwardingRefused(_("These dossiers are of different citizens; each posts her own papers."))
    outlet, citizen = agents.get_outlet(by.outlet_id), dossiers[0].citizen
    origin, target = places.get_place(citizen.commune_id), places.get_place(outlet.commune_code)
    assert origin is not None and target is not None  # noqa: S101, PT018  # foreign keys say so
    case = _case(dossiers, outlet.operator.code, "dossier", papers, at)
    zone = delivery.zone_between(outlet.operator.code, target, origin, case.on,
                                 former_commune_code=citizen.former_commune_id or "")
    return _book(papers, dossiers, by, at, delivery.BookingRequest(
        booking_ref=_next_ref("in", dossiers), operator_code=outlet.operator.code,
        carrier=outlet.operator.carrier_code, direction="posted_in", outlet_id=outlet.id,
        centre_id=_centre_of(dossiers), province_code=dossiers[0].province_code, weight_grams=papers.weight_grams,
        sender_name=citizen.full_name, sender_address=citizen.street or origin.full_name,
        origin_commune_code=origin.code, recipient_name=outlet.name, recipient_phone=outlet.phone,
        recipient_address=outlet.address or target.full_name, recipient_commune_code=target.code,
        destination=delivery.Destination(latitude=outlet.latitude, longitude=outlet.longitude, precision="pin"),
        case=replace(case, zone=zone), dossiers=_inside(dossiers, papers), booked_at=at, by=by))


@operation
def send_to_outlet(papers: PapersInput, *, by: Actor, at: datetime) -> delivery.ParcelInfo:
    """Book the parcel in which a centre sends papers or results to the outlet that acted for the citizens.

    Raises:
        NotYourCentre, DossierNotFound: only a centre sends, what is of its own dossiers.
        ForwardingRefused: the dossiers are of several outlets or of none, or nothing is named.
        BookingInvalid, NumberPoolExhausted: the parcel cannot be booked.
    """
    if by.centre_id is None:
        raise NotYourCentre
    dossiers = _locked(papers, by)
    outlet_ids = {each.outlet_id for each in dossiers}
    outlet_id = outlet_ids.pop()
    if outlet_ids or outlet_id is None:
        raise ForwardingRefused(_("These dossiers were not filed at one outlet; send a parcel to each."))
    centre, outlet = agents.get_centre(by.centre_id), agents.get_outlet(outlet_id)
    origin, target = place_of_centre(centre_ref(centre)), places.get_place(outlet.commune_code)
    assert target is not None  # noqa: S101  # a foreign key says so
    case = _case(dossiers, outlet.operator.code, "result", papers, at)
    zone = delivery.zone_between(outlet.operator.code, origin, target, case.on)
    return _book(papers, dossiers, by, at, delivery.BookingRequest(
        booking_ref=_next_ref("out", dossiers), operator_code=outlet.operator.code,
        carrier=outlet.operator.carrier_code, direction="to_outlet", outlet_id=outlet.id, centre_id=centre.id,
        province_code=dossiers[0].province_code, weight_grams=papers.weight_grams, sender_name=centre.name,
        sender_address=centre.address or origin.full_name, origin_commune_code=origin.code,
        recipient_name=outlet.name, recipient_phone=outlet.phone,
        recipient_address=outlet.address or target.full_name, recipient_commune_code=target.code,
        destination=delivery.Destination(latitude=outlet.latitude, longitude=outlet.longitude, precision="pin"),
        originals=custody.declared_at(Holder.CENTRE, [each.id for each in dossiers], goes_back=True),
        case=replace(case, zone=zone), dossiers=_inside(dossiers, papers), booked_at=at, by=by))


def _locked(papers: PapersInput, by: Actor) -> list[Dossier]:
    wanted = set(papers.dossier_ids)
    if not wanted or not any(clean(line) for line in papers.contents):
        raise ForwardingRefused(_("Say what lies in the envelope."))
    rows = Dossier.objects.seen_by(by).select_related("citizen", "procedure").select_for_update(of=("self",))
    dossiers = list(rows.filter(id__in=wanted).order_by("id"))
    if len(dossiers) != len(wanted):
        raise DossierNotFound
    return dossiers


def _centre_of(dossiers: Sequence[Dossier]) -> UUID:
    """The centre that the papers are for; every parcel names one."""
    found = next((each.receiving_centre_id or each.authority_centre_id for each in dossiers), None)
    if found is None:
        raise ForwardingRefused(_("Nobody knows yet which centre these dossiers go to."))
    return found


def _inside(dossiers: Sequence[Dossier], papers: PapersInput) -> tuple[tuple[UUID, str, tuple[str, ...]], ...]:
    """All lines stand at the first dossier: nobody sorts an envelope twice."""
    lines = tuple(clean(line)[:200] for line in papers.contents if clean(line))
    return tuple((each.id, each.code or each.agent_ref, lines if index == 0 else ())
                 for index, each in enumerate(dossiers))


def _case(dossiers: Sequence[Dossier], operator_code: str, direction: str, papers: PapersInput,
          at: datetime) -> billing.PostageCase:
    groups = {each.beneficiary_class for each in dossiers}
    return billing.PostageCase(
        operator_code=operator_code, direction=direction, zone="", weight_grams=papers.weight_grams,
        on=local(at).date(), channel=Channel.POST, province_code=dossiers[0].province_code,
        managed_by_city=all(each.procedure.managed_by_city for each in dossiers),
        beneficiary_class=groups.pop() if len(groups) == 1 else "")


def _next_ref(kind: str, dossiers: Sequence[Dossier]) -> str:
    """The dossier's row is locked, so the count stays true until we commit."""
    prefix = f"papers-{kind}:{dossiers[0].id}:"
    before = sum(each.booking_ref.startswith(prefix) for each in delivery.parcels_of_dossier(dossiers[0].id))
    return f"{prefix}{before + 1}"


def _book(papers: PapersInput, dossiers: Sequence[Dossier], by: Actor, at: datetime,
          request: delivery.BookingRequest) -> delivery.ParcelInfo:
    parcel = delivery.book_parcel(request)
    for each in dossiers:
        audit.record(actor=by, action=f"dossier.{request.direction}", object_type="dossier", object_id=each.id, at=at,
                     after={"parcel": parcel.number, "lines": len(papers.contents)})
    return parcel
