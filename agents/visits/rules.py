"""What a visit may be and become, and which days a weekly series falls on. Pure: tables and arithmetic.

Cities bring the counter to people on fixed days: culture houses, malls, industrial zones, residential areas (Hà Nội's
mobile offices of October 2025: weekly in the suburbs, twice a week in industrial zones, five groups of services).
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.opening import is_holiday
from shared.calendar import WorkCalendar
from shared.formatting import weekday


class PointKind(models.TextChoices):
    CULTURE_HOUSE = "culture_house", _("culture house")
    MALL = "mall", _("mall or market")
    INDUSTRIAL_ZONE = "industrial_zone", _("industrial zone")
    RESIDENTIAL = "residential", _("residential area")
    SCHOOL = "school", _("school")
    FORMER_OFFICE = "former_office", _("former commune office")
    OTHER = "other", _("other place")


class Service(models.TextChoices):
    """What the visitors help with."""

    IDENTITY = "identity", _("electronic identity account")
    FILE = "file", _("filing online")
    SCAN = "scan", _("scanning papers")
    PAY = "pay", _("paying online")
    LOOK_UP = "look_up", _("looking up a dossier")


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("visit", "planned")
    CANCELLED = "cancelled", pgettext_lazy("visit", "cancelled")
    HELD = "held", pgettext_lazy("visit", "held")
    NOT_HELD = "not_held", _("did not take place")


S = VisitState
VISIT: Final[Mapping[tuple[VisitState, str], VisitState]] = MappingProxyType({
    (S.PLANNED, "cancel"): S.CANCELLED,
    (S.PLANNED, "move"): S.CANCELLED,
    (S.PLANNED, "report_held"): S.HELD,
    (S.PLANNED, "report_not_held"): S.NOT_HELD,
})
FINAL_VISIT: Final = frozenset({S.CANCELLED, S.HELD, S.NOT_HELD})

AHEAD: Final = timedelta(days=56)
"""How far ahead a series is laid out and told to the public."""
FARTHEST: Final = timedelta(days=366)
"""How far ahead a single visit may be planned."""
REPORT_WITHIN: Final = timedelta(days=1)
"""After its end; then its reporting is somebody's work."""
FARTHEST_KM: Final = 60.0
"""From its outlet; further away the point is mistyped."""
LONGEST_HOURS: Final = 14


def days_of(weekdays: AbstractSet[int], since: date, until: date, calendar: WorkCalendar) -> Iterator[date]:
    """The days from `since` to `until`, both included, on which a series falls; public holidays are left out."""
    for ahead in range((until - since).days + 1):
        day = since + timedelta(days=ahead)
        if day.weekday() in weekdays and not is_holiday(day, calendar):
            yield day


def overlap(a: tuple[time, time], b: tuple[time, time]) -> bool:
    """Whether two spans of one day share a minute."""
    return a[0] < b[1] and b[0] < a[1]


def weekday_name(day: int) -> str:
    """0 Monday … 6 Sunday."""
    return weekday(date(2024, 1, 1) + timedelta(days=day))
