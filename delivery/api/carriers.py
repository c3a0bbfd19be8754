"""Where carriers tell us what happened to parcels: signed, kept before it is acknowledged, judged event by event."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import orjson
import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from prometheus_client import Counter

from delivery.carriers.known import KnownCarrier, get_carrier
from delivery.carriers.messages import CarrierEvent, EventIn, EventsIn, Unreadable, read_message
from delivery.errors import EventIdReused, SignatureMissing, SignatureStale, SignatureWrong
from delivery.operations import ingest
from delivery.rules.signatures import HEADER, Verdict, judge
from shared import json_body
from shared.errors import DomainError
from shared.openapi import refusing
from shared.problems import BodyTooLarge, UnsupportedMediaType, as_data
from shared.schemas import Out

log = structlog.get_logger()
router = Router()

LARGEST_BODY: Final = json_body.LARGEST_BODY
REFUSED: Final = Counter("wardpost_carrier_messages_refused", "Refused carrier messages", ["carrier", "problem"])
_PROBLEMS: Final[Mapping[Verdict, type[DomainError]]] = {
    Verdict.MISSING: SignatureMissing, Verdict.STALE: SignatureStale, Verdict.WRONG: SignatureWrong,
}  # fmt: skip


class EventAnswer(Out):
    event_id: str
    status: Literal["accepted", "refused"]
    problem: dict[str, Any] | None = None
    """RFC 9457, for a refused event."""


class EventsAnswer(Out):
    """The same for a repeated message; only the HTTP status tells: 202 something was new, 200 all was known."""

    events: list[EventAnswer]


_SCHEMAS: Final = [EventIn.model_json_schema(), EventsIn.model_json_schema()]
_SPEC: Final = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"anyOf": _SCHEMAS}}}},
    "parameters": [{
        "name": HEADER, "in": "header", "required": True, "schema": {"type": "string"},
        "description": "t=<seconds since 1970>,v1=<hex of HMAC-SHA-256 over '<t>.<raw body>'>"}],
    "responses": refusing(401),
}  # fmt: skip


@router.post(
    "/carriers/{carrier}/events", response={202: EventsAnswer, 200: EventsAnswer}, auth=None, openapi_extra=_SPEC,
    summary="Tell what happened to parcels", operation_id="ingest_carrier_events")  # fmt: skip
def ingest_carrier_events(request: HttpRequest, carrier: str) -> HttpResponse:
    """One event, or up to 500 in {"events": […]}, each judged alone. Repeating a message changes nothing."""
    known = get_carrier(carrier)
    try:
        return _take_in(request, known)
    except DomainError as problem:
        REFUSED.labels(known.code, problem.code).inc()
        log.warning("carrier_message_refused", carrier=known.code, problem=problem.code)
        raise


def _take_in(request: HttpRequest, carrier: KnownCarrier) -> HttpResponse:
    now = timezone.now()
    body = _signed_body(request, carrier, int(now.timestamp()))
    read = read_message(carrier.code, json_body.read(body), body, now)
    events = [each for each in read if isinstance(each, CarrierEvent)]
    if not events:
        raise _only_problem(read)
    message = ingest.Message(carrier.code, tuple(events), request.headers[HEADER], body, now)
    try:
        result = ingest.ingest_events(message=message)
    except OperationalError:
        raise
    except Exception as fault:  # a fault of ours must not lose a carrier's word
        log.error("carrier_events_unprocessed", carrier=carrier.code, count=len(events), exc_info=fault)
        ingest.keep_unprocessed(message=message)
        return _answer(read, [], status=202)
    reused = [events[position] for position in result.reused]
    if reused and len(read) == 1:
        raise EventIdReused
    return _answer(read, reused, status=200 if result.is_nothing_new else 202)


def _signed_body(request: HttpRequest, carrier: KnownCarrier, now: int) -> bytes:
    """The raw bytes, once it is known who sent them.

    Raises:
        BodyTooLarge: more than a mebibyte; refused by its declared length, before it is read.
        UnsupportedMediaType: not JSON as it is.
        SignatureMissing, SignatureWrong, SignatureStale: not from this carrier, now.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not str(length).isdecimal() or int(length) > LARGEST_BODY:
        raise BodyTooLarge
    if request.content_type != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    body = request.body
    verdict = judge(body, request.headers.get(HEADER, ""), secrets=carrier.secrets, now=now)
    if verdict is not Verdict.GOOD:
        raise _PROBLEMS[verdict]
    return body


def _only_problem(read: Sequence[CarrierEvent | Unreadable]) -> DomainError:
    """When nothing can be taken, the first problem is the answer."""
    return next(each.problem for each in read if isinstance(each, Unreadable))


def _answer(read: Sequence[CarrierEvent | Unreadable], reused: Sequence[CarrierEvent], *, status: int) -> HttpResponse:
    events = [_event_answer(each, reused) for each in read]
    body = orjson.dumps({"events": events}, default=str)
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


def _event_answer(event: CarrierEvent | Unreadable, reused: Sequence[CarrierEvent]) -> dict[str, object]:
    if isinstance(event, Unreadable):
        return {"event_id": event.event_id, "status": "refused", "problem": as_data(event.problem)}
    if any(event is each for each in reused):
        return {"event_id": event.event_id, "status": "refused", "problem": as_data(EventIdReused())}
    return {"event_id": event.event_id, "status": "accepted"}
