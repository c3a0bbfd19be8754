"""Searches as people read them: those of their own place."""

from datetime import date, datetime, time
from typing import Final

from django.db import models
from django.db.models import Exists, OuterRef, Q

from delivery.door.models import DeliveryChange
from delivery.door.redirects import is_late
from delivery.models.parcels import Parcel, ParcelQuerySet
from delivery.queries.parcels import seen_by
from delivery.rules import ParcelState
from delivery.searches.models import SearchCase, SearchQuerySet, SearchStep
from delivery.searches.rules import MOVING, OVERDUE_DAYS, SILENT_DAYS, SearchCause
from shared.actors import Actor
from shared.calendar import WorkCalendar, at_local, local

WAITING_FOR_PEOPLE: Final = (ParcelState.ATTEMPT_FAILED, ParcelState.AT_COLLECTION_POINT, ParcelState.NEEDS_REVIEW)


def searches_seen_by(actor: Actor) -> SearchQuerySet:
    """The searches for parcels that `actor` may know of."""
    return SearchCase.objects.filter(parcel__in=seen_by(actor).values("id")).fetch_mode(models.FETCH_RAISE)


def loaded(rows: SearchQuerySet) -> SearchQuerySet:
    return rows.select_related("parcel__recipient_commune__province", "parcel__origin_commune")


def steps_of(search: SearchCase) -> list[SearchStep]:
    """What was done, latest first."""
    return list(SearchStep.objects.filter(search=search).order_by("-id"))


def days_before(calendar: WorkCalendar, today: date, working_days: int) -> date:
    """The day that many working days before `today`."""
    day = today
    while working_days:
        day = date.fromordinal(day.toordinal() - 1)
        working_days -= calendar.is_working(day)
    return day


def silent(parcels: ParcelQuerySet, calendar: WorkCalendar, at: datetime) -> ParcelQuerySet:
    """On their way, and nothing was heard of them for days."""
    since = at_local(days_before(calendar, local(at).date(), SILENT_DAYS), time(0))
    return parcels.live().filter(state__in=MOVING, state_at__lt=since)


def overdue(parcels: ParcelQuerySet, calendar: WorkCalendar, at: datetime) -> ParcelQuerySet:
    """On their way days after the day that holds for who waits; those that wait for somebody or go back are not."""
    before = days_before(calendar, local(at).date(), OVERDUE_DAYS)
    ahead = [state for state in MOVING if state is not ParcelState.RETURNING]
    asked = parcels.live().filter(state__in=ahead)
    return asked.filter(is_late(asked, before))


def to_be_searched(calendar: WorkCalendar, at: datetime) -> list[tuple[ParcelQuerySet, SearchCause]]:
    """Parcels for which a search is due, by cause: none that is looked for, or was until a few days ago, and none
    that waits for the day its addressee has chosen.
    """
    recently = at_local(days_before(calendar, local(at).date(), SILENT_DAYS), time(0))
    searched = SearchCase.objects.filter(Q(ended_at=None) | Q(ended_at__gte=recently), parcel=OuterRef("pk"))
    chosen = DeliveryChange.objects.filter(parcel=OuterRef("pk"), wanted_date__gte=local(at).date())
    open_ones = Parcel.objects.exclude(Exists(searched)).exclude(Exists(chosen))
    return [(silent(open_ones, calendar, at), SearchCause.SILENT),
            (overdue(open_ones, calendar, at), SearchCause.OVERDUE)]
