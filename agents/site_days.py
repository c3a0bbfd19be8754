"""The calendar of one site: the working calendar with the site's own closed, short and extra days."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.utils import timezone

from agents.models.sites import SiteDay, SiteDayKind
from shared.calendar import AFTERNOON, MORNING, WHOLE_DAY, Hours, WorkCalendar
from shared.working_days import work_calendar

_KEPT_SECONDS: Final = 60.0
_REACH: Final = timedelta(days=500)
"""Terms run for months; what lies further back has done its work."""
_SHORT: Final[Mapping[str, Hours]] = {SiteDayKind.MORNING: (MORNING,), SiteDayKind.AFTERNOON: (AFTERNOON,)}
_EXTRA: Final[Mapping[str, Hours]] = {SiteDayKind.EXTRA_MORNING: (MORNING,), SiteDayKind.EXTRA_DAY: WHOLE_DAY}

_kept: tuple[float, Mapping[UUID, tuple["Particular", ...]]] | None = None


@dataclass(frozen=True, slots=True)
class Particular:
    """One day that differs at a site."""

    day: date
    kind: str


def site_calendar(site_id: UUID | None, *, fresh: bool = False) -> WorkCalendar:
    """The calendar of a centre or outlet; the general one for None.

    A process remembers what is particular for a minute, so a page costs no query for it; `fresh` reads it anew, for
    what is written down.
    """
    if site_id is None:
        return work_calendar()
    if fresh:
        rows = SiteDay.objects.filter(withdrawn_at=None, centre_id=site_id) | SiteDay.objects.filter(
            withdrawn_at=None, outlet_id=site_id)
        return with_particulars(work_calendar(), [Particular(row.date, row.kind) for row in rows])
    return with_particulars(work_calendar(), _particulars().get(site_id, ()))


@dataclass(frozen=True, slots=True)
class SiteDayInfo:
    """A site's day as other apps may know it."""

    id: UUID
    centre_id: UUID | None
    outlet_id: UUID | None
    day: date
    kind: str
    reason: str
    legal_basis: str


def site_day(site_day_id: UUID) -> SiteDayInfo | None:
    """Also one that was taken back."""
    row = SiteDay.objects.filter(id=site_day_id).first()
    return None if row is None else SiteDayInfo(row.id, row.centre_id, row.outlet_id, row.date, row.kind, row.reason,
                                                row.legal_basis)


def calendars_around(changed: SiteDayInfo) -> tuple[WorkCalendar, WorkCalendar]:
    """The site's calendar as it would be without this day's entry, and with it."""
    of_site = {"centre_id": changed.centre_id} if changed.centre_id else {"outlet_id": changed.outlet_id}
    rows = SiteDay.objects.filter(withdrawn_at=None, **of_site)
    others = [Particular(row.date, row.kind) for row in rows.exclude(date=changed.day)]
    whole = [*others, Particular(changed.day, changed.kind)]
    return with_particulars(work_calendar(), others), with_particulars(work_calendar(), whole)


def with_particulars(calendar: WorkCalendar, particulars: Iterable[Particular]) -> WorkCalendar:
    """`calendar` as one site keeps it. What would open a working day, or shorten a day off, says nothing."""
    deviations, short, extra = dict(calendar.deviations), {}, {}
    for each in particulars:
        if each.kind in _EXTRA and not calendar.is_working(each.day):
            extra[each.day] = _EXTRA[each.kind]
        elif each.kind in _SHORT and calendar.is_working(each.day):
            short[each.day] = _SHORT[each.kind]
        elif each.kind == SiteDayKind.CLOSED:
            deviations[each.day] = False
    if not (short or extra) and len(deviations) == len(calendar.deviations) and deviations == calendar.deviations:
        return calendar
    return WorkCalendar(MappingProxyType(deviations), MappingProxyType(short), MappingProxyType(extra))


def in_force_on(day: date) -> list[UUID]:
    """The centres and outlets that have a day of their own then, as far as this process remembers."""
    return [site_id for site_id, days in _particulars().items() if any(each.day == day for each in days)]


def _particulars() -> Mapping[UUID, tuple[Particular, ...]]:
    global _kept  # noqa: PLW0603  # a few rows per process, read again after a minute
    if _kept is None or time.monotonic() - _kept[0] > _KEPT_SECONDS:
        found: dict[UUID, tuple[Particular, ...]] = {}
        rows = SiteDay.objects.filter(withdrawn_at=None, date__gte=timezone.localdate() - _REACH)
        for centre_id, outlet_id, day, kind in rows.values_list("centre_id", "outlet_id", "date", "kind"):
            site_id = centre_id or outlet_id
            if site_id is not None:
                found[site_id] = (*found.get(site_id, ()), Particular(day, kind))
        _kept = (time.monotonic(), found)
    return _kept[1]


def forget() -> None:
    """Drop what is remembered, after a site's day was set or taken back."""
    global _kept  # noqa: PLW0603
    _kept = None
