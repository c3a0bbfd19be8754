"""What is nearly due, late, or stands still, with who has it now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router

from agents.auth import allow
from intake.api.schemas import WordsOut, words
from intake.queries.deadlines import DeadlineRow, deadlines
from intake.views.deadlines import READERS
from shared.api import Asked, Out, WardpostRequest

router = Router(tags=["deadlines"])


class DeadlineOut(Out):
    dossier_id: UUID
    reference: str
    duty: str
    what: WordsOut
    holder: str
    holder_name: str
    person_name: str
    since: datetime
    due_at: datetime
    is_late: bool
    is_ours: bool


class DeadlinesOut(Out):
    late: list[DeadlineOut]
    nearing: list[DeadlineOut]
    standing: list[DeadlineOut]
    is_cut: bool


class DeadlinesAsked(Asked):
    only_ours: bool = False


@router.get("/deadlines", response=DeadlinesOut, summary="What is late or nearly due, and whose it is",
            auth=allow(roles=frozenset(str(role) for role in READERS), scopes={"centre:read", "dossiers:read"}))
def read_deadlines(request: WardpostRequest, asked: Query[DeadlinesAsked]) -> dict[str, Any]:
    """In your sight; every dossier has exactly one holder and one deadline."""
    found = deadlines(request.actor, now=timezone.now(), only_ours=asked.only_ours)
    return {name: [_out(row) for row in getattr(found, name)] for name in ("late", "nearing", "standing")} | {
        "is_cut": found.is_cut}


def _out(row: DeadlineRow) -> dict[str, Any]:
    plain = ("reference", "holder_name", "person_name", "since", "due_at", "is_late", "is_ours")
    return {name: getattr(row, name) for name in plain} | {
        "dossier_id": row.id, "duty": str(row.duty), "holder": str(row.holder), "what": words(row.what)}
