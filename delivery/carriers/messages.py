"""A carrier's message as we take it: one event, or up to 500 of them, each judged alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple

import orjson
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, ValidationError

from delivery.carriers.adapter import adapter_of
from delivery.errors import EventsMalformed
from shared.errors import DomainError
from shared.schemas import In, wrong
from shared.text import fold
from shared.validation import invalid_request

MOST_EVENTS: Final = 500
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
_EVENT_ID: Final = re.compile(r"[!-~]{1,120}", re.ASCII)
_NUMBER: Final = re.compile(r"[A-Z0-9]{4,20}", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)


def is_item_number(text: str) -> bool:
    """Whether a parcel can be spoken of by this."""
    return _NUMBER.fullmatch(text) is not None


def _only(pattern: re.Pattern[str], code: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise wrong(code, _("Send plain letters, digits and signs without spaces, and not too many."))
        return value

    return AfterValidator(check)


def _of_our_time(moment: datetime) -> datetime:
    """Further away than this is no clock that runs wrong, and some of it cannot be converted to UTC."""
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise wrong("moment-range", _("Give a moment of this century."))
    return moment


EventId = Annotated[str, _only(_EVENT_ID, "event-id-form")]
ItemNumber = Annotated[str, _only(_NUMBER, "number-form")]
StatusCode = Annotated[str, _only(_CODE, "code-form")]


class ReceiverIn(In):
    """Who received the parcel, for a final delivery. The kind of an ID is told, never its number."""

    name: Annotated[str, Field(min_length=1, max_length=160)]
    relation: Annotated[str, Field(max_length=40)] = "self"
    id_kind: Annotated[str, Field(max_length=20)] = ""
    method: Annotated[str, Field(max_length=20)] = "signature"


class EventIn(In):
    """One thing that happened to a parcel. `code` is a UPU EMSEVT code, one of ours ("X-…") or the carrier's own."""

    event_id: EventId
    number: ItemNumber
    code: StatusCode
    occurred_at: Annotated[datetime, AfterValidator(_of_our_time)]
    office: Annotated[str, Field(max_length=120)] = ""
    note: Annotated[str, Field(max_length=300)] = ""
    receiver: ReceiverIn | None = None


class EventsIn(In):
    """Several events in one message; what is wrong with one does not touch the others."""

    events: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_EVENTS)]


class CarrierEvent(NamedTuple):
    """A well-formed event; whether it makes sense is judged against its parcel. Made by the million: a plain tuple."""

    event_id: str
    number: str
    said: str
    """The carrier's own code."""
    occurred_at: datetime
    received_at: datetime
    office: str
    note: str
    data: Mapping[str, str]
    """Of the receiver: "name", "relation", "id_kind", "method"; empty when nobody is named."""
    raw: bytes

    @property
    def receiver(self) -> str:
        """Who received it, folded so that "Hoà" and "Hòa" are one person; empty when nobody is named."""
        return f"{fold(self.data['name'])}/{self.data['relation']}" if self.data else ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One event of a batch that cannot be taken, and why."""

    event_id: str
    problem: DomainError


def read_message(
    carrier: str, value: object, body: bytes, received_at: datetime
) -> list[CarrierEvent | Unreadable]:
    """The events in a JSON value that was read from `body`, in our form or in the carrier's own.

    Raises:
        InvalidRequest: a single event, or the envelope of a batch, is malformed.
        EventsMalformed: it is neither.
    """
    if not isinstance(value, dict):
        raise EventsMalformed(_("Send one event, or {\"events\": […]}."))
    own = adapter_of(carrier).translate(value)
    if own is not None:
        value = own[0] if len(own) == 1 else {"events": own}
    if "events" not in value:
        return [read_event(value, body, received_at)]
    try:
        batch = EventsIn.model_validate(value)
    except ValidationError as error:
        raise _invalid(error) from error
    return [_read_one(each, index, received_at) for index, each in enumerate(batch.events)]


def read_event(value: object, raw: bytes, received_at: datetime, at: tuple[str | int, ...] = ()) -> CarrierEvent:
    """One event; raises InvalidRequest with pointers below `at`."""
    try:
        event = EventIn.model_validate(value)
    except ValidationError as error:
        raise _invalid(error, at) from error
    data = {} if event.receiver is None else event.receiver.model_dump()
    return CarrierEvent(event.event_id, event.number, event.code, event.occurred_at, received_at, event.office,
                        event.note, data, raw)


def read_kept(carrier: str, raw: bytes, received_at: datetime) -> CarrierEvent:
    """An event that was kept as it came."""
    value = orjson.loads(raw)
    own = adapter_of(carrier).translate(value)
    return read_event(value if own is None else own[0], raw, received_at)


def says_the_same(one: CarrierEvent, other: CarrierEvent) -> bool:
    """Whether two events tell the same, in whatever form they came."""
    return _told(one) == _told(other)


def _told(event: CarrierEvent) -> tuple[object, ...]:
    return event.number, event.said, event.occurred_at, event.office, event.note, dict(event.data)


def _read_one(value: dict[str, Any], index: int, received_at: datetime) -> CarrierEvent | Unreadable:
    try:
        return read_event(value, orjson.dumps(value), received_at, ("events", index))
    except DomainError as problem:
        event_id = value.get("event_id")
        return Unreadable(event_id[:120] if isinstance(event_id, str) else "", problem)


def _invalid(error: ValidationError, at: tuple[str | int, ...] = ()) -> DomainError:
    found = [{**each, "loc": ("body", "message", *at, *each["loc"])} for each in error.errors(include_url=False)]
    return invalid_request(found)

