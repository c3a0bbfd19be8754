"""What a centre does with a dossier, as sub-resources of it; each answers the dossier's new state with its version.

`version` is the one the caller last read: when somebody else acted in between the answer is 409 `dossier-changed` with
what happened. Left out, the act is taken on whatever the state is now.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from delivery import public as delivery
from intake.models.decisions import IdentityProof, ResultHandOver, StopNotice
from intake.models.dossiers import Dossier
from intake.operations import (
    assignment,
    counter_reception,
    handling,
    reception,
    resolution,
    results,
    supplements,
    withdrawal,
)
from intake.operations.counter_reception import CounterInput
from intake.operations.supplements import MissingThing
from intake.rules.catalogue import ResultChoice
from intake.rules.reasons import REFUSAL_REASONS, STOP_REASONS, SUPPLEMENT_REASONS
from intake.rules.states import Handling
from shared.api import In, Out, Paragraphs, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

router = Router(tags=["centre"])

CENTRE = allow(roles=CENTRE_ROLES, scopes={"centre:write"})
OUTLET_OR_CENTRE = allow(roles=CENTRE_ROLES | OUTLET_ROLES, scopes={"centre:write", "dossiers:write"})

Version = Annotated[int | None, Field(ge=1, description="The version that was read last.")]
Short = Annotated[str, Field(max_length=300)]
Code = Annotated[str, Field(max_length=40)]


class StateOut(Out):
    """Where the dossier stands after an act."""

    id: UUID
    code: str | None
    agent_ref: str
    handling: int
    handling_name: str
    version: int
    received_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    remaining_minutes: int | None
    closed_at: datetime | None


class SupplementOut(Out):
    id: UUID
    dossier_id: UUID
    requested_at: datetime
    answered_at: datetime | None
    reasons: list[dict[str, str]]
    explanation: str


class RefusalOut(Out):
    id: UUID
    dossier_id: UUID
    reason: str
    explanation: str
    legal_basis: str
    refused_at: datetime


class ResolutionOut(Out):
    id: UUID
    dossier_id: UUID
    decision_number: str
    summary: str
    resolved_at: datetime
    was_on_time: bool


def state_of(dossier: Dossier) -> dict[str, Any]:
    columns = ("id", "code", "agent_ref", "handling", "version", "received_at", "due_at", "paused_at",
               "remaining_minutes", "closed_at")
    state: dict[str, Any] = {name: getattr(dossier, name) for name in columns}
    return state | {"handling_name": Handling(dossier.handling).name.lower()}


def state_of_made(made: StopNotice | ResultHandOver) -> dict[str, Any]:
    return state_of(made.dossier)


class Act(In):
    version: Version = None


class ReceptionIn(Act):
    checked: list[Code] = []
    note: Short = ""


@router.post("/dossiers/{uuid:dossier_id}/receptions", response={201: StateOut}, auth=CENTRE)
def receive(request: WardpostRequest, dossier_id: UUID, body: ReceptionIn) -> HttpResponse:
    """Accept a forwarded dossier: its code is issued, the clock runs."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: reception.receive(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), version=body.version, checked=tuple(body.checked),
        note=body.note))


class CounterReceptionIn(In):
    client_ref: UUID
    citizen_id: UUID
    procedure_code: Annotated[str, Field(max_length=20)]
    result_choice: ResultChoice = ResultChoice.COLLECT
    collect_reason: Annotated[str, Field(max_length=200)] = ""
    copies: Annotated[int, Field(ge=1, le=200)] = 1
    pages: Annotated[int, Field(ge=1, le=1000)] = 1
    checked: list[Code] = []
    note: Paragraphs = ""


@router.post("/counter-receptions", response={201: StateOut}, auth=CENTRE)
def receive_at_counter(request: WardpostRequest, body: CounterReceptionIn) -> HttpResponse:
    """Take a dossier in from a citizen at the centre's own counter: filed and received in one act."""
    counter = CounterInput(**body.model_dump(exclude={"checked"}), checked=tuple(body.checked))
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: (
        counter_reception.receive_at_counter(counter, by=request.actor, at=timezone.now())))


class RefusalIn(Act):
    reason: Annotated[str, Field(description=f"One of: {', '.join(REFUSAL_REASONS)}.", max_length=40)]
    explanation: Paragraphs
    legal_basis: Short


@router.post("/dossiers/{uuid:dossier_id}/refusals", response={201: RefusalOut}, auth=CENTRE)
def refuse(request: WardpostRequest, dossier_id: UUID, body: RefusalIn) -> HttpResponse:
    """Do not take the dossier in, and say why and by which law (form 03)."""
    return idempotent(request, status=201, schema=RefusalOut, call=lambda: reception.refuse(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.post("/dossiers/{uuid:dossier_id}/starts", response={201: StateOut}, auth=CENTRE)
def start(request: WardpostRequest, dossier_id: UUID, body: Act) -> HttpResponse:
    """Begin handling; who begins becomes the officer."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: handling.start(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), version=body.version))


@router.post("/dossiers/{uuid:dossier_id}/claims", response={201: StateOut}, auth=CENTRE)
def claim(request: WardpostRequest, dossier_id: UUID, body: Act) -> HttpResponse:
    """Become the officer of an open dossier; people only."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: assignment.claim(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), version=body.version))


class MissingThingIn(In):
    component: Annotated[str, Field(description="A code of the procedure's list of papers, or “other”.", max_length=40)]
    reason: Annotated[str, Field(description=f"One of: {', '.join(SUPPLEMENT_REASONS)}.", max_length=40)]
    text: Short = ""


class SupplementIn(Act):
    reasons: list[MissingThingIn]
    explanation: Paragraphs = ""
    again_because: Annotated[str, Field(max_length=500)] = ""


@router.post("/dossiers/{uuid:dossier_id}/supplement-requests", response={201: SupplementOut}, auth=CENTRE)
def ask_supplement(request: WardpostRequest, dossier_id: UUID, body: SupplementIn) -> HttpResponse:
    """Ask for everything that is missing at once (form 02); the clock stops."""
    reasons = tuple(MissingThing(thing.component, thing.reason, thing.text) for thing in body.reasons)
    return idempotent(request, status=201, schema=SupplementOut, call=lambda: supplements.ask(
        dossier_id=dossier_id, reasons=reasons, explanation=body.explanation, again_because=body.again_because,
        by=request.actor, at=timezone.now(), version=body.version))


class SupplementAnswerIn(Act):
    text: Paragraphs = ""


@router.post("/dossiers/{uuid:dossier_id}/supplement-answers", response={201: SupplementOut}, auth=OUTLET_OR_CENTRE)
def answer_supplement(request: WardpostRequest, dossier_id: UUID, body: SupplementAnswerIn) -> HttpResponse:
    """The papers were brought; the clock runs again with what was left."""
    return idempotent(request, status=201, schema=SupplementOut, call=lambda: supplements.answer(
        dossier_id=dossier_id, text=body.text, by=request.actor, at=timezone.now(), version=body.version))


class ResolutionIn(Act):
    decision_number: Annotated[str, Field(max_length=60)]
    summary: Annotated[str, Field(max_length=500)]
    result_document_id: UUID | None = None


@router.post("/dossiers/{uuid:dossier_id}/resolutions", response={201: ResolutionOut}, auth=CENTRE)
def resolve(request: WardpostRequest, dossier_id: UUID, body: ResolutionIn) -> HttpResponse:
    """Record the authority's decision; the result goes home or waits to be fetched."""
    return idempotent(request, status=201, schema=ResolutionOut, call=lambda: resolution.resolve(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


class ResultHandOverIn(Act):
    receiver_name: Annotated[str, Field(max_length=120)]
    identity: IdentityProof
    """How the receiver showed who she is."""
    receiver_phone: Annotated[str, Field(max_length=20)] = ""
    authorisation: Annotated[str, Field(max_length=200)] = ""
    """The paper by which somebody else takes it for the citizen; empty: the citizen herself."""


@router.post("/dossiers/{uuid:dossier_id}/result-hand-overs", response={201: StateOut}, auth=CENTRE)
def hand_over_result(request: WardpostRequest, dossier_id: UUID, body: ResultHandOverIn) -> HttpResponse:
    """A result that does not travel by post was given to the citizen; the dossier is closed."""
    receiver = resolution.Receiver(body.receiver_name, body.identity, body.receiver_phone, body.authorisation)
    return idempotent(request, status=201, schema=StateOut, present=state_of_made, call=lambda: (
        resolution.hand_over_result(dossier_id=dossier_id, by=request.actor, at=timezone.now(), version=body.version,
                                    receiver=receiver)))


class RepeatIn(Act):
    bearer: Annotated[delivery.Party | None, Field(
        description="Who pays for it; left out: whoever was at fault, by what is known of the trip.")] = None
    why: Annotated[Short, Field(description="Needed where somebody else pays than the rules say.")] = ""


class RepeatOut(Out):
    """The new trip of a result that came back."""

    number: str
    promised_date: date
    borne_by: Annotated[str, Field(description="Empty: paid for as the first trip was.")]


@router.post("/dossiers/{uuid:dossier_id}/result-trips", response={201: RepeatOut}, auth=CENTRE)
def send_result_again(request: WardpostRequest, dossier_id: UUID, body: RepeatIn) -> HttpResponse:
    """Send a result home again that came back; whoever was at fault pays (Decision 45/2016/QĐ-TTg, Article 12.4)."""
    repeat = results.Repeat(body.bearer or "", body.why)
    return idempotent(
        request, status=201, schema=RepeatOut,
        present=lambda parcel: {"number": parcel.number, "promised_date": parcel.promised_date,
                                "borne_by": parcel.case.borne_by},
        call=lambda: results.send_result_again(dossier_id=dossier_id, by=request.actor, at=timezone.now(),
                                               repeat=repeat, version=body.version))


class DossierWithdrawalIn(Act):
    reason: Annotated[str, Field(max_length=500)]
    papers_back: list[Code] | None = None
    """Codes of the papers that go back; left out: all that are not only electronic."""


@router.post("/dossiers/{uuid:dossier_id}/withdrawals", response={201: StateOut}, auth=OUTLET_OR_CENTRE)
def withdraw(request: WardpostRequest, dossier_id: UUID, body: DossierWithdrawalIn) -> HttpResponse:
    """The citizen takes the dossier back; possible until it is decided."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: withdrawal.withdraw(
        dossier_id=dossier_id, reason=body.reason, by=request.actor, at=timezone.now(), version=body.version,
        papers_back=None if body.papers_back is None else tuple(body.papers_back)))


class StopIn(Act):
    cause: Annotated[str, Field(description=f"One of: {', '.join(STOP_REASONS)}.", max_length=40)] = "citizen-asked"
    reason: Annotated[str, Field(max_length=500)]
    legal_basis: Short
    papers_back: list[Code] = []


@router.post("/dossiers/{uuid:dossier_id}/stops", response={201: StateOut}, auth=CENTRE)
def stop(request: WardpostRequest, dossier_id: UUID, body: StopIn) -> HttpResponse:
    """Stop handling (form 05); the clock stands still."""
    return idempotent(request, status=201, schema=StateOut, present=state_of_made, call=lambda: withdrawal.stop(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), papers_back=tuple(body.papers_back),
        **body.model_dump(exclude={"papers_back"})))


@router.post("/dossiers/{uuid:dossier_id}/resumptions", response={201: StateOut}, auth=CENTRE)
def resume(request: WardpostRequest, dossier_id: UUID, body: Act) -> HttpResponse:
    """Go on with a stopped dossier."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: withdrawal.resume(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), version=body.version))
