"""Accreditation through the API: propose, correct, survey, decide, take over, note equipment."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from agents.accreditation import proposals, steps, surveying
from agents.accreditation.api import AccreditationOut, router
from agents.accreditation.errors import AccreditationNotFound
from agents.accreditation.models import Accreditation
from agents.accreditation.rules import Step
from agents.auth import allow
from agents.errors import MayNotRunOutlet
from agents.operations.outlets import Site
from shared.api import In, Latitude, Longitude, Out, WardpostRequest, idempotent
from shared.roles import Role

__all__ = ["router"]  # the readers' router, to which this file adds

PROPOSES = allow(roles={Role.OPERATOR_HQ})
OFFICER = allow(roles={Role.PROGRAMME_OFFICER})
STEPS = allow(roles={Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER})
NOTES = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER})
Code = Annotated[str, Field(max_length=20)]
Words = Annotated[str, Field(max_length=300)]


class AccreditationCorrectionIn(In):
    name: Annotated[str, Field(max_length=120)]
    commune_code: Annotated[str, Field(pattern=r"^\d{5}$", max_length=5)]
    address: Annotated[str, Field(max_length=200)]
    latitude: Latitude
    longitude: Longitude
    tasks: Annotated[list[Code], Field(max_length=20)]
    phase: Code = "pilot"
    phone: Code = ""

    def proposal(self, code: str) -> steps.Proposal:
        site = Site(self.commune_code, self.address, self.latitude, self.longitude)
        return steps.Proposal(code, self.name, site, frozenset(self.tasks), self.phase, self.phone)


class AccreditationProposalIn(AccreditationCorrectionIn):
    code: Annotated[str, Field(max_length=16)]


class AccreditationStepIn(In):
    step: Code
    reason: Annotated[str, Field(max_length=500)] = ""


class MarkIn(In):
    mark: Code = Field(description="met, partly, missing, or n/a where it may be skipped")
    note: Words = ""


class MarksIn(In):
    marks: Annotated[dict[Code, MarkIn], Field(max_length=100)]


class SurveyEndIn(MarksIn):
    latitude: Latitude
    longitude: Longitude
    note: Annotated[str, Field(max_length=1000)] = ""


class TakeOverIn(In):
    codes: Annotated[list[Code], Field(min_length=1, max_length=500)]
    licensed_from: date
    licensed_until: date = Field(description="Half-open.")
    legal_basis: Words


class EquipmentIn(In):
    item: Code
    status: Code = Field(description="works, faulty or away")
    note: Words = ""


class SurveyOut(Out):
    id: UUID
    begun_at: datetime
    inspector_name: str
    finished_at: datetime | None


class TakenOverOut(Out):
    items: list[AccreditationOut]


class EquipmentOut(Out):
    item: str
    status: str
    note: str
    at: datetime
    by_name: str


@router.post("/accreditations", response={201: AccreditationOut}, auth=PROPOSES, summary="Propose a place")
def propose(request: WardpostRequest, body: AccreditationProposalIn) -> HttpResponse:
    """The programme's office surveys it, another officer decides."""
    operator_id = request.actor.operator_id
    if operator_id is None:
        raise MayNotRunOutlet
    return idempotent(request, status=201, schema=AccreditationOut, call=lambda: steps.propose(
        operator_id=operator_id, proposal=body.proposal(body.code), by=request.actor, at=timezone.now()))


@router.put("/accreditations/{uuid:accreditation_id}", response=AccreditationOut, auth=PROPOSES,
            summary="Correct a proposal")
def correct(request: WardpostRequest, accreditation_id: UUID, body: AccreditationCorrectionIn) -> HttpResponse:
    """Before an officer surveys it, or once it was returned; the code stays."""
    return idempotent(request, status=200, schema=AccreditationOut, call=lambda: proposals.change_proposal(
        accreditation_id=accreditation_id, proposal=body.proposal(""), by=request.actor, at=timezone.now()))


@router.post("/accreditations/{uuid:accreditation_id}/steps", response=AccreditationOut, auth=STEPS,
             summary="Take a step of an accreditation")
def take_step(request: WardpostRequest, accreditation_id: UUID, body: AccreditationStepIn) -> HttpResponse:
    """Approve, return, propose again, open, suspend, resume, renew or end; each is one role's."""
    if body.step not in set(Step) - {Step.SURVEY, Step.EXPIRE}:
        raise AccreditationNotFound
    return idempotent(request, status=200, schema=AccreditationOut, call=lambda: steps.take_step(
        accreditation_id=accreditation_id, step=Step(body.step), reason=body.reason, by=request.actor,
        at=timezone.now()))


def _marked(body: MarksIn) -> dict[str, surveying.Marked]:
    return {item: surveying.Marked(each.mark, each.note) for item, each in body.marks.items()}


@router.put("/accreditations/{uuid:accreditation_id}/survey", response=SurveyOut, auth=OFFICER,
            summary="Keep marks of a survey")
def save_marks(request: WardpostRequest, accreditation_id: UUID, body: MarksIn) -> HttpResponse:
    """What is not named stays as it is; the first mark begins the survey."""
    return idempotent(request, status=200, schema=SurveyOut, call=lambda: surveying.save_marks(
        accreditation_id=accreditation_id, marks=_marked(body), by=request.actor, at=timezone.now()))


@router.post("/accreditations/{uuid:accreditation_id}/survey/ending", response=AccreditationOut, auth=OFFICER,
             summary="Finish a survey")
def finish(request: WardpostRequest, accreditation_id: UUID, body: SurveyEndIn) -> HttpResponse:
    """At the place, with every item marked and the wanted photos taken (on the survey's page)."""
    return idempotent(request, status=200, schema=AccreditationOut, call=lambda: surveying.finish_survey(
        accreditation_id=accreditation_id, latitude=body.latitude, longitude=body.longitude, note=body.note,
        by=request.actor, at=timezone.now(), marks=_marked(body)))


@router.post("/accreditation-take-overs", response={201: TakenOverOut}, auth=OFFICER,
             summary="Take over outlets that work already")
def take_over(request: WardpostRequest, body: TakeOverIn) -> HttpResponse:
    """All of them or none: with the dates and the source of the licence they had."""
    licence = proposals.Licence(body.licensed_from, body.licensed_until, body.legal_basis)
    return idempotent(request, status=201, schema=TakenOverOut, present=_items, call=lambda: proposals.take_over(
        codes=body.codes, licence=licence, by=request.actor, at=timezone.now()))


def _items(made: list[Accreditation]) -> dict[str, Any]:
    return {"items": made}


@router.post("/accreditations/{uuid:accreditation_id}/equipment", response={201: EquipmentOut}, auth=NOTES,
             summary="Note how a piece of equipment does")
def note_equipment(request: WardpostRequest, accreditation_id: UUID, body: EquipmentIn) -> HttpResponse:
    """The newest note of a piece counts."""
    return idempotent(request, status=201, schema=EquipmentOut, call=lambda: proposals.note_equipment(
        accreditation_id=accreditation_id, item=body.item, status=body.status, note=body.note, by=request.actor,
        at=timezone.now()))
