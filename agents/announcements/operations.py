"""Publishing, withdrawing, confirming that one has read, and telling managers who has not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.announcements import board
from agents.announcements.errors import AnnouncementNotFound, AnnouncementOver, InvalidAnnouncement, MayNotAnnounce
from agents.announcements.models import Announcement, AnnouncementReading
from agents.announcements.queries import for_senders, still_to_read
from agents.announcements.rules import LONGEST, REMIND_MINUTES, SENDERS, Addressed, is_for
from agents.models.organisations import Centre, Operator, Outlet
from agents.models.people import StaffAccount
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.models.oversight import WorkItem
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from shared.text import clean, clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

UNREAD: Final = "announcement-unread"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told, to whom, from when until when. `read_by`: None for the end of the period."""

    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    is_must_read: bool = False
    read_by: datetime | None = None
    addressed: Addressed = field(default_factory=Addressed)


@operation
def publish(*, notice: Notice, by: Actor, at: datetime, replaces: UUID | None = None) -> Announcement:
    """Announce something to staff of one's city; what it replaces is withdrawn in the same step.

    Raises:
        MayNotAnnounce: neither operations room nor programme office.
        AnnouncementNotFound, AnnouncementOver: what it replaces.
        InvalidAnnouncement: nothing said, an end before its beginning, places of another city.
    """
    return published(notice=notice, by=by, at=at, replaces=replaces)


def published(*, notice: Notice, by: Actor, at: datetime, replaces: UUID | None = None) -> Announcement:
    """`publish` inside an operation that announces what it did; raises the same."""
    if by.role not in SENDERS or not by.province_code:
        raise MayNotAnnounce
    _check(notice, by, at)
    before = _running(replaces, by, at) if replaces else None
    to = notice.addressed
    made = Announcement.objects.create(
        province_code=by.province_code, title=clean(notice.title), text=clean_lines(notice.text),
        is_must_read=notice.is_must_read, roles=sorted(to.roles), operator_ids=sorted(to.operator_ids),
        outlet_ids=sorted(to.outlet_ids), centre_ids=sorted(to.centre_ids), starts_at=notice.starts_at,
        ends_at=notice.ends_at, read_by=notice.read_by or notice.ends_at, published_at=at, published_by=by.id,
        published_by_name=by.name, replaces=before, version=before.version + 1 if before else 1)
    if before is not None:
        _end(before, str(_("Replaced by a newer announcement")), by, at)
    _record("announcement.publish", made, by, at, is_must_read=notice.is_must_read)
    transaction.on_commit(board.remember)
    return made


@operation
def withdraw(*, announcement_id: UUID, because: str, by: Actor, at: datetime) -> Announcement:
    """Take an announcement back; who has read it stays known.

    Raises:
        MayNotAnnounce, AnnouncementNotFound, AnnouncementOver: as for `publish`.
        InvalidAnnouncement: without a reason.
    """
    return withdrawn(announcement_id=announcement_id, because=because, by=by, at=at)


def withdrawn(*, announcement_id: UUID, because: str, by: Actor, at: datetime) -> Announcement:
    """`withdraw` inside another operation; raises the same."""
    if by.role not in SENDERS:
        raise MayNotAnnounce
    found = _running(announcement_id, by, at)
    wrong = ErrorCollector()
    if not clean(because):
        wrong.add("/because", "missing", _("Say why it is withdrawn."))
    wrong.raise_if_any(InvalidAnnouncement)
    _end(found, clean(because)[:300], by, at)
    _record("announcement.withdraw", found, by, at)
    transaction.on_commit(board.remember)
    return found


@operation
def confirm(*, announcement_id: UUID, by: Actor, at: datetime) -> AnnouncementReading:
    """One has read it: kept with the moment, once; again changes nothing.

    Raises:
        AnnouncementNotFound: none, or `by` is not among those addressed.
        AnnouncementOver: it is withdrawn, over, or has not begun.
    """
    found = Announcement.objects.select_for_update(no_key=True).filter(id=announcement_id).first()
    if found is None or by.kind is not ActorKind.PERSON or not is_for(found.addressed, found.province_code, by):
        raise AnnouncementNotFound
    if found.withdrawn_at is not None or not found.starts_at <= at < found.ends_at:
        raise AnnouncementOver
    reading, is_new = AnnouncementReading.objects.get_or_create(
        announcement=found, account_id=UUID(by.id), defaults={"read_at": at})
    if is_new:
        _record("announcement.read", found, by, at, version=found.version)
    return reading


@operation
def remind(*, at: datetime) -> int:
    """Tell the managers of those who have not read in time, once for each place; close what is settled.

    Returns how many places were told.
    """
    late = Announcement.objects.filter(is_must_read=True, withdrawn_at=None, read_by__lte=at, ends_at__gt=at)
    told = 0
    for found in late.select_for_update(skip_locked=True).order_by("read_by", "id")[:50]:
        told += _tell_managers(found, at)
    _settle(at)
    return told


def _tell_managers(found: Announcement, at: datetime) -> int:
    missing: dict[tuple[str, str], int] = defaultdict(int)
    for account in still_to_read(found).select_related("outlet", "centre"):
        missing[_manager_of(account, found.province_code)] += 1
    due = work_calendar().add_working_minutes(at, REMIND_MINUTES)
    for (role, place), people in sorted(missing.items()):
        work.open_item(kind=UNREAD, reference=f"{found.id}:{role}:{place}", owner_role=role, owner_place=place, at=at,
                       due_at=due, detail={"announcement": str(found.id), "people": people})
    Announcement.objects.filter(id=found.id, reminded_at=None).update(reminded_at=at)
    _close(found, at, outcome="everybody has read", but=missing)
    return len(missing)


def _manager_of(account: StaffAccount, province_code: str) -> tuple[str, str]:
    if account.role in OUTLET_ROLES and account.outlet is not None:
        return Role.OUTLET_MANAGER, account.outlet.code
    if account.role in CENTRE_ROLES and account.centre is not None:
        return Role.CENTRE_MANAGER, account.centre.agency_code
    return Role.OPERATIONS_OFFICER, province_code


def _close(found: Announcement, at: datetime, *, outcome: str,
           but: Iterable[tuple[str, str]] = ()) -> None:
    """Close the open items of `found` whose place has nobody left who has not read."""
    still = {f"{found.id}:{role}:{place}" for role, place in but}
    waiting = WorkItem.objects.filter(kind=UNREAD, closed_at=None, reference__startswith=f"{found.id}:")
    waiting.exclude(reference__in=still).update(closed_at=at, closed_by="remind", outcome=outcome)


def _settle(at: datetime) -> None:
    for over in Announcement.objects.filter(is_must_read=True, reminded_at__isnull=False, withdrawn_at=None,
                                            ends_at__lte=at, ends_at__gt=at - board.LOOKS_BACK):
        _close(over, at, outcome="over")


def _check(notice: Notice, by: Actor, at: datetime) -> None:
    wrong = ErrorCollector()
    if not clean(notice.title) or len(clean(notice.title)) > 160:
        wrong.add("/title", "missing", _("A title of at most 160 characters."))
    if not clean_lines(notice.text) or len(clean_lines(notice.text)) > LONGEST:
        wrong.add("/text", "missing", _("A text of at most 4,000 characters."))
    if notice.ends_at <= notice.starts_at or notice.ends_at <= at:
        wrong.add("/ends_at", "before-start", _("It must end after it begins, and after now."))
    if notice.read_by is not None and not notice.starts_at < notice.read_by <= notice.ends_at:
        wrong.add("/read_by", "outside", _("Between its beginning and its end."))
    _check_places(notice.addressed, by.province_code, wrong)
    wrong.raise_if_any(InvalidAnnouncement)


def _check_places(to: Addressed, province: str, wrong: ErrorCollector) -> None:
    if to.roles - set(Role.values):
        wrong.add("/roles", "unknown", _("There is no such role."))
    known = {
        "operator_ids": (to.operator_ids, Operator.objects.all()),
        "outlet_ids": (to.outlet_ids, Outlet.objects.filter(commune__province_id=province)),
        "centre_ids": (to.centre_ids, Centre.objects.filter(province_id=province))}
    for name, (wanted, rows) in known.items():
        if wanted and rows.filter(id__in=wanted).count() != len(wanted):
            wrong.add(f"/{name}", "unknown", _("Not all of these are places of your city."))


def _running(announcement_id: UUID, by: Actor, at: datetime) -> Announcement:
    found = for_senders(by).select_for_update().filter(id=announcement_id).first()
    if found is None:
        raise AnnouncementNotFound
    if found.withdrawn_at is not None or found.ends_at <= at:
        raise AnnouncementOver
    return found


def _end(found: Announcement, because: str, by: Actor, at: datetime) -> None:
    found.withdrawn_at, found.withdrawn_by_name, found.withdrawn_because = at, by.name, because
    found.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_because"])
    _close(found, at, outcome="withdrawn")


def _record(action: str, found: Announcement, by: Actor, at: datetime, **after: object) -> None:
    audit.record(actor=by, action=action, object_type="announcement", object_id=found.id, at=at, after=after)
