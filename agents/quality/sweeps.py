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
    counted, today = 0, local(now).date()
    month = month_of(today)
    cities = sorted(set(Outlet.objects.values_list("commune__province_id", flat=True)))
    while (formula := formula_of(month)) is not None and (
            month == month_of(today) or appealable_until(month, formula.appeal_days) >= today
            or _is_open(month)):
        counted += sum(count_month(province_code=each, month=month, at=now) for each in cities)
        month = month_before(month)
    freeze_months(at=now)
    commending.propose(at=now)
    appeals.climb(at=now)
    launch.begin_watches(at=now)
    return counted


def _is_open(month: date) -> bool:
    return ScoreMonth.objects.filter(month=month, state=ScoreState.OPEN).exists()
