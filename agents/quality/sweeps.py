"""What each night brings to quality. Safe to run at any time, any number of times."""

from datetime import date, datetime

from agents.models.organisations import Outlet
from agents.quality import appeals, commending, launch
from agents.quality.computing import count_month, formula_of, freeze_months
from agents.quality.models import ScoreMonth
from agents.quality.rules import ScoreState, appealable_until, month_before, month_of
from shared.calendar import local


def count_scores(*, now: datetime) -> int:
    """Count the months that are not frozen, freeze what is due, propose commendations; returns the rows counted."""
    counted = 0
    cities = sorted(set(Outlet.objects.values_list("commune__province_id", flat=True)))
    for month in _to_count(local(now).date()):
        counted += sum(count_month(province_code=each, month=month, at=now) for each in cities)
    freeze_months(at=now)
    commending.propose(at=now)
    appeals.climb(at=now)
    launch.begin_watches(at=now)
    return counted


def _to_count(today: date) -> list[date]:
    """This month, those that may still be appealed, and every older one with a score that is open, newest first."""
    months = set(ScoreMonth.objects.filter(state=ScoreState.OPEN).values_list("month", flat=True))
    month = month_of(today)
    while (formula := formula_of(month)) is not None and (
            month == month_of(today) or appealable_until(month, formula.appeal_days) >= today):
        months.add(month)
        month = month_before(month)
    return sorted(months, reverse=True)
