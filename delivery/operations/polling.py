"""Asking carriers for news of every live parcel, so that nothing depends on what they push.

Each carrier is walked through in rounds, one every two hours, by portions and at a rate that it bears; a round goes on
where it stopped. What a carrier says when asked is the same set of events that it pushes, so most of it is known.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from delivery.carriers.adapter import adapter_of, line_to
from delivery.carriers.known import carrier_codes, get_carrier
from delivery.carriers.messages import CarrierEvent, read_event
from delivery.carriers.protocol import Carrier
from delivery.models.lines import PollRound
from delivery.models.parcels import Parcel
from delivery.operations import files, lines
from delivery.rules.lines import ROUND_EVERY
from shared.errors import DomainError
from shared.models.messages import InboxMessage
from shared.transactions import operation

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=90)
SECONDS_AT_ONCE: Final = 45.0
"""A task ends before the next one begins."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Parcels to ask about in one question: those behind `after`, up to and with `upto`."""

    after: UUID | None
    upto: UUID
    numbers: tuple[str, ...]


def poll_carriers(*, at: datetime) -> int:
    """Take every carrier's round a minute further; returns how many questions were asked."""
    asked = 0
    for code in carrier_codes():
        carrier = get_carrier(code)
        line = line_to(carrier)
        if line is not None:
            asked += poll_carrier(code, line, at=at)
    return asked


def poll_carrier(carrier: str, line: Carrier, *, at: datetime) -> int:
    """Ask one carrier as often as it bears in a minute; returns how many questions were asked."""
    walk, started = _leased_round(carrier, at), time.monotonic()
    if walk is None:
        return 0
    asked = 0
    while asked < adapter_of(carrier).polls_a_minute and time.monotonic() - started < SECONDS_AT_ONCE:
        portion = _next_portion(walk)
        if portion is None:
            _end(walk, at)
            return asked
        if not lines.may_ask(carrier, at):
            break
        asked += 1
        if not _ask(walk, line, portion, at):
            break
    PollRound.objects.filter(id=walk.id).update(leased_until=None)
    return asked


def _leased_round(carrier: str, at: datetime) -> PollRound | None:
    """The round that is under way, or a new one when it is time; None when somebody walks it or none is due."""
    walk = PollRound.objects.filter(carrier=carrier, ended_at=None).first() or _new_round(carrier, at)
    if walk is None:
        return None
    is_free = Q(leased_until=None) | Q(leased_until__lte=at)
    is_ours = PollRound.objects.filter(is_free, id=walk.id, ended_at=None).update(leased_until=at + LEASE)
    return walk if is_ours else None


def _new_round(carrier: str, at: datetime) -> PollRound | None:
    if PollRound.objects.filter(carrier=carrier, started_at__gt=at - ROUND_EVERY).exists():
        return None
    try:
        with transaction.atomic():
            return PollRound.objects.create(carrier=carrier, started_at=at)
    except IntegrityError:  # somebody else began it this instant
        return None


def _next_portion(walk: PollRound) -> Portion | None:
    waiting = Parcel.objects.filter(carrier=walk.carrier, is_live=True, is_sent_to_carrier=True)
    if walk.cursor:
        waiting = waiting.filter(id__gt=walk.cursor)
    size = adapter_of(walk.carrier).poll_size
    rows = list(waiting.order_by("id").values_list("id", "number")[:size])
    return Portion(walk.cursor, rows[-1][0], tuple(number for _, number in rows)) if rows else None


def _ask(walk: PollRound, line: Carrier, portion: Portion, at: datetime) -> bool:
    """Ask about a portion and take in the answer; says whether there was one."""
    polled = line.poll(portion.numbers)
    lines.note_answer(walk.carrier, is_answered=polled.is_answered, reason=polled.reason, at=at)
    if not polled.is_answered:
        return False
    learned = take_in(walk_id=walk.id, carrier=walk.carrier, portion=portion, told=polled.events, at=at)
    if learned:
        log.info("poll_learned", carrier=walk.carrier, events=learned)
    walk.cursor = portion.upto
    return True


@operation
def take_in(
    *, walk_id: int, carrier: str, portion: Portion, told: Sequence[Mapping[str, Any]], at: datetime
) -> int:
    """Take in what a carrier said of a portion, and move the round on; returns how many events were new.

    Of what is new the carrier's own words are kept in the same transaction; what was known before was kept then.
    """
    by_id = _read(carrier, told, at)
    added, parked = files.add_new_events(carrier, [event for event, _raw in by_id.values()], at)
    new = [by_id[event_id][1] for event_id in sorted({*added, *parked})]
    if new:
        InboxMessage.objects.create(
            source=f"carrier-poll:{carrier}", event_id=f"{walk_id}:{portion.upto}:{at.timestamp():.0f}", received_at=at,
            headers={"round": walk_id}, raw=orjson.dumps(new), processed_at=at, verdict="batch")  # fmt: skip
    PollRound.objects.filter(id=walk_id).update(
        cursor=portion.upto, calls=F("calls") + 1, parcels=F("parcels") + len(portion.numbers),
        learned=F("learned") + len(added), leased_until=at + LEASE)  # fmt: skip
    return len(added)


def _read(
    carrier: str, told: Sequence[Mapping[str, Any]], at: datetime
) -> dict[str, tuple[CarrierEvent, Mapping[str, Any]]]:
    """The readable events by id, each with the words it came in."""
    read: dict[str, tuple[CarrierEvent, Mapping[str, Any]]] = {}
    for each in told:
        try:
            own = adapter_of(carrier).translate(each)
            for value in [each] if own is None else own:
                event = read_event(value, orjson.dumps(value), at)
                read.setdefault(event.event_id, (event, each))
        except DomainError as problem:
            log.warning("polled_event_unreadable", carrier=carrier, problem=problem.code)
    return read


def _end(walk: PollRound, at: datetime) -> None:
    PollRound.objects.filter(id=walk.id).update(ended_at=at, leased_until=None)
