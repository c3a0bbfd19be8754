"""Announcements as they are read, and who has read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Q, QuerySet

from agents.announcements.models import Announcement, AnnouncementReading
from agents.announcements.rules import SENDERS, is_for, is_shown
from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from agents.scope import accounts_seen_by
from shared.actors import Actor, ActorKind
from shared.roles import Role

MOST: Final = 200
WATCHERS: Final = frozenset({*SENDERS, Role.AUDITOR, Role.ADMINISTRATOR})
"""They see every announcement of their city and everybody who was to read it."""
MANAGERS: Final = frozenset({Role.OUTLET_MANAGER, Role.CENTRE_MANAGER, Role.OPERATOR_HQ})


@dataclass(frozen=True, slots=True)
class Row:
    """An announcement as one reader sees it; `must_confirm`: it waits for her."""

    announcement: Announcement
    is_shown: bool
    is_mine: bool
    read_at: datetime | None

    @property
    def must_confirm(self) -> bool:
        return self.announcement.is_must_read and self.is_shown and self.is_mine and self.read_at is None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who was to read, and when she did."""

    name: str
    role: str
    place: str
    read_at: datetime | None


def for_senders(actor: Actor) -> QuerySet[Announcement]:
    """All of the actor's city."""
    rows = Announcement.objects.all()
    return rows.filter(province_code=actor.province_code) if actor.province_code else rows


def seen_by(actor: Actor, now: datetime) -> list[Row]:
    """Newest first: those who announce and watch see all, others what has begun and is or was for them."""
    rows = list(_visible(actor, now).fetch_mode(FETCH_RAISE).order_by("-published_at", "-id")[:MOST])
    read = _read_at(actor, [row.id for row in rows])
    made = [_row(row, actor, now, read.get(row.id)) for row in rows]
    return made if actor.role in WATCHERS else [row for row in made if row.is_mine]


def one(announcement_id: UUID, actor: Actor, now: datetime) -> Row | None:
    """One within sight."""
    found = _visible(actor, now).select_related("replaces").filter(id=announcement_id).first()
    if found is None:
        return None
    row = _row(found, actor, now, _read_at(actor, [found.id]).get(found.id))
    return row if row.is_mine or actor.role in WATCHERS else None


def _visible(actor: Actor, now: datetime) -> QuerySet[Announcement]:
    if actor.role in WATCHERS:
        return for_senders(actor)
    begun = Announcement.objects.filter(starts_at__lte=now)
    if actor.role == Role.OPERATOR_HQ or (not actor.role and not actor.province_code):
        return begun
    return begun.filter(province_code=actor.province_code)


def _row(found: Announcement, actor: Actor, now: datetime, read_at: datetime | None) -> Row:
    running = found.withdrawn_at is None and is_shown(found.starts_at, found.ends_at, now)
    return Row(found, running, is_for(found.addressed, found.province_code, actor), read_at)


def _read_at(actor: Actor, ids: list[UUID]) -> dict[UUID, datetime]:
    if actor.kind is not ActorKind.PERSON:
        return {}
    mine = AnnouncementReading.objects.filter(account_id=UUID(actor.id), announcement__in=ids)
    return dict(mine.values_list("announcement_id", "read_at"))


def addressed_accounts(found: Announcement) -> QuerySet[StaffAccount]:
    """Every active account that `rules.is_for` would find among those addressed."""
    province = found.province_code
    here = (Q(province_id=province) | Q(centre__province_id=province) | Q(outlet__commune__province_id=province)
            | Q(role=Role.OPERATOR_HQ))
    accounts = StaffAccount.objects.filter(here, is_active=True)
    if found.roles:
        accounts = accounts.filter(role__in=found.roles)
    if found.addressed.is_everywhere:
        return accounts
    return accounts.filter(
        Q(outlet_id__in=found.outlet_ids) | Q(centre_id__in=found.centre_ids)
        | Q(operator_id__in=found.operator_ids)
        | Q(outlet__in=Outlet.objects.filter(operator_id__in=found.operator_ids)))


def still_to_read(found: Announcement) -> QuerySet[StaffAccount]:
    """Those addressed who have not confirmed."""
    read = AnnouncementReading.objects.filter(announcement=found).values("account_id")
    return addressed_accounts(found).exclude(id__in=read)


def readers(found: Announcement, actor: Actor) -> list[Reader]:
    """Who was to read it, those who have not first; a manager sees hers, the city's watchers everybody."""
    accounts = addressed_accounts(found)
    if actor.role not in WATCHERS:
        accounts = accounts.filter(id__in=accounts_seen_by(actor).values("id"))
    read = dict(AnnouncementReading.objects.filter(announcement=found).values_list("account_id", "read_at"))
    places = accounts.select_related("outlet", "centre", "operator", "province").fetch_mode(FETCH_RAISE)
    rows = [Reader(each.display_name, each.get_role_display(), each.place_name, read.get(each.id))
            for each in places.order_by("display_name", "id")[:2000]]
    return sorted(rows, key=lambda row: row.read_at is not None)


def may_see_readers(actor: Actor) -> bool:
    return actor.role in WATCHERS | MANAGERS
