"""What somebody has to do about a parcel."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Field, Router

from agents.auth import allow
from delivery import wording
from delivery.operations.parcel_work import MAY_END, end_work
from delivery.queries.parcel_work import work_of
from delivery.queries.parcels import find_seen
from delivery.rules.parcel_work import ENDS_BY_WORD
from delivery.rules.readers import PARCEL_READERS
from shared.api import WardpostRequest, idempotent
from shared.schemas import In, Out

router = Router()

READ: Final = allow(roles=PARCEL_READERS, scopes={"parcels:read"})
END: Final = allow(roles=MAY_END)


class ParcelWorkOut(Out):
    kind: str
    words: str = Field(description="What has to be done, in the caller's language.")
    owner_role: str
    opened_at: datetime
    due_at: datetime
    ends_by_word: bool = Field(description="Nothing a carrier tells ends it; whoever answers for it says so.")


class WorkEndIn(In):
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    words: Annotated[str, Field(min_length=1, max_length=300, description="What was found or done.")]


@router.get("/parcels/{uuid:parcel_id}/work", response=list[ParcelWorkOut], auth=READ,
            summary="What somebody has to do about a parcel", operation_id="parcel_work")  # fmt: skip
def list_work(request: WardpostRequest, parcel_id: UUID) -> list[ParcelWorkOut]:
    """The open items, the most urgent first."""
    return _work(request, parcel_id)


@router.post("/parcels/{uuid:parcel_id}/work-ends", response={201: list[ParcelWorkOut]}, auth=END,
             summary="End work about a parcel", operation_id="end_parcel_work")  # fmt: skip
def end(request: WardpostRequest, parcel_id: UUID, body: WorkEndIn) -> HttpResponse:
    """Say what was found or done; answers with what is still open."""
    return idempotent(
        request, status=201, schema=list[ParcelWorkOut],
        call=lambda: end_work(parcel_id=parcel_id, kind=body.kind, words=body.words, by=request.actor,
                              at=timezone.now()),
        present=lambda _: _work(request, parcel_id))  # fmt: skip


def _work(request: WardpostRequest, parcel_id: UUID) -> list[ParcelWorkOut]:
    number = find_seen(request.actor, parcel_id).number
    return [ParcelWorkOut(
        kind=item.kind, words=str(wording.WORK[item.kind]), owner_role=item.owner_role, opened_at=item.opened_at,
        due_at=item.due_at, ends_by_word=item.kind in ENDS_BY_WORD) for item in work_of(number)]
