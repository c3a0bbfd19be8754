"""The last step as the citizen sees it: when it comes, where it is, how she may have it otherwise, who received it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from agents import public as agents
from delivery import wording as parcel_words
from delivery.door.codes import code_of
from delivery.door.models import DeliveryChange, PickUp
from delivery.door.queries import citizen_changes
from delivery.door.redirects import orders_of_one
from delivery.door.rules import Change, ReleaseRule, open_changes
from delivery.door.wording import ID_KINDS, RULES
from delivery.models.events import ProofOfDelivery
from delivery.models.parcels import Parcel
from delivery.promise.rules import Expectation, Redirect, expected
from delivery.records import ParcelInfo
from delivery.rules import FINAL_PARCEL_STATES, Direction, ParcelState
from shared.calendar import local
from shared.errors import Text
from shared.formatting import moment, named_day
from shared.models.places import Commune
from shared.pictures import Map, Point, Tone
from shared.places import places_of_province
from shared.working_days import work_calendar

_S: Final = ParcelState
NEAR: Final = frozenset({_S.ARRIVED, _S.HELD, _S.OUT_FOR_DELIVERY, _S.ATTEMPT_FAILED, _S.AT_COLLECTION_POINT})
AT_ORIGIN: Final = frozenset({_S.BOOKED, _S.ACCEPTED, _S.RETURNED, _S.CANCELLED})
READ_OUT: Final = frozenset(_S) - FINAL_PARCEL_STATES - {_S.BOOKED, _S.RETURNING, _S.NEEDS_REVIEW}
"""Where the spoken code is of use."""


@dataclass(frozen=True, slots=True)
class PickUpLine:
    """Where she fetches it; `until` and `days_left` from the day it lies there."""

    name: str
    address: str
    phone: str
    is_there: bool
    until: date | None
    days_left: int | None
    """Working days; 0 on the last one."""
    moves_on: date | None = None
    """From when on it waits elsewhere, when the outlet moves before it is fetched."""
    moves_to: str = ""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """Who received it, by relation and kind of ID; never a name or a number."""

    at: datetime
    receiver: Text
    id_kind: Text
    method: Text


@dataclass(frozen=True, slots=True)
class DoorPart:
    """Of one result; what does not apply is empty."""

    number: str
    expectation: Expectation | None
    ground: Text
    ordered: str
    """What she, or somebody for her, has ordered."""
    may_change: bool
    code: str
    redirect: Redirect | None
    rule: Text
    collects: tuple[str, ...]
    pick_up: PickUpLine | None
    proof: ProofLine | None
    map: Map | None


def door_part(shown: ParcelInfo, now: datetime) -> DoorPart | None:
    """The part of the page about the result `shown`; the caller has opened the scope. None for other directions."""
    if shown.direction is not Direction.RESULT:
        return None
    parcel = Parcel.objects.select_related("origin_commune", "recipient_commune", "release", "pick_up", "proof").get(
        id=shown.id)
    state, orders = ParcelState(parcel.state), orders_of_one(parcel)
    order, is_live, release = orders.latest, state not in FINAL_PARCEL_STATES, getattr(parcel, "release", None)
    awaited = expected(parcel, work_calendar(), local(now).date(), agreed=orders.agreed,
                       redirect=orders.redirect) if is_live else None
    made = citizen_changes(parcel.id).count() if is_live else 0
    outlet = _pick_up(parcel, now)
    return DoorPart(
        number=parcel.number, expectation=awaited, ground=parcel_words.GROUNDS[awaited.ground] if awaited else "",
        ordered=_ordered(order, outlet) if is_live else "",
        may_change=bool(open_changes(state, Direction.RESULT, made=made, by_citizen=True)),
        code=code_of(parcel.id) if state in READ_OUT else "", redirect=orders.redirect,
        rule=RULES[ReleaseRule(release.rule) if release is not None else ReleaseRule.AUTHORISED] if is_live else "",
        collects=tuple(each["name"] for each in release.collects) if release is not None and is_live else (),
        pick_up=outlet, proof=_proof(parcel.proof_or_none), map=_map(parcel, state, order, outlet))


def _pick_up(parcel: Parcel, now: datetime) -> PickUpLine | None:
    waiting: PickUp | None = getattr(parcel, "pick_up", None)
    if waiting is None or waiting.ended_at is not None:
        return None
    outlet = agents.get_outlet(waiting.outlet_id)
    left = work_calendar().working_days_between(local(now).date(), waiting.until_date) if waiting.until_date else None
    move = agents.coming_move(outlet.id, local(now).date())
    is_before = move is not None and (waiting.until_date is None or move.on <= waiting.until_date)
    return PickUpLine(outlet.name, outlet.address, outlet.phone, waiting.arrived_at is not None, waiting.until_date,
                      left, move.on if move is not None and is_before else None,
                      move.there.words if move is not None and is_before else "")


def _ordered(order: DeliveryChange | None, outlet: PickUpLine | None) -> str:
    if order is None:
        return ""
    if order.wanted_date is not None:
        return _("Ordered for %(day)s") % {"day": named_day(order.wanted_date)}
    if order.kind == Change.ADDRESS and order.commune is not None:
        return _("Ordered to another address, %(place)s") % {"place": order.commune.full_name}
    return _("Ordered to %(place)s") % {"place": outlet.name} if outlet is not None else ""


def _proof(proof: ProofOfDelivery | None) -> ProofLine | None:
    if proof is None:
        return None
    return ProofLine(
        proof.delivered_at, parcel_words.RELATIONS.get(proof.relation, parcel_words.SOMEBODY_ELSE),
        ID_KINDS.get(proof.id_kind, ""), parcel_words.METHODS.get(proof.method, proof.method))


# --- the map: communes' middles, never a house -----------------------------------------------------------------------


def _map(parcel: Parcel, state: ParcelState, order: DeliveryChange | None, outlet: PickUpLine | None) -> Map | None:
    """The way from commune to commune; within one commune there is none to draw."""
    begin, end = _middle(parcel.origin_commune), _middle(_target(parcel, order))
    if begin == end:
        return None
    here = _here(state, begin, end)
    target = outlet.name if outlet is not None else _target(parcel, order).full_name
    points = [
        Point(*begin, _("From"), parcel.origin_commune.full_name),
        Point(*end, _("To"), target, tone=Tone.OK if state is _S.DELIVERED else Tone.REST)]
    if here not in {begin, end}:
        points.append(Point(*here, str(parcel_words.FACES[state].label), moment(parcel.state_at), Tone.ACTION, size=9))
    elif state is not _S.DELIVERED:
        where = 0 if here == begin else 1
        points[where] = Point(*here, str(parcel_words.FACES[state].label), points[where].detail, Tone.ACTION, size=9)
    ground = [(place.latitude, place.longitude) for place in places_of_province(parcel.recipient_commune.province_id)]
    return Map(title=_("Where the parcel is"), points=points, ground=ground, way=[begin, here], way_ahead=[here, end])


def _target(parcel: Parcel, order: DeliveryChange | None) -> Commune:
    moved = order is not None and order.kind != Change.ANOTHER_DAY
    return order.commune if moved and order is not None and order.commune is not None else parcel.recipient_commune


def _middle(commune: Commune) -> tuple[float, float]:
    return commune.latitude, commune.longitude


def _here(state: ParcelState, begin: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """About where it is: between sorting centres nobody says more than that it is on its way."""
    if state in AT_ORIGIN:
        return begin
    if state in NEAR or state is _S.DELIVERED:
        return end
    return (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
