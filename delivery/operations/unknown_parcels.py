"""Events about parcels that nobody knows, decided by a person: whose they are, or that they are nobody's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import orjson
from django.utils.translation import gettext_lazy as _

from delivery.carriers.messages import CarrierEvent, read_kept
from delivery.errors import MayNotSettle, ParkedEventNotFound, ParkedEventRefused
from delivery.models.lines import CarrierNumber
from delivery.models.parcels import Parcel
from delivery.operations import ingest
from delivery.operations.parked import UNKNOWN, reference_of
from delivery.operations.standings import Kept, lock_parcels
from delivery.queries.carriers import carriers_puzzling, parked_of
from delivery.queries.parcels import seen_by
from shared import audit, work
from shared.actors import Actor
from shared.errors import DomainError, ErrorCollector, Text
from shared.models.messages import InboxMessage
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

MAY_DECIDE: Final = frozenset({Role.OPERATOR_HQ, Role.ADMINISTRATOR})
LONGEST_REASON: Final = 300
BY_PERSON: Final = "person"
_SOURCE: Final = "carrier:"


@operation
def assign_event(*, event: int, number: str, reason: str, by: Actor, at: datetime) -> int:
    """Say which parcel a waiting event is about; everything else that waits under its number follows.

    From then on the carrier may speak of the parcel under that number. Returns how many events were applied.

    Raises:
        MayNotSettle: another role.
        ParkedEventNotFound: nothing waits so, of a carrier that `by` answers for.
        ParkedEventRefused: what is wrong stands in its errors.
    """
    message = _locked(event, by)
    carrier = message.source.removeprefix(_SOURCE)
    told = _read(carrier, message)
    wrong = ErrorCollector()
    parcel = seen_by(by).filter(carrier=carrier, number=clean(number).upper()).first()
    for pointer, words in _faults(carrier, told, parcel, reason):
        wrong.add(pointer, "refused", words)
    wrong.raise_if_any(ParkedEventRefused)
    if parcel is None or told is None:
        raise ParkedEventNotFound
    if told.number != parcel.number:
        CarrierNumber.objects.get_or_create(
            carrier=carrier, number=told.number, defaults={"parcel": parcel, "source": BY_PERSON, "known_at": at})
    applied = _apply(carrier, _all_of(carrier, told.number), parcel.number, by, at)
    _record("parked_event.assign", message, by, at, {"number": told.number, "parcel": parcel.number,
                                                     "events": applied, "reason": clean(reason)})  # fmt: skip
    return applied


@operation
def dismiss_event(*, event: int, reason: str, by: Actor, at: datetime) -> None:
    """Say that a waiting event is about none of our parcels, and how that is known. It stays kept, word for word.

    Raises as `assign_event` does.
    """
    message = _locked(event, by)
    if not clean(reason):
        wrong = ErrorCollector()
        wrong.add("/reason", "required", _("Say how you know, for whoever asks later."))
        wrong.raise_if_any(ParkedEventRefused)
    _close(message, "dismissed", by, at)
    _record("parked_event.dismiss", message, by, at, {"reason": clean(reason)[:LONGEST_REASON]})


def _locked(event: int, by: Actor) -> InboxMessage:
    if by.role not in MAY_DECIDE:
        raise MayNotSettle
    message = parked_of(carriers_puzzling(by)).select_for_update().filter(id=event).first()
    if message is None:
        raise ParkedEventNotFound
    return message


def _read(carrier: str, message: InboxMessage) -> CarrierEvent | None:
    try:
        return read_kept(carrier, bytes(message.raw), message.received_at)
    except (DomainError, orjson.JSONDecodeError):
        return None


def _faults(carrier: str, told: CarrierEvent | None, parcel: Parcel | None, reason: str) -> list[tuple[str, Text]]:
    """Pointers and words of what stands against it."""
    faults: list[tuple[str, Text]] = []
    if not clean(reason):
        faults.append(("/reason", _("Say how you know, for whoever asks later.")))
    if parcel is None:
        faults.append(("/number", _("None of this carrier's parcels has this number.")))
    elif told is None or not ingest.is_understood(carrier, told, {told.number: _anything(parcel)}):
        faults.append(("/number", _("The event's code is not known, so it cannot be applied to any parcel.")))
    elif _is_anothers(carrier, told.number, parcel):
        faults.append(("/number", _("The event's number is known as that of another parcel.")))
    return faults


def _anything(parcel: Parcel) -> Kept:
    return lock_parcels(parcel.carrier, [parcel.number])[parcel.number]


def _is_anothers(carrier: str, number: str, parcel: Parcel) -> bool:
    if CarrierNumber.objects.filter(carrier=carrier, number=number).exclude(parcel=parcel).exists():
        return True
    return Parcel.objects.filter(carrier=carrier, number=number).exclude(id=parcel.id).exists()


def _all_of(carrier: str, number: str) -> list[InboxMessage]:
    """All that waits under the carrier's number, locked."""
    return list(parked_of([carrier]).select_for_update().filter(headers__number=number).order_by("id"))


def _apply(carrier: str, waiting: Sequence[InboxMessage], number: str, by: Actor, at: datetime) -> int:
    """Apply what can be read to the parcel `number`; the rest goes on waiting. Returns how many messages were used."""
    parcels = lock_parcels(carrier, [number])
    read = [(message, _read(carrier, message)) for message in waiting]
    usable = [(message, _renamed(event, number)) for message, event in read if event is not None]
    usable = [(message, event) for message, event in usable if ingest.is_understood(carrier, event, parcels)]
    added = ingest.add_events(carrier, [event for _message, event in usable], parcels)
    ingest.apply(carrier, [event for _message, event in usable if event.event_id in added], parcels, added, at)
    for message, _event in usable:
        _close(message, "applied", by, at)
    return len(usable)


def _renamed(event: CarrierEvent, number: str) -> CarrierEvent:
    return event._replace(number=number)


def _close(message: InboxMessage, verdict: str, by: Actor, at: datetime) -> None:
    message.processed_at, message.verdict = at, verdict
    message.save(update_fields=["processed_at", "verdict"])
    work.close_item(kind=UNKNOWN, reference=reference_of(message), by=by.id, at=at, outcome=verdict)


def _record(action: str, message: InboxMessage, by: Actor, at: datetime, after: dict[str, object]) -> None:
    audit.record(actor=by, action=action, object_type="carrier_event", object_id=reference_of(message), at=at,
                 after=after)  # fmt: skip
