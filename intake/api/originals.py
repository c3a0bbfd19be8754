"""Originals: what this place holds, the chain of each, taking, giving back and keeping."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from intake.api.manifests import COUNTS, READS, Note, SignatureIn
from intake.models.custody import Original
from intake.operations import originals
from intake.operations.originals import OriginalInput
from intake.queries.originals import Chain, OriginalRow, chain_of, held_here
from intake.rules.custody import Holder
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

router = Router(tags=["hand-over"])

HOLDS = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"dossiers:write", "centre:write"})


class OriginalMoveOut(Out):
    at: datetime
    what_vi: str
    what_en: str
    to_name: str
    by_name: str
    signed_name: str
    note: str


class OriginalOut(Out):
    """An original and the one hand that it is in."""

    id: UUID
    dossier_id: UUID
    name: str
    identifier: str
    sheets: int
    goes_back: bool
    holder: Holder
    holder_name: str
    held_since: datetime


class HeldOut(OriginalOut):
    reference: str
    is_late: bool


class HeldListOut(Out):
    items: list[HeldOut]


class ChainOut(HeldOut):
    moves: list[OriginalMoveOut]


class ChainsOut(Out):
    items: list[ChainOut]


class OriginalsOut(Out):
    items: list[OriginalOut]


def _held(row: OriginalRow) -> dict[str, Any]:
    columns = ("id", "dossier_id", "name", "identifier", "sheets", "goes_back", "holder_name", "held_since",
               "reference", "is_late")
    return {name: getattr(row, name) for name in columns} | {"holder": row.where}


def _chain(chain: Chain) -> dict[str, Any]:
    moves = [{"at": step.at, "what_vi": step.what.vi, "what_en": step.what.en, "to_name": step.to_name,
              "by_name": step.by_name, "signed_name": step.signed_name, "note": step.note} for step in chain.steps]
    return _held(chain.original) | {"moves": moves}


@router.get("/originals", response=HeldListOut, auth=READS, summary="Originals that this place holds")
def list_originals(request: WardpostRequest) -> Any:
    """Longest first, at most 500."""
    return {"items": [_held(row) for row in held_here(request.actor, timezone.now())]}


@router.get("/dossiers/{uuid:dossier_id}/originals", response=ChainsOut, auth=READS,
            summary="Originals of a dossier with every hand they went through")
def originals_of(request: WardpostRequest, dossier_id: UUID) -> Any:
    """Each with its chain; empty for a dossier out of sight."""
    return {"items": [_chain(each) for each in chain_of(dossier_id, actor=request.actor, now=timezone.now())]}


class OriginalIn(In):
    component: Annotated[str, Field(max_length=40, description="Code of the published list, or `other` with a name.")]
    name: Annotated[str, Field(max_length=200)] = ""
    identifier: Annotated[str, Field(max_length=60)] = ""
    sheets: Annotated[int, Field(ge=1, le=500)] = 1
    goes_back: bool = True


@router.post("/dossiers/{uuid:dossier_id}/originals", response={201: OriginalOut}, auth=HOLDS,
             summary="Take an original into custody")
def take_original(request: WardpostRequest, dossier_id: UUID, body: OriginalIn) -> HttpResponse:
    """From the citizen's hand into that of the caller's place."""
    return idempotent(request, status=201, schema=OriginalOut, call=lambda: originals.take_original(
        OriginalInput(**body.model_dump()), dossier_id=dossier_id, by=request.actor, at=timezone.now()))


class GiveBackIn(In):
    original_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    signed: SignatureIn
    note: Note = ""


def _many(found: list[Original]) -> dict[str, Any]:
    return {"items": found}


@router.post("/original-returns", response={201: OriginalsOut}, auth=HOLDS,
             summary="Give originals back to the citizen")
def give_back(request: WardpostRequest, body: GiveBackIn) -> HttpResponse:
    """The citizen signs for them."""
    return idempotent(request, status=201, schema=OriginalsOut, present=_many, call=lambda: originals.give_back(
        original_ids=body.original_ids, signed=body.signed.value(), note=body.note, by=request.actor,
        at=timezone.now()))


class ArchiveIn(In):
    original_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    note: Note = ""


@router.post("/original-archivings", response={201: OriginalsOut}, auth=COUNTS,
             summary="Keep originals with the authority's papers")
def archive(request: WardpostRequest, body: ArchiveIn) -> HttpResponse:
    """As the procedure says."""
    return idempotent(request, status=201, schema=OriginalsOut, present=_many, call=lambda: originals.archive(
        original_ids=body.original_ids, note=body.note, by=request.actor, at=timezone.now()))
