"""Events of life: what usually goes together, and several dossiers submitted in one call."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from intake.api.dossiers import WRITES, DossierOut, FilingIn, filing_of, whole
from intake.api.schemas import WordsOut, words
from intake.operations.bundles import SubmittedBundle, submit_bundle
from intake.queries.life_events import events_in_force
from intake.records import BundleInput
from shared.api import In, Out, WardpostRequest, idempotent
from shared.calendar import local

router = Router(tags=["dossiers"])
READS = allow(roles=EVERY_ROLE, scopes={"catalogue:read"})


class EventStepOut(Out):
    procedure_code: str
    name: WordsOut
    is_usual: bool
    replaces: list[str]
    note: WordsOut


class EventOut(Out):
    code: str
    name: WordsOut
    steps: list[EventStepOut]
    legal_basis: str
    confidence: str


class EventsOut(Out):
    items: list[EventOut]


@router.get("/life-events", response=EventsOut, auth=READS, summary="Events of life and their procedures")
def listed(request: WardpostRequest) -> Any:
    """List the events in force today; several of a step's procedures may go into one bundle."""
    return {"items": [{
        "code": event.code, "name": words(event.name), "legal_basis": event.legal_basis,
        "confidence": event.confidence, "steps": [{
            "procedure_code": step.procedure.code, "name": words(step.name), "is_usual": step.is_usual,
            "replaces": list(step.replaces), "note": words(step.note)} for step in event.steps]}
        for event in events_in_force(local(timezone.now()).date())]}


class BundleIn(In):
    """Filings of one citizen. Each one's own `client_ref` is ignored: it is derived from the bundle's."""

    client_ref: UUID
    event_code: Annotated[str, Field(min_length=1, max_length=40)]
    filings: Annotated[list[FilingIn], Field(min_length=1, max_length=8)]


class BundleOut(Out):
    id: UUID
    client_ref: UUID
    event_code: str
    dossiers: list[DossierOut]


@router.post("/bundles", response={201: BundleOut}, auth=WRITES, summary="Submit the dossiers of one event together")
def submit(request: WardpostRequest, body: BundleIn) -> HttpResponse:
    """Submit all or none; errors point into the list of filings."""
    asked = BundleInput(body.client_ref, body.event_code, tuple(filing_of(each) for each in body.filings))
    return idempotent(request, status=201, schema=BundleOut, present=lambda made: _out(made, request),
                      call=lambda: submit_bundle(asked, by=request.actor, at=timezone.now()))


def _out(made: SubmittedBundle, request: WardpostRequest) -> dict[str, Any]:
    return {"id": made.bundle.id, "client_ref": made.bundle.client_ref, "event_code": made.bundle.event_code,
            "dossiers": [whole(each, request.actor) for each in made.dossiers]}
