"""Planning visits one by one and every week; cancelling and moving them with a reason the public reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agents.visits import planners
from agents.visits.errors import InvalidVisit
from agents.visits.models import SubPoint, Visit, VisitSeries
from agents.visits.rules import AHEAD, FARTHEST, LONGEST_HOURS, Service, VisitState, days_of, overlap
from shared import audit, work
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.errors import ErrorCollector
from shared.problems import told
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

UNREPORTED: Final = "visit-unreported"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when on a day, what for, and what the public should know."""

    opens: time
    closes: time
    services: Collection[str]
    note: str = ""


@operation
def plan_visit(*, sub_point_id: UUID, day: date, span: Span, by: Actor, at: datetime) -> Visit:
    """Plan one visit; it is announced at once.

    Raises:
        SubPointNotFound, NotYourVisits, SubPointClosed: as they say.
        InvalidVisit: the time has passed or lies too far ahead, the span is no span, no service is named, or another
            visit to the sub-point shares a minute with it.
    """
    point = planners.point_to_plan(sub_point_id, by)
    wrong = ErrorCollector()
    _check_span(span, wrong)
    _check_day(day, span, at, wrong)
    wrong.raise_if_any(InvalidVisit)
    _check_free(point, day, span)
    made = _planned(point, day, span, by, at)
    audit.record(actor=by, action="visit.plan", object_type="visit", object_id=made.id, at=at,
                 after={"sub_point": str(point.id), "date": day.isoformat()})
    return made


@operation
def plan_series(*, sub_point_id: UUID, weekdays: Collection[int], span: Span, starts_on: date, ends_on: date | None,
                by: Actor, at: datetime) -> VisitSeries:
    """Plan visits on the same days of every week, laid out eight weeks ahead; public holidays are left out.

    Days on which another visit stands in the way are left out too.

    Raises:
        SubPointNotFound, NotYourVisits, SubPointClosed: as they say.
        InvalidVisit: no weekday, a period that has passed or ends before it begins, or the span, as for one visit.
    """
    point = planners.point_to_plan(sub_point_id, by)
    _check_series(frozenset(weekdays), span, starts_on, ends_on, at)
    made = VisitSeries.objects.create(
        sub_point=point, weekdays=sorted(set(weekdays)), opens=span.opens, closes=span.closes,
        services=_in_order(span.services), note=clean(span.note)[:200], starts_on=starts_on, ends_on=ends_on,
        laid_until=starts_on - timedelta(days=1), made_at=at, made_by_name=by.name)
    audit.record(actor=by, action="visit_series.plan", object_type="visit_series", object_id=made.id, at=at,
                 after={"sub_point": str(point.id), "weekdays": made.weekdays, "starts_on": starts_on.isoformat()})
    lay_out(made, at)
    return made


@operation
def end_series(*, series_id: UUID, because: str, by: Actor, at: datetime) -> VisitSeries:
    """End a weekly series; its visits to come are cancelled with the reason.

    Raises:
        SeriesNotFound, NotYourVisits, SeriesEnded: as they say.
        InvalidVisit: without a reason.
    """
    series = planners.series_to_plan(series_id, by)
    reason = _reason(because)
    for visit in Visit.objects.select_for_update().filter(
            series=series, state=VisitState.PLANNED, date__gt=local(at).date()).order_by("id"):
        call_off(visit, reason, by, at)
    series.ended_at, series.ended_by_name = at, by.name
    series.save(update_fields=["ended_at", "ended_by_name"])
    audit.record(actor=by, action="visit_series.end", object_type="visit_series", object_id=series.id, at=at,
                 reason=reason)
    return series


@operation
def cancel_visit(*, visit_id: UUID, because: str, by: Actor, at: datetime) -> Visit:
    """Call a visit off; the public page keeps it, struck through, with the reason.

    Raises:
        VisitNotFound, NotYourVisits, VisitOver, VisitEnded: as they say.
        InvalidVisit: without a reason.
    """
    visit = planners.visit_to_come(visit_id, by, at)
    call_off(visit, _reason(because), by, at)
    return visit


@operation
def move_visit(*, visit_id: UUID, day: date, opens: time, closes: time, because: str, by: Actor, at: datetime) -> Visit:
    """Put a visit on another day or hour; whoever opens the old one is led to the new one. Returns the new one.

    One of a weekly series stays one of it: when the series ends, it ends too.

    Raises:
        VisitNotFound, NotYourVisits, VisitOver, VisitEnded: as they say.
        InvalidVisit: without a reason, or the new time, as for `plan_visit`.
    """
    visit = planners.visit_to_come(visit_id, by, at)
    point = planners.point_to_plan(visit.sub_point_id, by)
    reason, span, wrong = _reason(because), Span(opens, closes, visit.services, visit.note), ErrorCollector()
    _check_span(span, wrong)
    _check_day(day, span, at, wrong)
    wrong.raise_if_any(InvalidVisit)
    _check_free(point, day, span, but=visit.id)
    call_off(visit, reason, by, at)
    made = _planned(point, day, span, by, at, series_id=visit.series_id)
    visit.moved_to = made
    visit.save(update_fields=["moved_to"])
    audit.record(actor=by, action="visit.move", object_type="visit", object_id=made.id, at=at,
                 before={"visit": str(visit.id), "date": visit.date.isoformat()}, after={"date": day.isoformat()},
                 reason=reason)
    return made


def call_off(visit: Visit, reason: str, by: Actor, at: datetime) -> None:
    """Cancel a visit that its caller holds locked."""
    visit.state, visit.because, visit.settled_at, visit.settled_by_name = VisitState.CANCELLED, reason, at, by.name
    visit.save(update_fields=["state", "because", "settled_at", "settled_by_name"])
    work.close_item(kind=UNREPORTED, reference=str(visit.id), by=by.name, at=at, outcome="cancelled")
    audit.record(actor=by, action="visit.cancel", object_type="visit", object_id=visit.id, at=at, reason=reason)


def lay_out(series: VisitSeries, at: datetime) -> int:
    """Make the visits of a series up to eight weeks from `at`; returns how many are new."""
    today = local(at).date()
    since = max(series.laid_until + timedelta(days=1), today)
    until = min(series.ends_on or date.max, today + AHEAD)
    if since > until:
        return 0
    span = (series.opens, series.closes)
    taken: dict[date, list[tuple[time, time]]] = {}
    for row in _standing(series.sub_point_id).filter(date__range=(since, until)):
        taken.setdefault(row.date, []).append((row.opens, row.closes))
    days = [day for day in days_of(set(series.weekdays), since, until, work_calendar())
            if at_local(day, series.opens) > at and not any(overlap(span, each) for each in taken.get(day, []))]
    Visit.objects.bulk_create([
        Visit(sub_point_id=series.sub_point_id, series=series, date=day, opens=series.opens, closes=series.closes,
              services=series.services, note=series.note, planned_at=at, planned_by_name=series.made_by_name)
        for day in days])
    series.laid_until = until
    series.save(update_fields=["laid_until"])
    return len(days)


def _planned(point: SubPoint, day: date, span: Span, by: Actor, at: datetime, *,
             series_id: UUID | None = None) -> Visit:
    return Visit.objects.create(
        sub_point=point, series_id=series_id, date=day, opens=span.opens, closes=span.closes,
        services=_in_order(span.services), note=clean(span.note)[:200], planned_at=at, planned_by_name=by.name)


def _standing(point_id: UUID) -> QuerySet[Visit]:
    return Visit.objects.filter(sub_point_id=point_id).exclude(state=VisitState.CANCELLED)


def _in_order(services: Collection[str]) -> list[str]:
    return [each for each in Service.values if each in set(services)]


def _reason(because: str) -> str:
    reason = clean(because)
    if not 0 < len(reason) <= 300:
        wrong = ErrorCollector()
        wrong.add("/because", "missing", _("Say why; people who meant to come will read it."))
        wrong.raise_if_any(InvalidVisit)
    return reason


def _check_span(span: Span, wrong: ErrorCollector) -> None:
    if span.closes <= span.opens:
        wrong.add("/closes", "before-start", _("It must end after it begins, on the same day."))
    elif _hours(span) > LONGEST_HOURS:
        wrong.add("/closes", "long", told(_("A visit lasts at most {most} hours."), most=LONGEST_HOURS))
    if not span.services or set(span.services) - set(Service.values):
        wrong.add("/services", "unknown", _("Name at least one service from the list."))


def _hours(span: Span) -> float:
    return (span.closes.hour * 60 + span.closes.minute - span.opens.hour * 60 - span.opens.minute) / 60


def _check_day(day: date, span: Span, at: datetime, wrong: ErrorCollector, *, name: str = "/date") -> None:
    if day > local(at).date() + FARTHEST:
        wrong.add(name, "far", _("Plan at most a year ahead."))
    elif at_local(day, span.opens) <= at:
        wrong.add(name, "passed", _("This moment has passed."))


def _check_free(point: SubPoint, day: date, span: Span, *, but: UUID | None = None) -> None:
    same_day = [row for row in _standing(point.id).filter(date=day) if row.id != but]
    if any(overlap((span.opens, span.closes), (row.opens, row.closes)) for row in same_day):
        wrong = ErrorCollector()
        wrong.add("/opens", "overlap", _("Another visit to this sub-point is planned at that time."))
        wrong.raise_if_any(InvalidVisit)


def _check_series(weekdays: frozenset[int], span: Span, starts_on: date, ends_on: date | None, at: datetime) -> None:
    wrong = ErrorCollector()
    _check_span(span, wrong)
    if not weekdays or weekdays - set(range(7)):
        wrong.add("/weekdays", "unknown", _("Choose at least one day of the week."))
    today = local(at).date()
    if not today <= starts_on <= today + FARTHEST:
        wrong.add("/starts_on", "passed", _("It begins today or later, within a year."))
    if ends_on is not None and not starts_on <= ends_on:
        wrong.add("/ends_on", "before-start", _("It must not end before it begins."))
    wrong.raise_if_any(InvalidVisit)
