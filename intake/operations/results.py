"""A result goes home by post: booked, on its way, in the citizen's hands, or brought back. Safe to tell twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing import public as billing
from delivery import public as delivery
from intake import custody
from intake.errors import (
    DecisionRefused,
    DossierChanged,
    DossierNotFound,
    IllegalTransition,
    NoPublicOperator,
    NotYourCentre,
)
from intake.events import DossierClosed
from intake.models.custody import Original
from intake.models.dossiers import Dossier
from intake.pricing import LETTER_GRAMS, former_home, place_of_centre
from intake.routing import centre_ref
from intake.rules.catalogue import DocumentKind, ResultChoice
from intake.rules.custody import Holder
from intake.rules.release import is_exchanged, release_rule
from intake.rules.states import Handling, HandlingAction, ResultAction, ResultState
from intake.steps import take_step
from shared import places, work
from shared.actors import Actor, job
from shared.calendar import MINUTES_A_DAY, local
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

SENDER: Final = job("send-result-home")
CARRIER: Final = job("follow-result")
CAME_BACK: Final = "result-came-back"
MINUTES_TO_SETTLE: Final = 2 * MINUTES_A_DAY


@operation
def send_result_home(*, dossier_id: UUID, at: datetime, by: Actor = SENDER) -> delivery.ParcelInfo | None:
    """Book the parcel of a resolved dossier's result; again: the same parcel. None when it does not travel by post.

    Raises:
        DossierNotFound: unknown.
        BookingInvalid, NumberPoolExhausted, NoPublicOperator: the parcel cannot be booked.
    """
    dossier = _locked(dossier_id)
    if dossier.result_choice != ResultChoice.HOME or dossier.handling not in {Handling.RESOLVED, Handling.RETURNED}:
        return None
    known = _on_its_way(dossier.id)
    parcel = known or _with_siblings(dossier, by, at) or delivery.book_parcel(
        _booking(dossier, f"result:{dossier.id}", by, at))
    _say_who_may_have_it(parcel, dossier)
    if dossier.result == ResultState.NOT_READY:
        take_step(dossier, ResultAction.BOOK, by=by, at=at, data={"parcel": parcel.number})
    return parcel


def _say_who_may_have_it(parcel: delivery.ParcelInfo, dossier: Dossier) -> None:
    """By the procedure: into whose hands its result may be given, and which originals are taken back for it."""
    procedure = dossier.procedure
    held = set(Original.objects.filter(dossier=dossier).values_list("component", flat=True))
    delivery.set_release(
        parcel.id, rule=release_rule(procedure.authorisation_rule), legal_basis=procedure.legal_basis,
        collects=[(dossier.id, paper["code"], paper["name_vi"]) for paper in procedure.documents
                  if is_exchanged(paper["code"]) and paper["kind"] == DocumentKind.ORIGINAL
                  and paper["code"] not in held])


def _on_its_way(dossier_id: UUID) -> delivery.ParcelInfo | None:
    """The parcel that carries this result already."""
    trips = (each for each in delivery.parcels_of_dossier(dossier_id) if each.direction == "result")
    return next(trips, None)


def _with_siblings(dossier: Dossier, by: Actor, at: datetime) -> delivery.ParcelInfo | None:
    """The parcel of a dossier of the same bundle: same centre, same door, and the carrier has not taken it yet."""
    if dossier.bundle_id is None:
        return None
    siblings = Dossier.objects.filter(
        bundle_id=dossier.bundle_id, receiving_centre_id=dossier.receiving_centre_id, result=ResultState.TO_SEND,
        delivery_commune_id=dossier.delivery_commune_id, delivery_street=dossier.delivery_street,
        delivery_name=dossier.delivery_name, delivery_address_id=dossier.delivery_address_id).exclude(id=dossier.id)
    inside = ((dossier.id, dossier.code or dossier.agent_ref, (dossier.procedure.name_vi[:200],)),)
    for sibling_id in siblings.order_by("id").values_list("id", flat=True):
        booked = _on_its_way(sibling_id)
        joined = delivery.join_parcel(booked.id, dossiers=inside, by=by, at=at) if booked is not None else None
        if joined is not None:
            return joined
    return None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Who pays for sending it again; `bearer` is one of BEARERS, empty: as the rules say. Otherwise `why` is said."""

    bearer: str = ""
    why: str = ""


BEARERS: Final = tuple(delivery.Party)


@operation
def send_result_again(*, dossier_id: UUID, by: Actor, at: datetime, repeat: Repeat | None = None,
                      version: int | None = None) -> delivery.ParcelInfo:
    """Book another trip for a result that came back, after its address was checked with the citizen.

    Whoever was at fault pays for it (Decision 45/2016/QĐ-TTg, Article 12.4).

    Raises:
        DossierNotFound: unknown, or of another centre.
        DossierChanged: somebody else changed it meanwhile.
        NotYourCentre: only the centre that holds the result sends it.
        IllegalTransition: it did not come back.
        DecisionRefused: somebody else is to pay than the rules say, and nobody says why.
    """
    if by.centre_id is None:
        raise NotYourCentre
    if not Dossier.objects.seen_by(by).filter(id=dossier_id).exists():
        raise DossierNotFound
    dossier = _locked(dossier_id)
    if version is not None and version != dossier.version:
        raise DossierChanged
    if dossier.result != ResultState.CAME_BACK:
        raise IllegalTransition(dossier_state=dossier.result, action=ResultAction.BOOK.value)
    trips = [each for each in delivery.parcels_of_dossier(dossier.id) if each.direction == "result"]
    bearer = _bearer(trips, repeat or Repeat())
    parcel = delivery.book_parcel(_booking(dossier, f"result:{dossier.id}:{len(trips) + 1}", by, at, bearer))
    _say_who_may_have_it(parcel, dossier)
    take_step(dossier, ResultAction.BOOK, by=by, at=at, data={
        "parcel": parcel.number, "bearer": bearer, "why": clean(repeat.why)[:300] if repeat else ""})
    work.close_item(kind=CAME_BACK, reference=str(dossier.id), by=by.id, at=at, outcome="sent-again")
    return parcel


def bearer_by_rule(parcels: Sequence[delivery.ParcelInfo]) -> delivery.Party:
    """Who pays when the last of these trips is made again."""
    home = [each for each in parcels if each.direction == "result"]
    return delivery.repeat_bearer(home[-1].id) if home else delivery.Party.NOBODY


def _bearer(trips: Sequence[delivery.ParcelInfo], repeat: Repeat) -> str:
    by_rule, wrong = bearer_by_rule(trips), ErrorCollector()
    if repeat.bearer and repeat.bearer not in BEARERS:
        wrong.add("/bearer", "unknown", _("Choose who pays for sending it again."))
    elif repeat.bearer not in {"", by_rule} and len(clean(repeat.why)) < 3:
        wrong.add("/why", "missing", _("Say why somebody else pays than the rules say."))
    wrong.raise_if_any(DecisionRefused)
    return repeat.bearer or by_rule


@operation
def note_result_dispatched(*, dossier_ids: Sequence[UUID], at: datetime, by: Actor = CARRIER) -> None:
    """The carrier has it. Said after the delivery, it changes nothing."""
    for dossier in _all_locked(dossier_ids):
        if dossier.result == ResultState.TO_SEND:
            take_step(dossier, ResultAction.DISPATCH, by=by, at=at)


@operation
def note_result_delivered(*, dossier_ids: Sequence[UUID], at: datetime, by: Actor = CARRIER) -> None:
    """The citizen has it: the dossier is returned (status 10) and closed."""
    for dossier in _all_locked(dossier_ids):
        if dossier.result in {ResultState.TO_SEND, ResultState.ON_THE_WAY}:
            take_step(dossier, ResultAction.DELIVER, by=by, at=at)
        if dossier.handling == Handling.RESOLVED and dossier.result == ResultState.DELIVERED:
            dossier.closed_at = at
            take_step(dossier, HandlingAction.RETURN, by=by, at=at, also=("closed_at",))
            publish(DossierClosed(dossier.id, at))


@operation
def note_result_came_back(*, dossier_ids: Sequence[UUID], at: datetime, by: Actor = CARRIER) -> None:
    """Nobody took it: it lies at the centre again, and somebody there must see what to do."""
    for dossier in _all_locked(dossier_ids):
        if dossier.result not in {ResultState.TO_SEND, ResultState.ON_THE_WAY}:
            continue
        take_step(dossier, ResultAction.BRING_BACK, by=by, at=at)
        centre = agents.get_centre(dossier.receiving_centre_id) if dossier.receiving_centre_id else None
        work.open_item(kind=CAME_BACK, reference=str(dossier.id), owner_role=Role.CENTRE_OFFICER,
                       owner_place=centre.agency_code if centre else dossier.province_code, at=at,
                       due_at=work_calendar().add_working_minutes(at, MINUTES_TO_SETTLE),
                       detail={"dossier_id": str(dossier.id), "code": dossier.code or ""})


def _locked(dossier_id: UUID) -> Dossier:
    dossiers = _all_locked([dossier_id])
    if not dossiers:
        raise DossierNotFound
    return dossiers[0]


def _all_locked(dossier_ids: Sequence[UUID]) -> list[Dossier]:
    loaded = Dossier.objects.select_related("citizen", "procedure").select_for_update(of=("self",))
    return list(loaded.filter(id__in=set(dossier_ids)).order_by("id"))


def _booking(dossier: Dossier, booking_ref: str, by: Actor, at: datetime, bearer: str = "") -> delivery.BookingRequest:
    """`bearer`: of a repeated trip, who was at fault."""
    if dossier.receiving_centre_id is None:
        raise DossierNotFound
    centre = agents.get_centre(dossier.receiving_centre_id)
    outlet = agents.get_outlet(dossier.outlet_id) if dossier.outlet_id else None
    operator = _carrying(dossier, outlet.operator if outlet else _public_operator(), booking_ref, at)
    origin, home = place_of_centre(centre_ref(centre)), _home(dossier)
    return delivery.BookingRequest(
        booking_ref=booking_ref, operator_code=operator.code, carrier=operator.carrier_code, direction="result",
        outlet_id=dossier.outlet_id, centre_id=centre.id, province_code=dossier.province_code,
        weight_grams=LETTER_GRAMS, sender_name=centre.name, sender_address=centre.address or origin.full_name,
        origin_commune_code=origin.code, recipient_name=dossier.delivery_name or dossier.citizen.full_name,
        recipient_phone=dossier.delivery_phone or dossier.citizen.phone,
        recipient_address=dossier.delivery_street or dossier.citizen.street or home.full_name,
        recipient_commune_code=home.code, destination=_destination(dossier),
        originals=custody.declared_at(Holder.CENTRE, [dossier.id], goes_back=True), booked_at=at,
        by=by, case=_case(dossier, operator, origin, home, bearer),
        dossiers=((dossier.id, dossier.code or dossier.agent_ref, (dossier.procedure.name_vi[:200],)),))


def _carrying(dossier: Dossier, usual: agents.OperatorInfo, booking_ref: str, at: datetime) -> agents.OperatorInfo:
    """The outlet's operator, or the one whose turn it is where the city has confirmed a shift of shares."""
    code = delivery.operator_for(province_code=dossier.province_code, booking_ref=booking_ref, usual=usual.code, at=at)
    return next((each for each in agents.operators() if each.code == code), usual) if code != usual.code else usual


def _case(dossier: Dossier, operator: agents.OperatorInfo, origin: places.Place, home: places.Place,
          bearer: str) -> billing.PostageCase:
    """The day the dossier was received chooses the tariff and the city's rules."""
    on = local(dossier.received_at or dossier.created_at).date()
    return billing.PostageCase(
        operator_code=operator.code, direction="result", weight_grams=LETTER_GRAMS, on=on,
        zone=delivery.zone_between(operator.code, origin, home, on, former_commune_code=_former_home(dossier)),
        channel=dossier.channel,
        province_code=dossier.province_code, managed_by_city=dossier.procedure.managed_by_city,
        beneficiary_class=dossier.beneficiary_class,
        borne_by=bearer if bearer in tuple(billing.Bearer) else "")


def _destination(dossier: Dossier) -> delivery.Destination:
    """What was checked at the counter, as long as the address is still the one that was checked."""
    return delivery.destination_at(
        dossier.delivery_address_id, street=dossier.delivery_street, commune_code=dossier.delivery_commune_id or "")


def _former_home(dossier: Dossier) -> str:
    """The former commune of the checked address; without one, that of the citizen's own address if it goes there."""
    commune_code = dossier.delivery_commune_id or dossier.citizen.commune_id
    return _destination(dossier).former_code or former_home(dossier.citizen, commune_code)


def _home(dossier: Dossier) -> places.Place:
    home = places.get_place(dossier.delivery_commune_id or dossier.citizen.commune_id)
    if home is None:
        raise DossierNotFound
    return home


def _public_operator() -> agents.OperatorInfo:
    """Results of the centre's own counter travel with the designated public operator (Decision 45/2016/QĐ-TTg)."""
    operator = next((each for each in agents.operators() if each.is_public_post), None)
    if operator is None:
        raise NoPublicOperator
    return operator
