"""Asking a carrier to cancel, redirect, come another day or bring back: kept first, then told by a worker.

A request is committed with what it follows from. A try is claimed in the row before anything is sent, and no
transaction is open while the carrier is asked. After a try whose outcome is unknown the carrier is asked whether it has
the request before it is told again. Requests about one parcel are told in their order, after its booking.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from delivery.carriers.adapter import line_to
from delivery.carriers.known import get_carrier
from delivery.carriers.protocol import Answer, Carrier, Instruction, Outcome
from delivery.errors import (
    CarrierRequestAnswered,
    CarrierRequestImpossible,
    CarrierRequestInvalid,
    CarrierRequestNotFound,
    ParcelNotFound,
    UnknownCarrier,
)
from delivery.events import CarrierAnswered, CarrierAsked
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.operations import cancelling, lines
from delivery.operations.askings import LONGEST_DETAIL, Asking, checked
from delivery.operations.telling import open_item
from delivery.queries.parcels import seen_by
from delivery.rules import ParcelState
from delivery.rules.carrier_requests import (
    ALLOWED_IN,
    FINAL_REQUEST_STATES,
    RequestKind,
    RequestState,
    moved,
)
from shared import audit, work
from shared.actors import Actor, job
from shared.errors import ErrorCollector
from shared.masking import without_numbers
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)
LONGEST_PAUSE: Final = timedelta(minutes=10)
PATIENCE_ATTEMPTS: Final = 6
"""After so many tries without an answer a person is asked as well."""
AT_ONCE: Final = 200
US: Final = job("delivery.carrier_requests")
ITEMS: Final = ("carrier-request-refused", "carrier-request-unanswered", "carrier-request-by-hand")
_TO_TELL: Final = (RequestState.WAITING, RequestState.UNKNOWN)
_ACTIONS: Final[Mapping[Outcome, str]] = {
    Outcome.BOOKED: "accept", Outcome.REFUSED: "refuse", Outcome.BY_HAND: "hand_over"}  # fmt: skip


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_carrier(asking: Asking, *, by: Actor, at: datetime) -> UUID:
    """Keep a request inside the caller's transaction; the worker tells the carrier once that is committed.

    `CarrierAnswered` says what became of it. Returns the request's id; the same one for the same reference.

    Raises:
        CarrierRequestInvalid: what is wrong stands in its errors.
        CarrierRequestImpossible: the parcel stands where this cannot be asked.
        ParcelNotFound: there is none.
        TransactionManagementError: there is no transaction to join.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A carrier is asked inside the transaction of what it is asked for.")
    details = checked(asking)
    parcel = Parcel.objects.select_for_update(no_key=True).filter(id=asking.parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    known = CarrierRequest.objects.filter(reference=asking.reference).first()
    if known is not None:
        return known.id
    if parcel.state not in ALLOWED_IN[asking.kind]:
        raise CarrierRequestImpossible
    return _keep(asking, details, parcel, by, at)


@operation
def request_of_carrier(*, asking: Asking, by: Actor, at: datetime) -> UUID:
    """The same for somebody of the staff who sees the parcel; raises as `ask_carrier` does."""
    if not seen_by(by).filter(id=asking.parcel_id).exists():
        raise ParcelNotFound
    return ask_carrier(asking, by=by, at=at)


def _keep(asking: Asking, details: Mapping[str, str], parcel: Parcel, by: Actor, at: datetime) -> UUID:
    request = CarrierRequest.objects.create(
        parcel=parcel, reference=asking.reference, kind=asking.kind, details=details,
        reason=without_numbers(clean(asking.reason))[:LONGEST_DETAIL], asked_by=by.id[:80],
        asked_at=at, next_at=at)  # fmt: skip
    audit.record(actor=by, action="carrier_request.ask", object_type="parcel", object_id=parcel.id, at=at,
                 after={"request": str(request.id), "kind": asking.kind.value})  # fmt: skip
    publish(CarrierAsked(parcel.id, request.id, asking.kind.value))
    if asking.kind is RequestKind.CANCEL:
        cancelling.note_asked(parcel, request.reference, by=by, at=at)
    return request.id


# --- telling ---------------------------------------------------------------------------------------------------------


def send_request(*, request_id: UUID, at: datetime) -> Outcome | None:
    """Tell the carrier, unless it is not this request's turn or somebody else is at it; says how that ended.

    Never raises for what the carrier does: what has not worked is tried again by the sweep.
    """
    carrier_code = _due(at).filter(id=request_id).values_list("parcel__carrier", flat=True).first()
    if carrier_code is None or not lines.may_ask(carrier_code, at):
        return None
    if not _claim(request_id=request_id, at=at):
        return None
    request = CarrierRequest.objects.select_related("parcel").get(id=request_id)
    answer = _tell(request, at)
    _note(request_id=request_id, answer=answer, at=at)
    log.info("carrier_request_sent", request_id=str(request_id), kind=request.kind, outcome=answer.outcome)
    return answer.outcome


def send_waiting_requests(*, at: datetime) -> int:
    """Tell carriers everything whose turn has come; returns how many requests were tried."""
    _end_overtaken(at=at)
    carriers = list(_due(at).order_by("parcel__carrier").values_list("parcel__carrier", flat=True).distinct())
    return sum(_send_waiting(carrier, at) for carrier in carriers)


def _send_waiting(carrier: str, at: datetime) -> int:
    """Tell one carrier: what waits for one that is down must not keep another's from being told."""
    due = _due(at).filter(parcel__carrier=carrier).order_by("asked_at", "id")
    waiting = list(due.values_list("id", flat=True)[:AT_ONCE])
    return sum(send_request(request_id=request_id, at=at) is not None for request_id in waiting)


@operation
def _end_overtaken(*, at: datetime) -> None:
    """A trip that has ended answers whatever was asked of it."""
    open_ones = CarrierRequest.objects.select_for_update(of=["self"], skip_locked=True).select_related("parcel")
    ended = open_ones.filter(parcel__is_live=False, next_at__lte=at).exclude(state__in=FINAL_REQUEST_STATES)
    for request in ended.order_by("id")[:AT_ONCE]:
        _end(request, "overtake", request.answer, at, US)


def _due(at: datetime) -> QuerySet[CarrierRequest]:
    """Requests that may be told now: their parcel is known to the carrier, and no earlier one waits."""
    before_it = CarrierRequest.objects.filter(parcel=OuterRef("parcel"), id__lt=OuterRef("id"), state__in=_TO_TELL)
    is_known = Q(parcel__is_sent_to_carrier=True) | ~Q(parcel__state=ParcelState.BOOKED)
    return CarrierRequest.objects.filter(is_known, ~Exists(before_it), state__in=_TO_TELL, next_at__lte=at)


@operation
def _claim(*, request_id: UUID, at: datetime) -> bool:
    """Count the try before it is made and keep others away; a request whose time has passed ends here."""
    request = (
        CarrierRequest.objects.select_for_update(of=["self"]).select_related("parcel")
        .filter(id=request_id, state__in=_TO_TELL, next_at__lte=at).first())  # fmt: skip
    if request is None:
        return False
    if request.state == RequestState.WAITING and request.parcel.state not in ALLOWED_IN[RequestKind(request.kind)]:
        _end(request, "overtake", "", at, US)
        return False
    request.state = moved(RequestState(request.state), "try")
    request.attempts, request.next_at = F("attempts") + 1, at + LEASE
    request.save(update_fields=["state", "attempts", "next_at"])
    return True


def _tell(request: CarrierRequest, at: datetime) -> Answer:
    try:
        line = line_to(get_carrier(request.parcel.carrier))
    except UnknownCarrier:
        line = None
    if line is None:
        return Answer(Outcome.BY_HAND, "no interface")
    answer = _ask(line, request)
    lines.note_answer(request.parcel.carrier, is_answered=answer.outcome is not Outcome.UNKNOWN, reason=answer.reason,
                      at=at)  # fmt: skip
    return answer


def _ask(line: Carrier, request: CarrierRequest) -> Answer:
    instruction = Instruction(request.id, request.parcel.number, RequestKind(request.kind), request.details,
                              request.reason)  # fmt: skip
    if request.attempts > 1:
        found = line.find_instruction(instruction)
        if found.outcome is not Outcome.ABSENT:
            return found
    return line.instruct(instruction)


@operation
def _note(*, request_id: UUID, answer: Answer, at: datetime) -> None:
    request = _locked(request_id)
    if request.state != RequestState.UNKNOWN:
        return
    if answer.outcome in _ACTIONS:
        _end(request, _ACTIONS[answer.outcome], answer.reason, at, US)
        return
    request.answer = answer.reason[:LONGEST_DETAIL]
    request.next_at = at + min(LEASE * 2 ** min(request.attempts - 1, 6), LONGEST_PAUSE)
    request.save(update_fields=["answer", "next_at"])
    if request.attempts >= PATIENCE_ATTEMPTS:
        _open("carrier-request-unanswered", request, at)


@operation
def answer_by_hand(*, request_id: UUID, is_accepted: bool, reason: str, by: Actor, at: datetime) -> None:
    """Write down what the carrier said to a person who told it, on the phone for instance.

    Raises:
        CarrierRequestNotFound: none about a parcel that `by` may know of.
        CarrierRequestAnswered: it has its answer already.
        CarrierRequestInvalid: how it is known is not said.
    """
    seen = CarrierRequest.objects.filter(id=request_id, parcel_id__in=seen_by(by).values("id"))
    if not seen.exists():
        raise CarrierRequestNotFound
    wrong = ErrorCollector()
    if not clean(reason):
        wrong.add("/reason", "required", _("Say who answered and how, for whoever asks later."))
    wrong.raise_if_any(CarrierRequestInvalid)
    request = _locked(request_id)
    if request.state in FINAL_REQUEST_STATES:
        raise CarrierRequestAnswered
    if request.state == RequestState.WAITING:
        request.state = moved(RequestState.WAITING, "try")
    _end(request, "accept" if is_accepted else "refuse", clean(reason), at, by)


def _locked(request_id: UUID) -> CarrierRequest:
    return CarrierRequest.objects.select_for_update(of=["self"]).select_related("parcel").get(id=request_id)


def _end(request: CarrierRequest, action: str, reason: str, at: datetime, by: Actor) -> None:
    """Move the request, tell whoever waits for it, and give a person what no rule can settle."""
    before = request.state
    request.state = moved(RequestState(before), action)
    request.answer = reason[:LONGEST_DETAIL]
    if request.state in FINAL_REQUEST_STATES:
        request.answered_at = at
        publish(CarrierAnswered(request.parcel_id, request.id, request.reference, request.kind, request.state, at))
    request.save(update_fields=["state", "answer", "answered_at"])
    audit.record(actor=by, action="carrier_request.state", object_type="parcel", object_id=request.parcel_id, at=at,
                 before={"state": before}, after={"state": str(request.state), "request": str(request.id)})  # fmt: skip
    _ask_people(request, at, by)
    if request.kind == RequestKind.CANCEL and request.state == RequestState.ACCEPTED:
        cancelling.note_agreed(request.parcel, request.reference, by=by, at=at)


def _ask_people(request: CarrierRequest, at: datetime, by: Actor) -> None:
    if request.state == RequestState.BY_HAND:
        _open("carrier-request-by-hand", request, at)
        return
    for kind in ITEMS:
        work.close_item(kind=kind, reference=_item(request), by=by.id, at=at, outcome=str(request.state))
    if request.state == RequestState.REFUSED:
        _open("carrier-request-refused", request, at)


def _open(kind: str, request: CarrierRequest, at: datetime) -> None:
    detail = {"request": str(request.id), "kind": request.kind, "reason": request.answer}
    open_item(kind, _item(request), request.parcel.operator_code, at, detail)


def _item(request: CarrierRequest) -> str:
    return f"{request.parcel.number}:{request.kind}"
