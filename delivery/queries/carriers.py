"""The carriers as their operator's headquarters see them: the line, the rounds, what was asked, what nobody knows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from django.db.models import Count, Model, Q, QuerySet

from agents import public as agents
from delivery.carriers.known import carrier_codes, get_carrier
from delivery.carriers.meaning import code_of
from delivery.carriers.messages import read_kept
from delivery.errors import CarrierRequestNotFound, UnknownCarrier
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.lines import CarrierLine, PollRound
from delivery.queries.parcels import seen_by
from delivery.rules.carrier_requests import FINAL_REQUEST_STATES, RequestState
from delivery.rules.lines import EVENT_PATIENCE, GIVEN_UP, is_behind, is_down
from shared.actors import Actor
from shared.errors import DomainError
from shared.models.messages import InboxMessage
from shared.roles import Role

SHOWN: Final = 100
_SOURCE: Final = "carrier:"


@dataclass(frozen=True, slots=True)
class LineRow:
    carrier: str
    operators: tuple[str, ...]
    state: str
    """"up", "down", "unheard" (no question was answered yet) or "paper" (it has no interface)."""
    answered_at: datetime | None
    failing_since: datetime | None
    error: str
    waiting_parcels: int
    """Booked, and not yet told."""
    open_requests: int
    parked_events: int
    round: PollRound | None
    """The latest one."""
    is_behind: bool


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """An event that was kept and not applied. What it says of persons is not shown."""

    id: int
    carrier: str
    number: str
    code: str
    """As the carrier says it; empty where it cannot be read."""
    words_vi: str
    words_en: str
    is_code_known: bool
    occurred_at: datetime | None
    office: str
    received_at: datetime
    is_given_up: bool
    """Nobody waits for its parcel any more: a person decides."""
    hours_left: int


def carriers_of(actor: Actor) -> list[str]:
    """Codes of the carriers that `actor` may look at: an operator's own, for whoever looks at a city all of them.

    What is asked about parcels is bounded by `seen_by` besides.
    """
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        return sorted({each.carrier_code for each in agents.operators() if each.id == actor.operator_id})
    if actor.role in {Role.ADMINISTRATOR, Role.AUDITOR} or (not actor.role and actor.province_code):
        return sorted({*carrier_codes(), *(each.carrier_code for each in agents.operators())})
    return []


def carriers_spoken_for(actor: Actor) -> list[str]:
    """Codes of the carriers whose daily files `actor` may hand in: those that carry for nobody but her operator.

    What a file says moves parcels and money, so no outlet, no centre and no city's program says it for a carrier.
    """
    if actor.role == Role.ADMINISTRATOR:
        return carriers_of(actor)
    if actor.outlet_id or not actor.operator_id or actor.role not in {"", Role.OPERATOR_HQ}:
        return []
    others = {each.carrier_code for each in agents.operators() if each.id != actor.operator_id}
    return [code for code in carriers_of(actor) if code not in others]


def carriers_puzzling(actor: Actor) -> list[str]:
    """Codes of the carriers whose events of unknown parcels `actor` may see: not for one outlet or one centre."""
    return [] if actor.outlet_id or actor.centre_id else carriers_of(actor)


def lines_of(actor: Actor, at: datetime) -> list[LineRow]:
    """One row a carrier, in a constant number of queries."""
    codes = carriers_of(actor)
    lines = CarrierLine.objects.in_bulk(codes)
    latest = PollRound.objects.filter(carrier__in=codes).order_by("carrier", "-started_at").distinct("carrier")
    rounds = {walk.carrier: walk for walk in latest}
    waiting = _counted(seen_by(actor).filter(carrier__in=codes, is_live=True, is_sent_to_carrier=False), "carrier")
    asked = _counted(requests_of(actor, is_open=True), "parcel__carrier")
    parked = _counted(parked_of(carriers_puzzling(actor)), "source")
    names = [(each.carrier_code, each.name) for each in agents.operators()]
    return [
        LineRow(
            code, tuple(name for carrier, name in names if carrier == code), *_line(code, lines.get(code)),
            waiting[code], asked[code], parked[_SOURCE + code], rounds.get(code),
            _has_interface(code) and is_behind(rounds[code].started_at if code in rounds else None,
                                               rounds[code].ended_at if code in rounds else None, at))
        for code in codes]  # fmt: skip


def _counted[M: Model](rows: QuerySet[M], field: str) -> Counter[str]:
    counted = rows.order_by().values_list(field).annotate(n=Count("pk"))
    return Counter({str(name): number for name, number in counted})


def _line(code: str, line: CarrierLine | None) -> tuple[str, datetime | None, datetime | None, str]:
    if line is not None and is_down(line.failures):
        return "down", line.answered_at, line.failing_since, line.error
    if line is not None and line.answered_at:
        return "up", line.answered_at, line.failing_since, line.error
    return ("unheard" if _has_interface(code) else "paper"), None, None, ""


def _has_interface(code: str) -> bool:
    try:
        return bool(get_carrier(code).booking_url)
    except UnknownCarrier:
        return False


def requests_of(actor: Actor, *, is_open: bool) -> QuerySet[CarrierRequest]:
    """What carriers were asked about parcels in sight, with the parcel: those to be told by a person first."""
    seen = seen_by(actor).filter(carrier__in=carriers_of(actor)).values("id")
    rows = CarrierRequest.objects.filter(parcel_id__in=seen).select_related("parcel")
    return rows.exclude(state__in=FINAL_REQUEST_STATES) if is_open else rows.filter(state__in=FINAL_REQUEST_STATES)


def open_requests(actor: Actor) -> list[CarrierRequest]:
    """The hundred that wait longest; those that a person has to tell the carrier stand first."""
    rows = requests_of(actor, is_open=True).order_by("asked_at", "id")
    by_hand = list(rows.filter(state=RequestState.BY_HAND)[:SHOWN])
    return [*by_hand, *rows.exclude(state=RequestState.BY_HAND)[:SHOWN - len(by_hand)]]


def answered_requests(actor: Actor) -> list[CarrierRequest]:
    """The hundred that were asked last."""
    return list(requests_of(actor, is_open=False).order_by("-asked_at", "-id")[:SHOWN])


def find_request(actor: Actor, request_id: UUID) -> CarrierRequest:
    """Raises CarrierRequestNotFound."""
    seen = seen_by(actor).filter(carrier__in=carriers_of(actor)).values("id")
    found = CarrierRequest.objects.select_related("parcel").filter(id=request_id, parcel_id__in=seen).first()
    if found is None:
        raise CarrierRequestNotFound
    return found


def parked_of(carriers: Sequence[str]) -> QuerySet[InboxMessage]:
    """Events of these carriers that are kept and not applied: waiting, or given up and in a person's hands."""
    waits = Q(processed_at=None) | Q(verdict=GIVEN_UP)
    return InboxMessage.objects.filter(waits, source__in=[_SOURCE + code for code in carriers])


def parked_rows(actor: Actor, at: datetime) -> list[ParkedRow]:
    """The hundred that have waited longest."""
    oldest = parked_of(carriers_puzzling(actor)).order_by("received_at", "id")[:SHOWN]
    return [parked_row(message, at) for message in oldest]


def parked_row(message: InboxMessage, at: datetime) -> ParkedRow:
    carrier = message.source.removeprefix(_SOURCE)
    left = message.received_at + EVENT_PATIENCE - at
    try:
        event = read_kept(carrier, bytes(message.raw), message.received_at)
    except (DomainError, orjson.JSONDecodeError):
        event = None
    code = code_of(carrier, event.said) if event else None
    return ParkedRow(
        message.id, carrier, str(message.headers.get("number", "")), event.said if event else "",
        code.words_vi if code else "", code.words_en if code else "", code is not None,
        event.occurred_at if event else None, event.office if event else "", message.received_at,
        message.verdict == GIVEN_UP, max(0, int(left.total_seconds() // 3600)))  # fmt: skip
