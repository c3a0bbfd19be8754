"""How a visit went; weekly series laid out further; visits nobody reported become work of the outlet's manager."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.visits import planners
from agents.visits.errors import InvalidVisit, VisitNotYetEnded
from agents.visits.models import SubPoint, Visit, VisitSeries
from agents.visits.planning import UNREPORTED, lay_out
from agents.visits.queries import ends_at, loaded
from agents.visits.rules import AHEAD, REPORT_WITHIN, VisitState
from shared import audit, work
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

MOST_PEOPLE: Final = 5_000
_PORTION: Final = 200
_WITHIN_MINUTES: Final = 2 * 480
"""Working minutes in which the manager reports what was forgotten."""


@operation
def report_held(*, visit_id: UUID, people_helped: int, by: Actor, at: datetime) -> Visit:
    """The visit took place, and so many people were helped. A clerk who was there may say so.

    Raises:
        VisitNotFound, NotYourVisits, VisitOver, VisitNotYetEnded: as they say.
        InvalidVisit: a number that cannot be.
    """
    visit = _ended(visit_id, by, at)
    if not 0 <= people_helped <= MOST_PEOPLE:
        wrong = ErrorCollector()
        wrong.add("/people_helped", "out-of-range", _("Enter how many people were helped, 0 to 5,000."))
        wrong.raise_if_any(InvalidVisit)
    visit.people_helped = people_helped
    return _settled(visit, VisitState.HELD, "", by, at)


@operation
def report_not_held(*, visit_id: UUID, because: str, by: Actor, at: datetime) -> Visit:
    """The visit did not take place, for a reason.

    Raises:
        VisitNotFound, NotYourVisits, VisitOver, VisitNotYetEnded: as they say.
        InvalidVisit: without a reason.
    """
    visit, reason = _ended(visit_id, by, at), clean(because)
    if not 0 < len(reason) <= 300:
        wrong = ErrorCollector()
        wrong.add("/because", "missing", _("Say why it did not take place."))
        wrong.raise_if_any(InvalidVisit)
    return _settled(visit, VisitState.NOT_HELD, reason, by, at)


def _ended(visit_id: UUID, by: Actor, at: datetime) -> Visit:
    visit = planners.visit_to_settle(visit_id, by, planners.REPORTERS)
    if ends_at(visit) > at:
        raise VisitNotYetEnded
    return visit


def _settled(visit: Visit, state: VisitState, because: str, by: Actor, at: datetime) -> Visit:
    visit.state, visit.because, visit.settled_at, visit.settled_by_name = state, because, at, by.name
    visit.save(update_fields=["state", "because", "people_helped", "settled_at", "settled_by_name"])
    work.close_item(kind=UNREPORTED, reference=str(visit.id), by=by.name, at=at, outcome=state)
    audit.record(actor=by, action="visit.report", object_type="visit", object_id=visit.id, at=at,
                 after={"state": str(state), "people_helped": visit.people_helped}, reason=because)
    return visit


def lay_out_series(*, at: datetime) -> int:
    """Lay every running series out to eight weeks ahead; returns how many visits are new."""
    today, new = local(at).date(), 0
    runs_on = Q(ends_on=None) | Q(ends_on__gt=F("laid_until"))
    waiting = VisitSeries.objects.filter(runs_on, ended_at=None, laid_until__lt=today + AHEAD)
    for series_id in waiting.order_by("laid_until", "id").values_list("id", flat=True)[:_PORTION]:
        with transaction.atomic():
            # The sub-point first, as people do: none is closed, and nothing planned there, meanwhile.
            point = SubPoint.objects.select_for_update(of=("self",), skip_locked=True).filter(series=series_id).first()
            if point is None:
                continue
            series = VisitSeries.objects.select_for_update().filter(id=series_id, ended_at=None).first()
            if series is not None:
                new += lay_out(series, at)
    return new


def ask_for_reports(*, at: datetime) -> int:
    """Open work for visits that ended a day ago and of which nobody said how they went; returns how many are new."""
    due = work_calendar().add_working_minutes(at, _WITHIN_MINUTES)
    asked = WorkItem.objects.filter(kind=UNREPORTED, closed_at=None).values_list("reference", flat=True)
    past = loaded().filter(state=VisitState.PLANNED, date__lte=local(at - REPORT_WITHIN).date()).exclude(
        id__in=list(asked))
    silent = [visit for visit in past.order_by("date", "id")[:_PORTION] if ends_at(visit) + REPORT_WITHIN <= at]
    for visit in silent:
        outlet = visit.sub_point.outlet
        work.open_item(kind=UNREPORTED, reference=str(visit.id), owner_role=Role.OUTLET_MANAGER,
                       owner_place=outlet.code, at=at, due_at=due,
                       detail={"province": visit.sub_point.commune.province_id,
                               "date": visit.date.isoformat()})
    return len(silent)
