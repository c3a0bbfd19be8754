"""Rounds: a postman's parcels of a day, opened on her own phone without an account.

The office prints or shows a link. It works once: the first phone that opens it gets a key of its own, and the link is
dead for every other. So a link that was photographed or passed on shows itself, and nothing personal stands in it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from delivery.door.errors import RoundClosed, RoundNotFound, RoundRefused
from delivery.door.models import DeliveryRound, PickUp, RoundStop
from delivery.door.operations import own_events
from delivery.door.queries import rounds_seen_by
from delivery.models.parcels import Parcel
from delivery.rules import ParcelState
from shared import audit, scope
from shared.actors import Actor, ActorKind
from shared.calendar import at_local, local
from shared.crypto import token_digest
from shared.errors import ErrorCollector
from shared.identifiers import NationalId
from shared.text import clean
from shared.transactions import operation

_TOKEN_BYTES: Final = 24
MOST_STOPS: Final = 200
GRACE: Final = timedelta(days=3)
"""After the day, what happened on it may still be sent: a phone may have had no signal since."""
DELIVERABLE: Final = (
    ParcelState.BOOKED, ParcelState.ACCEPTED, ParcelState.IN_TRANSIT, ParcelState.ARRIVED, ParcelState.HELD,
    ParcelState.OUT_FOR_DELIVERY, ParcelState.ATTEMPT_FAILED, ParcelState.AT_COLLECTION_POINT)


@dataclass(frozen=True, slots=True)
class RoundInput:
    """A round as the office writes it down. `badge` is the postman's work badge, never an ID number."""

    postman_name: str
    badge: str = ""
    numbers: tuple[str, ...] = ()


@operation
def open_round(given: RoundInput, *, by: Actor, at: datetime) -> tuple[DeliveryRound, str]:
    """Open a round of today; returns it with the token of its link, which is kept nowhere.

    Whoever holds parcels in her hands may give them to a postman: they need not be of dossiers of this outlet, but
    their carrier must be its operator's.

    Raises:
        RoundRefused: what is wrong stands in its errors.
    """
    operator, outlet_id, province = _office(by)
    name, badge, wrong = clean(given.postman_name), clean(given.badge), ErrorCollector()
    if not 2 <= len(name) <= 120:
        wrong.add("/postman_name", "missing", _("Write the full name of the postman."))
    if len(badge) > 20 or NationalId.parse(badge) is not None:
        wrong.add("/badge", "not-a-badge", _("Write the number of the work badge, never an ID number."))
    parcels = _parcels(given.numbers, operator, wrong)
    wrong.raise_if_any(RoundRefused)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    opened = DeliveryRound.objects.create(
        operator_code=operator.code, carrier=operator.carrier_code, outlet_id=outlet_id, province_code=province,
        postman_name=name, badge=badge, round_date=local(at).date(), token_digest=token_digest(token),
        opened_by=by.id, opened_at=at, expires_at=at_local(local(at).date() + timedelta(days=1), time(0)))
    _add(opened, parcels, at)
    audit.record(actor=by, action="round.open", object_type="round", object_id=opened.id, at=at,
                 after={"parcels": len(parcels), "outlet": str(outlet_id or "")})
    return opened, token


def _office(by: Actor) -> tuple[agents.OperatorInfo, UUID | None, str]:
    """Whose round it is, from which outlet, in which province."""
    if by.outlet_id is not None:
        outlet = agents.get_outlet(by.outlet_id)
        return outlet.operator, outlet.id, outlet.province_code
    operator = next((each for each in agents.operators() if each.id == by.operator_id), None)
    if operator is None:
        raise RoundNotFound
    return operator, None, by.province_code


def _parcels(numbers: Sequence[str], operator: agents.OperatorInfo, wrong: ErrorCollector) -> list[Parcel]:
    wanted = list(dict.fromkeys(each.strip().upper() for each in numbers if each.strip()))
    if not wanted:
        wrong.add("/numbers", "missing", _("Scan at least one parcel."))
        return []
    if len(wanted) > MOST_STOPS:
        wrong.add("/numbers", "too-many", _("At most 200 parcels on one round."))
        return []
    with scope.everything():
        found = {parcel.number: parcel for parcel in Parcel.objects.select_for_update(of=("self",)).filter(
            number__in=wanted, operator_code=operator.code, carrier=operator.carrier_code).order_by("id")}
        taken = set(RoundStop.objects.filter(parcel__number__in=wanted, answered_at=None, removed_at=None).values_list(
            "parcel__number", flat=True))
    for number in wanted:
        if number not in found:
            wrong.add("/numbers", "unknown", _("%(number)s is no parcel of this operator.") % {"number": number[:20]})
        elif found[number].state not in DELIVERABLE:
            wrong.add("/numbers", "not-deliverable",
                      _("%(number)s has ended, goes back, or needs a check.") % {"number": number})
        elif number in taken:
            wrong.add("/numbers", "on-a-round", _("%(number)s is on another round already.") % {"number": number})
    return [found[number] for number in wanted if number in found]


def _add(to: DeliveryRound, parcels: Sequence[Parcel], at: datetime) -> None:
    last = RoundStop.objects.filter(round=to).aggregate(last=Max("position"))["last"] or 0
    known = {stop.parcel_id: stop for stop in RoundStop.objects.filter(round=to, parcel__in=parcels)}
    for position, parcel in enumerate(parcels, last + 1):
        if parcel.id in known:  # taken off and given back
            RoundStop.objects.filter(id=known[parcel.id].id).update(removed_at=None, answered_at=None, added_at=at)
        else:
            RoundStop.objects.create(round=to, parcel=parcel, position=position, added_at=at)
    PickUp.objects.filter(parcel__in=parcels, ended_at=None).exclude(arrived_at=None).update(ended_at=at)
    if to.claimed_at is not None:
        _tell_out(to, [parcel.number for parcel in parcels], at)


def _tell_out(out: DeliveryRound, numbers: Sequence[str], at: datetime) -> None:
    own_events.tell(out.carrier, [
        own_events.Told(number, "EDG", f"round:{out.id}:{number}", at, office=office_name(out)) for number in numbers],
        at=at)


def office_name(of: DeliveryRound) -> str:
    return agents.get_outlet(of.outlet_id).name if of.outlet_id else ""


@operation
def add_parcels(*, round_id: UUID, numbers: Sequence[str], by: Actor, at: datetime) -> DeliveryRound:
    """Give the postman more parcels; her phone has them with its next signal.

    Raises:
        RoundNotFound: unknown, of another place, over or taken back.
        RoundRefused: what is wrong stands in its errors.
    """
    found = _open(round_id, by, at)
    operator, _outlet, _province = _office(by)
    wrong = ErrorCollector()
    parcels = _parcels(numbers, operator, wrong)
    wrong.raise_if_any(RoundRefused)
    with scope.everything():
        _add(found, parcels, at)
    audit.record(actor=by, action="round.add", object_type="round", object_id=found.id, at=at,
                 after={"parcels": len(parcels)})
    return found


@operation
def close_round(*, round_id: UUID, by: Actor, at: datetime) -> DeliveryRound:
    """Take a round back, such as when the phone is lost; parcels without an answer are free for another round.

    Raises:
        RoundNotFound: unknown, of another place, or taken back before.
    """
    found = _open(round_id, by, at, even_over=True)
    found.closed_at = at
    found.save(update_fields=["closed_at"])
    left = RoundStop.objects.filter(round=found, answered_at=None, removed_at=None).update(removed_at=at)
    audit.record(actor=by, action="round.close", object_type="round", object_id=found.id, at=at,
                 after={"unanswered": left})
    return found


def _open(round_id: UUID, by: Actor, at: datetime, *, even_over: bool = False) -> DeliveryRound:
    found = rounds_seen_by(by).select_for_update(of=("self",)).filter(id=round_id, closed_at=None).first()
    if found is None or (found.expires_at <= at and not even_over):
        raise RoundNotFound
    return found


# --- the phone -------------------------------------------------------------------------------------------------------


@operation
def claim_round(*, token: str, at: datetime) -> tuple[DeliveryRound, str]:
    """Open a round's link on the first phone that asks; returns the round and that phone's key, which is kept nowhere.

    Raises:
        RoundClosed: unknown, over, taken back, or opened before.
    """
    found = _unclaimed(at).select_for_update().filter(token_digest=token_digest(token)).first()
    if found is None:
        raise RoundClosed
    key = secrets.token_urlsafe(_TOKEN_BYTES)
    found.device_digest, found.claimed_at, found.last_seen_at = token_digest(key), at, at
    found.save(update_fields=["device_digest", "claimed_at", "last_seen_at"])
    live = RoundStop.objects.filter(round=found, removed_at=None, answered_at=None).order_by("position")
    _tell_out(found, list(live.values_list("parcel__number", flat=True)), at)
    audit.record(actor=postman(found), action="round.claim", object_type="round", object_id=found.id, at=at)
    return found, key


def _unclaimed(at: datetime) -> QuerySet[DeliveryRound]:
    return DeliveryRound.objects.filter(device_digest=None, closed_at=None, expires_at__gt=at)


def waits_for_its_phone(token: str, *, at: datetime) -> DeliveryRound | None:
    """The round whose link this is, while no phone has opened it."""
    return _unclaimed(at).filter(token_digest=token_digest(token)).first()


def rounds_of(keys: Sequence[str], *, at: datetime, may_send: bool = False) -> list[DeliveryRound]:
    """The open rounds of a phone's keys, in their order; `may_send`: also in the days after, for what it still holds.

    Raises:
        RoundClosed: all are unknown, over or taken back.
    """
    until, digests = at - GRACE if may_send else at, [token_digest(key) for key in keys]
    rows = DeliveryRound.objects.filter(device_digest__in=digests, closed_at=None, expires_at__gt=until)
    by_digest = {bytes(each.device_digest or b""): each for each in rows}
    found = [by_digest[digest] for digest in digests if digest in by_digest]
    if not found:
        raise RoundClosed
    return found


def postman(of: DeliveryRound) -> Actor:
    """Who acts by this phone: the carrier, known by the round."""
    return Actor(ActorKind.CARRIER, f"round:{of.id}", of.carrier)
