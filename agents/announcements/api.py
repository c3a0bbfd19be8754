"""Announcements over the API."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.announcements import operations, queries
from agents.announcements.errors import AnnouncementNotFound
from agents.announcements.models import Announcement
from agents.announcements.operations import Notice
from agents.announcements.queries import Row
from agents.announcements.rules import SENDERS, Addressed
from agents.auth import EVERY_ROLE, allow
from shared.api import In, Out, Paragraphs, WardpostRequest, idempotent

router = Router(tags=["announcements"])
EVERYBODY = allow(roles=EVERY_ROLE)
SENDER = allow(roles=SENDERS)
READERS = allow(roles=queries.WATCHERS | queries.MANAGERS)
type Places = Annotated[list[UUID], Field(max_length=200)]


class AnnouncementOut(Out):
    id: UUID
    province_code: str
    title: str
    text: str
    is_must_read: bool
    roles: list[str]
    operator_ids: list[UUID]
    outlet_ids: list[UUID]
    centre_ids: list[UUID]
    starts_at: datetime
    ends_at: datetime
    read_by: datetime
    published_at: datetime
    published_by_name: str
    version: int = Field(description="One more than the version that it replaces.")
    replaces_id: UUID | None
    withdrawn_at: datetime | None
    withdrawn_because: str
    is_shown: bool = False
    read_at: datetime | None = Field(default=None, description="When the caller confirmed that she has read it.")


class AnnouncementsOut(Out):
    items: list[AnnouncementOut]


class AnnouncementIn(In):
    title: Annotated[str, Field(min_length=1, max_length=160)]
    text: Paragraphs
    starts_at: datetime
    ends_at: datetime
    is_must_read: bool = False
    read_by: datetime | None = None
    roles: Annotated[list[str], Field(max_length=20)] = []
    operator_ids: Places = []
    outlet_ids: Places = []
    centre_ids: Places = []
    replaces_id: UUID | None = None


class AnnouncementWithdrawalIn(In):
    because: Annotated[str, Field(min_length=1, max_length=300)]


class AnnouncementReadingOut(Out):
    announcement_id: UUID
    read_at: datetime


class ReaderOut(Out):
    name: str
    role: str
    place: str
    read_at: datetime | None


class ReadersOut(Out):
    items: list[ReaderOut]


@router.get("/announcements", response=AnnouncementsOut, auth=EVERYBODY, summary="Announcements")
def announcements(request: WardpostRequest) -> Any:
    """List what was announced to the caller, newest first; those who announce see all of their city."""
    return {"items": [_shown(row) for row in queries.seen_by(request.actor, timezone.now())]}


@router.get("/announcements/{uuid:announcement_id}", response=AnnouncementOut, auth=EVERYBODY, summary="One of them")
def announcement(request: WardpostRequest, announcement_id: UUID) -> Any:
    """Show one announcement within sight; looking is not yet confirming."""
    return _shown(_found(request, announcement_id))


@router.post("/announcements", response={201: AnnouncementOut}, auth=SENDER, summary="Announce")
def publish(request: WardpostRequest, body: AnnouncementIn) -> HttpResponse:
    """Announce to roles and places of one's city; empty lists mean everybody."""
    notice = Notice(
        title=body.title, text=body.text, starts_at=body.starts_at, ends_at=body.ends_at,
        is_must_read=body.is_must_read, read_by=body.read_by,
        addressed=Addressed(frozenset(body.roles), frozenset(body.operator_ids), frozenset(body.outlet_ids),
                            frozenset(body.centre_ids)))
    return idempotent(request, status=201, schema=AnnouncementOut, call=lambda: operations.publish(
        notice=notice, by=request.actor, at=timezone.now(), replaces=body.replaces_id), present=_plain)


@router.post("/announcements/{uuid:announcement_id}/withdrawals", response=AnnouncementOut, auth=SENDER,
             summary="Withdraw")
def withdraw(request: WardpostRequest, announcement_id: UUID, body: AnnouncementWithdrawalIn) -> HttpResponse:
    """Take an announcement back with a reason; who has read it stays known."""
    return idempotent(request, status=200, schema=AnnouncementOut, call=lambda: operations.withdraw(
        announcement_id=announcement_id, because=body.because, by=request.actor, at=timezone.now()), present=_plain)


@router.post("/announcements/{uuid:announcement_id}/readings", response=AnnouncementReadingOut, auth=EVERYBODY,
             summary="Confirm that one has read")
def confirm(request: WardpostRequest, announcement_id: UUID) -> HttpResponse:
    """Keep the proof, once; again answers with the first moment."""
    return idempotent(request, status=200, schema=AnnouncementReadingOut, call=lambda: operations.confirm(
        announcement_id=announcement_id, by=request.actor, at=timezone.now()))


@router.get("/announcements/{uuid:announcement_id}/readers", response=ReadersOut, auth=READERS, summary="Who has read")
def readers(request: WardpostRequest, announcement_id: UUID) -> Any:
    """List who was to read, those who have not first; a manager sees her own people."""
    row = _found(request, announcement_id)
    return {"items": [ReaderOut.model_validate(each) for each in queries.readers(row.announcement, request.actor)]}


def _found(request: WardpostRequest, announcement_id: UUID) -> Row:
    row = queries.one(announcement_id, request.actor, timezone.now())
    if row is None:
        raise AnnouncementNotFound
    return row


def _plain(found: Announcement) -> AnnouncementOut:
    return AnnouncementOut.model_validate(found)


def _shown(row: Row) -> AnnouncementOut:
    return _plain(row.announcement).model_copy(update={"is_shown": row.is_shown, "read_at": row.read_at})
