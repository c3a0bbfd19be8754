"""The programme and its operators through the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from agents.programme import decisions, phases, queries
from agents.programme.errors import ProgrammeNotFound
from agents.programme.rules import DecisionStep, PhaseStep
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import Role

router = Router(tags=["programme"])
READ = allow(roles={Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})
READ_OWN = allow(roles={Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.OPERATOR_HQ})
WRITE = allow(roles={Role.PROGRAMME_OFFICER})

Name = Annotated[str, Field(max_length=160)]
Words = Annotated[str, Field(max_length=300)]
Reason = Annotated[str, Field(max_length=1000)]
Code = Annotated[str, Field(max_length=40)]
Codes = Annotated[list[Code], Field(max_length=400)]


class ProgrammeIn(In):
    name: Name
    legal_basis: Words


class HoldsIn(In):
    holds_from: date | None = Field(description="Null: the programme's rules rest.")
    reason: Reason


class PhaseIn(In):
    """An empty list is all of them."""

    kind: Code
    name: Name
    legal_basis: Words
    starts_on: date
    ends_on: date | None = None
    communes: Codes = []
    operators: Codes = []
    groups: Codes = []

    def planned(self) -> phases.Phase:
        return phases.Phase(**self.model_dump())


class PhaseGateIn(In):
    measure: Code
    threshold: Annotated[float, Field(ge=0, le=10_000_000, description="Percent or pieces, to one decimal.")]
    at_least: bool = True
    least_sample: Annotated[int, Field(ge=0, le=1_000_000)] = 1

    def asked(self) -> phases.Gate:
        return phases.Gate(self.measure, Decimal(str(self.threshold)).quantize(Decimal("0.1")), self.at_least,
                           self.least_sample)


class GatesIn(In):
    gates: Annotated[list[PhaseGateIn], Field(max_length=50)]


class PhaseDecisionIn(In):
    verdict: Code
    reason: Reason
    conditions: Reason = ""
    despite: Annotated[dict[Code, Reason], Field(
        max_length=50, description="Each failing measure, and why the phase opens all the same.")] = {}


class ProgrammeStepIn(In):
    step: Code
    reason: Reason = ""


class ProgrammeOut(Out):
    id: UUID
    province_code: str
    name: str
    legal_basis: str
    holds_from: date | None


class PhaseOut(Out):
    id: UUID
    number: int
    kind: str
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None
    communes: list[str]
    operators: list[str]
    groups: list[str]
    state: str
    opened_at: datetime | None
    ended_at: datetime | None


class WholeOut(ProgrammeOut):
    phases: list[PhaseOut]


class ReadOut(Out):
    measure: str
    at_least: bool
    threshold: float
    value: float | None = Field(description="Percent or pieces; null: nothing to measure yet.")
    sample: int
    least_sample: int
    passes: bool


class ReadingsOut(Out):
    as_of: datetime
    gates: list[ReadOut]


class PhaseDecisionOut(Out):
    id: UUID
    verdict: str
    state: str
    reason: str
    conditions: str
    despite: dict[str, str]
    measured_at: datetime
    measured: list[dict[str, Any]]
    proposed_by_name: str
    proposed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    decided_reason: str


class DecisionsOut(Out):
    items: list[PhaseDecisionOut]


@router.get("/programme", response=WholeOut, auth=READ, summary="The city's programme")
def programme(request: WardpostRequest) -> Any:
    """Show the programme of one's city with its phases."""
    found = queries.programme(request.actor)
    if found is None:
        raise ProgrammeNotFound
    shown = {name: getattr(found, name) for name in ProgrammeOut.model_fields}
    return shown | {"phases": queries.phases(found)}


@router.post("/programme", response={201: ProgrammeOut}, auth=WRITE, summary="Begin the city's programme")
def begin(request: WardpostRequest, body: ProgrammeIn) -> HttpResponse:
    """A city has one programme."""
    return idempotent(request, status=201, schema=ProgrammeOut, call=lambda: phases.begin_programme(
        name=body.name, legal_basis=body.legal_basis, by=request.actor, at=timezone.now()))


@router.put("/programme/term", response=ProgrammeOut, auth=WRITE, summary="Let the programme hold, or rest")
def holds(request: WardpostRequest, body: HoldsIn) -> HttpResponse:
    """While it holds, outlets open past accreditation and take what is delegated in a running phase only."""
    day = body.holds_from
    if day is None:
        return idempotent(request, status=200, schema=ProgrammeOut, call=lambda: phases.switch_off(
            reason=body.reason, by=request.actor, at=timezone.now()))
    return idempotent(request, status=200, schema=ProgrammeOut, call=lambda: phases.switch_on(
        holds_from=day, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/programme/phases", response={201: PhaseOut}, auth=WRITE, summary="Plan a phase")
def plan(request: WardpostRequest, body: PhaseIn) -> HttpResponse:
    """It stands behind those there are; it opens by a decision."""
    return idempotent(request, status=201, schema=PhaseOut, call=lambda: phases.plan_phase(
        phase=body.planned(), by=request.actor, at=timezone.now()))


@router.put("/programme/phases/{uuid:phase_id}", response=PhaseOut, auth=WRITE, summary="Plan a phase anew")
def change(request: WardpostRequest, phase_id: UUID, body: PhaseIn) -> HttpResponse:
    """While it is planned and no decision waits."""
    return idempotent(request, status=200, schema=PhaseOut, call=lambda: phases.change_phase(
        phase_id=phase_id, phase=body.planned(), by=request.actor, at=timezone.now()))


@router.put("/programme/phases/{uuid:phase_id}/gates", response=PhaseOut, auth=WRITE, summary="Set a phase's gates")
def set_gates(request: WardpostRequest, phase_id: UUID, body: GatesIn) -> HttpResponse:
    """Replaces what was asked before."""
    asked = [gate.asked() for gate in body.gates]
    return idempotent(request, status=200, schema=PhaseOut, call=lambda: phases.set_gates(
        phase_id=phase_id, gates=asked, by=request.actor, at=timezone.now()))


@router.get("/programme/phases/{uuid:phase_id}/gates", response=ReadingsOut, auth=READ, summary="Gates, measured now")
def gates(request: WardpostRequest, phase_id: UUID) -> Any:
    """What is asked, what is read at this moment, and out of how many."""
    phase, now = queries.find_phase(phase_id, request.actor), timezone.now()
    return {"as_of": now, "gates": decisions.measure(phase, list(phase.gates.order_by("id")), now)}


@router.get("/programme/phases/{uuid:phase_id}/decisions", response=DecisionsOut, auth=READ, summary="Decisions")
def phase_decisions(request: WardpostRequest, phase_id: UUID) -> Any:
    """Newest first, each with its gates as they were measured."""
    return {"items": [row for row, _gates in queries.decisions(queries.find_phase(phase_id, request.actor))]}


@router.post("/programme/phases/{uuid:phase_id}/decisions", response={201: PhaseDecisionOut}, auth=WRITE,
             summary="Propose go, no-go or go with conditions")
def propose(request: WardpostRequest, phase_id: UUID, body: PhaseDecisionIn) -> HttpResponse:
    """The gates are measured now; a failing one is named with a reason, or the proposal is refused."""
    proposed = decisions.Proposed(body.verdict, body.reason, body.conditions, body.despite)
    return idempotent(request, status=201, schema=PhaseDecisionOut, call=lambda: decisions.propose_decision(
        phase_id=phase_id, proposed=proposed, by=request.actor, at=timezone.now()))


@router.post("/programme/decisions/{uuid:decision_id}/steps", response=PhaseDecisionOut, auth=WRITE,
             summary="Sign, refuse or withdraw a decision")
def settle(request: WardpostRequest, decision_id: UUID, body: ProgrammeStepIn) -> HttpResponse:
    """Another officer than the proposer signs (which measures again) or refuses."""
    if body.step not in set(DecisionStep):
        raise ProgrammeNotFound
    return idempotent(request, status=200, schema=PhaseDecisionOut, call=lambda: decisions.settle_decision(
        decision_id=decision_id, step=DecisionStep(body.step), reason=body.reason, by=request.actor,
        at=timezone.now()))


@router.post("/programme/phases/{uuid:phase_id}/steps", response=PhaseOut, auth=WRITE, summary="End or drop a phase")
def phase_step(request: WardpostRequest, phase_id: UUID, body: ProgrammeStepIn) -> HttpResponse:
    """Opening takes a signed decision."""
    if body.step not in set(PhaseStep):
        raise ProgrammeNotFound
    return idempotent(request, status=200, schema=PhaseOut, call=lambda: phases.take_phase_step(
        phase_id=phase_id, step=PhaseStep(body.step), reason=body.reason, by=request.actor, at=timezone.now()))
