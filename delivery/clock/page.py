"""What a page of the clock shows, from what its address asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.clock import queries
from delivery.clock.counting import monday_of
from delivery.clock.queries import Asked, By, Clock, Line, Tally
from shared import places
from shared.formatting import day
from shared.pictures import Chart, Map, Point, Series, Shape, Tone, Unit

GOOD: Final = 0.95
FAIR: Final = 0.85
SPANS: Final = {4: gettext_lazy("4 weeks"), 13: gettext_lazy("13 weeks"), 26: gettext_lazy("26 weeks")}
TABS: Final = {
    By.COMMUNE: gettext_lazy("By commune"), By.OUTLET: gettext_lazy("By outlet"),
    By.OPERATOR: gettext_lazy("By operator"), By.WEEK: gettext_lazy("By week")}  # fmt: skip
_TONES: Final = (Tone.NIGHT, Tone.ACTION, Tone.SOON, Tone.PAUSE)


@dataclass(frozen=True, slots=True)
class Choice:
    label: object
    query: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Row:
    line: Line
    name: str
    look: str
    """"ok", "soon", "late", or "" where too few fell due."""


@dataclass(frozen=True, slots=True)
class ClockPage:
    clock: Clock
    by: By
    rows: Sequence[Row]
    chart: Chart
    map: Map | None
    spans: Sequence[Choice]
    tabs: Sequence[Choice]
    provinces: Sequence[Choice]
    province_name: str
    file_query: str
    earlier: str
    """The address's query for the weeks before these; "" where nothing older is counted."""
    later: str

    @property
    def tally(self) -> Tally:
        return self.clock.whole

    @property
    def look(self) -> str:
        return look_of(self.tally)

    @property
    def first_day(self) -> date:
        return self.clock.asked.first

    @property
    def last_day(self) -> date:
        """The Sunday of the last week."""
        return self.clock.asked.last + timedelta(days=6)


def look_of(tally: Tally) -> str:
    if tally.share is None:
        return ""
    return "ok" if tally.share >= GOOD else "soon" if tally.share >= FAIR else "late"


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked, and whether there is anything before and after it."""

    asked: Asked
    by: By
    weeks: int
    has_earlier: bool
    has_later: bool


def asked_of(get: QueryDict, today: date, scope: Mapping[str, Any], usual_province: str = "") -> Window:
    """What the address asks, kept inside `scope`; nonsense is the usual.

    Without a last week the page ends with this one, or, where these weeks are empty, with the last one that is counted:
    whoever comes to a city that has stood still finds what was.
    """
    span = get.get("tuan", "")
    weeks = int(span) if span.isascii() and span.isdigit() and len(span) < 4 and int(span) in SPANS else 13
    tab = get.get("theo", "")
    by = By(tab) if tab in TABS else By.COMMUNE
    first, last = queries.recent(today, weeks)
    asked = Asked(first, last, province_code=_province(get) or usual_province)
    asked = replace(asked, **{name: value for name, value in scope.items() if value})
    oldest, newest = queries.weeks_told(asked)
    until = _week(get, today) or (newest if newest is not None and newest < first else last)
    first, last = queries.span(until, weeks)
    return Window(replace(asked, first=first, last=last), by, weeks, oldest is not None and oldest < first,
                  last < monday_of(today))


def _week(get: QueryDict, today: date) -> date | None:
    """The Monday of the last week that the address names; never one to come."""
    try:
        return monday_of(min(date.fromisoformat(get.get("den", "")[:10]), today))
    except ValueError:
        return None


def _province(get: QueryDict) -> str:
    code = get.get("tinh", "")
    return code if len(code) == 2 and code.isascii() and code.isdigit() else ""


def build(get: QueryDict, today: date, scope: Mapping[str, Any]) -> ClockPage:
    told = [] if scope.get("province_code") else queries.provinces_told()
    window = asked_of(get, today, scope, told[0][0] if told and not scope else "")  # a published page is a city's
    asked, by, weeks = window.asked, window.by, window.weeks
    clock = queries.clock(asked)
    lines = queries.lines(asked, by)
    here: dict[str, object] = {"tinh": asked.province_code if told else "", "tuan": weeks, "theo": by.value,
                               "den": asked.last.isoformat() if window.has_later else ""}
    return ClockPage(
        clock, by, [Row(line, _name(line, by), look_of(line.tally)) for line in lines], _chart(clock),
        _map(lines, asked) if by in {By.COMMUNE, By.OUTLET} and lines else None,
        [Choice(label, _query(here, tuan=span), span == weeks) for span, label in SPANS.items()],
        [Choice(label, _query(here, theo=tab.value), tab is by) for tab, label in TABS.items()],
        [Choice(name, _query(here, tinh=code, den=""), code == asked.province_code) for code, name in told],
        places.province_full_name(asked.province_code) if asked.province_code in dict(told) or (
            scope.get("province_code")) else "",
        _query(here), _query(here, den=asked.first - timedelta(weeks=1)) if window.has_earlier else "",
        _query(here, den=asked.last + timedelta(weeks=weeks)) if window.has_later else "")  # fmt: skip


def _query(here: Mapping[str, object], **changes: object) -> str:
    return urlencode({name: value for name, value in {**here, **changes}.items() if value})


def _name(line: Line, by: By) -> str:
    if by is By.WEEK:
        return _("week of %(day)s") % {"day": day(date.fromisoformat(line.key))}
    return line.name or _("without an outlet")


def _chart(clock: Clock) -> Chart:
    weeks = [date.fromisoformat(line.key) for line in clock.weeks]
    operators = clock.operators[: len(_TONES)]
    return Chart(
        _("Kept promises, week by week"), _("Week of"), [day(week) for week in weeks],
        [Series(line.name, [clock.by_week[line.key].get(week, Tally()).share for week in weeks], tone)
         for line, tone in zip(operators, _TONES, strict=False)],
        Shape.LINE, Unit.SHARE, _("Weeks in which fewer than five promises fell due are left out."))


def _map(lines: Sequence[Line], asked: Asked) -> Map:
    tones = {"ok": Tone.OK, "soon": Tone.SOON, "late": Tone.LATE, "": Tone.REST}
    points = [Point(*line.at, line.name, _words(line.tally), tones[look_of(line.tally)],
                    7 if line.tally.share is None else 9)
              for line in lines if line.at is not None]
    ground = [(place.latitude, place.longitude) for place in places.places_of_province(asked.province_code)] if (
        asked.province_code) else []
    return Map(_("Where the post keeps its word"), points, ground)


def _words(tally: Tally) -> str:
    if tally.percent is None:
        return _("too few to say")
    return _("%(share)s kept of %(due)s") % {"share": f"{tally.percent:.0f} %", "due": tally.due}
