"""Following a dossier from a program: the same questions, the same few tries, the same silence about what is wrong."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field

from delivery.errors import TrackingNotFound
from delivery.operations.tracking import open_tracking
from delivery.queries.tracking import Line, ParcelLine, TrackedView, tracked
from delivery.records import StoryPayment, StoryView
from delivery.views.tracking import at_even_pace
from shared import scope
from shared.callers import client_address
from shared.schemas import In, Out

router = Router()

LONGEST_CODE: Final = 40


class TailIn(In):
    """The last three digits of the citizen's phone."""

    phone_tail: Annotated[str, Field(min_length=3, max_length=3, pattern=r"^[0-9]{3}$")]


class TrackingAsks(Out):
    """What is asked for, whatever the code: whether there is such a code is not told."""

    code: str
    asks_for: Literal["phone_tail"] = "phone_tail"


class TurnOut(Out):
    whose: str
    words: str
    promised_at: datetime | None
    working_days_left: int
    is_paused: bool
    is_late: bool


class TrackingStepOut(Out):
    state: Literal["next", "now", "done"]
    at: str
    what: str
    who: str


class TrackedParcelOut(Out):
    number: str
    direction: str
    state: str
    promised_date: date
    delivered_at: datetime | None
    receiver: str
    """In what relation the receiver stands to the addressee."""


class PaymentOut(Out):
    label: str
    basis: str
    amount: int
    is_assumed: bool


class ViewOut(Out):
    name: str
    purpose: str
    at: datetime


class ThingOut(Out):
    name: str
    reason: str


class TrackedPlaceOut(Out):
    name: str
    address: str
    phone: str


class SiblingOut(Out):
    reference: str
    title: str
    state: str


class CitizenIndemnityOut(Out):
    """What the carrier owes for a late or lost parcel, as far as it is the citizen's."""

    title: str
    state: str
    yours: Annotated[int, Field(description="Whole đồng that go to the citizen.")]
    words: str


class TrackedOut(Out):
    """What the citizen's page shows, in the language asked for."""

    reference: str
    title: str
    turn: TurnOut
    to_do: str
    steps: list[TrackingStepOut]
    parcels: list[TrackedParcelOut]
    payments: list[PaymentOut]
    left_to_pay: int | None
    views: list[ViewOut]
    bring: list[ThingOut]
    """Exactly what is asked for; empty when nothing is."""
    bring_to: TrackedPlaceOut | None
    indemnities: list[CitizenIndemnityOut]
    siblings: list[SiblingOut]
    """Hers, filed in the same visit."""
    may_rate: bool
    """Whether it may be said now how it was (`POST /tracking/{code}/ratings`)."""


@router.get("/tracking/{code}", response=TrackingAsks, auth=None, summary="What is needed to follow a dossier",
            operation_id="ask_tracking")  # fmt: skip
def ask_tracking(request: HttpRequest, code: str) -> TrackingAsks:
    """The same answer for every code."""
    return TrackingAsks(code=code[:LONGEST_CODE])


@router.post("/tracking/{code}", response=TrackedOut, auth=None, summary="Follow a dossier or a parcel",
             operation_id="follow")  # fmt: skip
def follow(request: HttpRequest, code: str, body: TailIn) -> TrackedOut:
    """Five wrong tries an hour for each code and each address; what was wrong is not told."""
    now = timezone.now()
    if len(code) > LONGEST_CODE:
        raise TrackingNotFound
    opened = at_even_pace(
        lambda: open_tracking(code=code, tail=body.phone_tail, address=client_address(request), at=now))  # fmt: skip
    with scope.everything():
        view = tracked(dossier_id=opened.dossier_id, parcel_id=opened.parcel_id, now=now)
    if view is None:
        raise TrackingNotFound
    return _out(view)


def _out(view: TrackedView) -> TrackedOut:
    turn = view.turn
    return TrackedOut(
        reference=view.reference, title=view.title, to_do=str(view.to_do),
        turn=TurnOut(whose=turn.name, words=str(turn.words), promised_at=turn.promised_at, is_paused=turn.is_paused,
                     working_days_left=turn.working_days_left, is_late=turn.is_late),
        steps=[_step(line) for line in view.lines], parcels=[_parcel(parcel) for parcel in view.parcels],
        payments=[_payment(payment) for payment in view.payments], views=[_view(each) for each in view.views],
        bring=[ThingOut.model_validate(thing) for thing in view.bring],
        bring_to=TrackedPlaceOut.model_validate(view.bring_to) if view.bring_to else None,
        indemnities=[CitizenIndemnityOut(title=str(each.title), state=str(each.face.label), yours=each.yours.amount,
                                         words=each.words) for each in view.indemnities],
        siblings=[SiblingOut.model_validate(each) for each in view.siblings],
        may_rate=any(link.is_main for link in view.links),
        left_to_pay=None if view.left_to_pay is None else view.left_to_pay.amount)  # fmt: skip


def _step(line: Line) -> TrackingStepOut:
    return TrackingStepOut.model_validate(line)


def _parcel(parcel: ParcelLine) -> TrackedParcelOut:
    return TrackedParcelOut(
        number=parcel.number, direction=str(parcel.direction), state=str(parcel.face.label),
        promised_date=parcel.promised_date, delivered_at=parcel.delivered_at,
        receiver=str(parcel.receiver))  # fmt: skip


def _payment(payment: StoryPayment) -> PaymentOut:
    return PaymentOut(label=payment.label, basis=payment.basis, amount=payment.amount.amount,
                      is_assumed=payment.is_assumed)  # fmt: skip


def _view(view: StoryView) -> ViewOut:
    return ViewOut(name=view.name, purpose=view.purpose, at=view.at)
