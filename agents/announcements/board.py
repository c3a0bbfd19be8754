"""What is announced now, kept in the cache: a page asks the database nothing while nothing is announced to its reader.

Written with each announcement and once a minute. Without a cache there is no banner; the list and the reminders stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from agents.announcements.models import Announcement, AnnouncementReading
from agents.announcements.rules import Addressed, is_for, is_shown
from shared.actors import Actor

KEY: Final = "announcements:now"
KEEPS_SECONDS: Final = 600
LOOKS_AHEAD: Final = timedelta(minutes=15)
LOOKS_BACK: Final = timedelta(days=7)
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Banner:
    """The oldest must-read that its reader has not confirmed; `more`: how many besides."""

    id: UUID
    title: str
    more: int


def remember() -> None:
    """Write down every must-read that runs or is about to begin."""
    now = timezone.now()
    rows = Announcement.objects.filter(is_must_read=True, withdrawn_at=None, ends_at__gt=now,
                                       starts_at__lte=now + LOOKS_AHEAD).order_by("starts_at", "id")[:MOST]
    cache.set(KEY, [_plain(row) for row in rows], KEEPS_SECONDS)


def _plain(row: Announcement) -> dict[str, Any]:
    return {
        "id": str(row.id), "title": row.title, "province": row.province_code, "roles": row.roles,
        "starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat(),
        **{name: [str(each) for each in getattr(row, name)] for name in ("operator_ids", "outlet_ids", "centre_ids")}}


def banner(actor: Actor, now: datetime) -> Banner | None:
    """What `actor` has still to read; one statement, and none while nothing is announced to her."""
    mine = [(UUID(each["id"]), each["title"]) for each in _running(actor, now)]
    if not mine:
        return None
    read = set(AnnouncementReading.objects.filter(
        account_id=UUID(actor.id), announcement__in=[number for number, _title in mine]).values_list(
            "announcement_id", flat=True))
    unread = [each for each in mine if each[0] not in read]
    return Banner(*unread[0], more=len(unread) - 1) if unread else None


def _running(actor: Actor, now: datetime) -> Iterator[dict[str, Any]]:
    for each in cache.get(KEY) or ():
        to = Addressed(frozenset(each["roles"]), *(frozenset(map(UUID, each[name])) for name in (
            "operator_ids", "outlet_ids", "centre_ids")))
        begins, ends = (datetime.fromisoformat(each[name]) for name in ("starts_at", "ends_at"))
        if is_shown(begins, ends, now) and is_for(to, each["province"], actor):
            yield each
