"""Opinions and precedents: ask once, answer with a legal basis, reuse."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from intake.api.schemas import CommuneCode, WordsOut, words
from intake.errors import DossierNotFound
from intake.models.opinions import Opinion, Precedent
from intake.operations import opinion_answers, opinions, precedents
from intake.opinion_errors import OpinionNotFound, PrecedentNotFound
from intake.queries.opinions import OpinionRow, asked_on_dossier, find_opinion, opinion_rows
from intake.queries.precedents import PrecedentRow, find_precedent, search_precedents
from intake.rules.questions import OpinionVerdict, QuestionKey, Subject
from shared.api import Asked, In, Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, Role

router = Router(tags=["opinions"])
PEOPLE = frozenset({*CENTRE_ROLES, Role.ADMINISTRATOR})
ASKS = allow(roles=PEOPLE)
READS = allow(roles=EVERY_ROLE, scopes={"catalogue:read"})
SEES = allow(roles={*PEOPLE, Role.AUDITOR, Role.OUTLET_CLERK, Role.OUTLET_MANAGER},
             scopes={"centre:read", "dossiers:read"})

Basis = Annotated[str, Field(max_length=300)]


class OpinionAddresseeIn(In):
    """A centre of the province, or a department outside the house with its contact."""

    centre_id: UUID | None = None
    name: Annotated[str, Field(max_length=160)] = ""
    contact: Annotated[str, Field(max_length=160)] = ""


class OpinionIn(In):
    subject: Subject
    key: QuestionKey
    question: Annotated[str, Field(max_length=2000)]
    addressees: Annotated[list[OpinionAddresseeIn], Field(max_length=20)]
    procedure_code: Annotated[str, Field(max_length=20)] = ""
    place_code: CommuneCode = ""
    dossier_id: UUID | None = None
    days: Annotated[int, Field(ge=-100, le=1000, description="Working days, 1 to 15.")] = 3
    is_general: bool = True
    document_ids: Annotated[list[UUID], Field(max_length=20)] = []
    anew: bool = Field(False, description="Ask although a precedent answers it already.")


class OpinionAnswerIn(In):
    verdict: OpinionVerdict
    legal_basis: Basis
    text: Annotated[str, Field(max_length=4000)] = ""
    authority_id: UUID | None = None
    signed_by: Annotated[str, Field(max_length=160)] = ""
    document_ids: Annotated[list[UUID], Field(max_length=20)] = []

    def as_answer(self) -> opinion_answers.AnswerInput:
        return opinion_answers.AnswerInput(**self.model_dump() | {"document_ids": tuple(self.document_ids)})


class OpinionSettledOut(Out):
    id: UUID
    outcome: str
    due_at: datetime
    closed_at: datetime | None
    precedent_id: UUID | None


class OpinionAddresseeOut(Out):
    id: int
    name: str
    contact: str
    answered_at: datetime | None
    answered_by: str
    verdict: WordsOut
    authority_name: str
    text: str
    legal_basis: str


class OpinionOut(Out):
    id: UUID
    subject: WordsOut
    key: str
    question: str
    procedure_name: str
    place_name: str
    dossier_id: UUID | None
    asked_by: str
    asked_at: datetime
    due_at: datetime
    outcome: str
    closed_at: datetime | None
    is_general: bool
    precedent_id: UUID | None
    addressees: list[OpinionAddresseeOut]


class OpinionsOut(Out):
    items: list[OpinionOut]


class PrecedentOut(Out):
    id: UUID
    question: str
    verdict: str
    answer: str
    authority_name: str
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None
    withdrawn_because: str
    superseded_by: UUID | None
    places: list[str]
    procedures: list[str]
    uses: int


class PrecedentsOut(Out):
    items: list[PrecedentOut]


class AskedOut(Out):
    question_due_at: datetime | None
    question_owner: str
    opinions: list[OpinionOut]
    precedents: list[PrecedentOut]


class ListAsked(Asked):
    settled: bool = False


class SearchAsked(Asked):
    q: Annotated[str, Field(max_length=120)] = ""
    withdrawn: bool = Field(False, description="Also what was taken back.")


class OpinionReasonIn(In):
    reason: Annotated[str, Field(max_length=500)]


def opinion_out(row: OpinionRow) -> dict[str, Any]:
    plain = ("id", "key", "question", "procedure_name", "place_name", "dossier_id", "asked_at", "due_at", "outcome",
             "closed_at", "is_general", "precedent_id")
    return {name: getattr(row, name) for name in plain} | {
        "subject": words(row.subject), "asked_by": row.asked_by_centre or row.asked_by_name,
        "addressees": [{
            "id": each.id, "name": each.name, "contact": each.contact, "answered_at": each.answered_at,
            "answered_by": each.answered_by_name, "verdict": words(each.verdict_words),
            "authority_name": each.authority_name, "text": each.text, "legal_basis": each.legal_basis,
        } for each in row.addressees]}


def precedent_out(row: PrecedentRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PrecedentOut.model_fields if hasattr(row, name)} | {
        "places": list(row.scopes), "procedures": list(row.procedures)}


def _settled(opinion: Opinion) -> dict[str, Any]:
    return {name: getattr(opinion, name) for name in OpinionSettledOut.model_fields}


@router.post("/opinions", response={201: OpinionSettledOut}, auth=ASKS, summary="Ask for an opinion")
def ask(request: WardpostRequest, body: OpinionIn) -> HttpResponse:
    """Ask centres or departments once. What a precedent answers comes back answered, and nobody is asked."""
    plain = body.model_dump(exclude={"addressees", "document_ids"})
    asked = opinions.OpinionInput(
        **plain, document_ids=tuple(body.document_ids),
        addressees=tuple(opinions.Addressee(**each.model_dump()) for each in body.addressees))
    return idempotent(request, status=201, schema=OpinionSettledOut, present=_settled,
                      call=lambda: opinions.ask(asked, by=request.actor, at=timezone.now()))


@router.get("/opinions", response=OpinionsOut, auth=SEES, summary="Opinions that wait, or that are settled")
def read_opinions(request: WardpostRequest, asked: Query[ListAsked]) -> dict[str, Any]:
    """Those that your place asked or was asked, or that concern your dossiers."""
    rows = opinion_rows(request.actor, now=timezone.now(), is_open=not asked.settled)
    return {"items": [opinion_out(row) for row in rows]}


@router.get("/opinions/{uuid:opinion_id}", response=OpinionOut, auth=SEES, summary="One opinion")
def read_opinion(request: WardpostRequest, opinion_id: UUID) -> dict[str, Any]:
    """With everybody who was asked and what each answered."""
    row = find_opinion(opinion_id, actor=request.actor, now=timezone.now())
    if row is None:
        raise OpinionNotFound
    return opinion_out(row)


@router.post("/opinions/{uuid:opinion_id}/addressees/{addressee_id}/answers", response={201: OpinionSettledOut},
             auth=ASKS, summary="Answer an opinion")
def answer(request: WardpostRequest, opinion_id: UUID, addressee_id: int, body: OpinionAnswerIn) -> HttpResponse:
    """Answer with a legal basis. The last of answers that agree settles the question."""
    if not 0 < addressee_id < 2**62:
        raise OpinionNotFound
    said = body.as_answer()
    return idempotent(
        request, status=201, schema=OpinionSettledOut, present=_settled, call=lambda: opinion_answers.answer(
            said, opinion_id=opinion_id, addressee_id=addressee_id, by=request.actor, at=timezone.now()))


@router.post("/opinions/{uuid:opinion_id}/conclusions", response={201: OpinionSettledOut}, auth=ASKS,
             summary="Conclude an opinion whose answers differ")
def conclude(request: WardpostRequest, opinion_id: UUID, body: OpinionAnswerIn) -> HttpResponse:
    """The manager of the centre that asked settles it."""
    said = body.as_answer()
    return idempotent(
        request, status=201, schema=OpinionSettledOut, present=_settled, call=lambda: opinion_answers.conclude(
            said, opinion_id=opinion_id, by=request.actor, at=timezone.now()))


@router.post("/opinions/{uuid:opinion_id}/withdrawals", response={201: OpinionSettledOut}, auth=ASKS,
             summary="Take a question back")
def take_back(request: WardpostRequest, opinion_id: UUID, body: OpinionReasonIn) -> HttpResponse:
    """The asker no longer needs the answer."""
    return idempotent(request, status=201, schema=OpinionSettledOut, present=_settled, call=lambda: opinions.take_back(
        opinion_id=opinion_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.get("/dossiers/{uuid:dossier_id}/opinions", response=AskedOut, auth=SEES,
            summary="What was asked about a dossier")
def asked_about(request: WardpostRequest, dossier_id: UUID) -> dict[str, Any]:
    """The waiting question of competence, the opinions, and the precedents that hold for it."""
    found = asked_on_dossier(dossier_id, actor=request.actor, now=timezone.now())
    if found is None:
        raise DossierNotFound
    return {"question_due_at": found.question_due_at, "question_owner": found.question_owner,
            "opinions": [opinion_out(row) for row in found.opinions],
            "precedents": [precedent_out(row) for row in found.precedents]}


@router.get("/precedents", response=PrecedentsOut, auth=READS, summary="Search the precedents")
def read_precedents(request: WardpostRequest, asked: Query[SearchAsked]) -> dict[str, Any]:
    """Found without accents in question, answer, places and procedures."""
    rows = search_precedents(request.actor, text=asked.q, only_in_force=not asked.withdrawn)
    return {"items": [precedent_out(row) for row in rows]}


class PrecedentWithdrawnOut(Out):
    id: UUID
    withdrawn_at: datetime | None
    withdrawn_because: str


def _withdrawn(said: Precedent) -> dict[str, Any]:
    return {"id": said.id, "withdrawn_at": said.withdrawn_at, "withdrawn_because": said.withdrawn_because}


@router.post("/precedents/{uuid:precedent_id}/withdrawals", response={201: PrecedentWithdrawnOut},
             auth=allow(roles={Role.CENTRE_MANAGER, Role.ADMINISTRATOR}), summary="Take a precedent back")
def withdraw(request: WardpostRequest, precedent_id: UUID, body: OpinionReasonIn) -> HttpResponse:
    """From now on the question is open again; what it has answered stays answered."""
    if find_precedent(precedent_id, request.actor) is None:
        raise PrecedentNotFound
    return idempotent(
        request, status=201, schema=PrecedentWithdrawnOut, present=_withdrawn, call=lambda: precedents.withdraw(
            precedent_id=precedent_id, reason=body.reason, by=request.actor, at=timezone.now()))
