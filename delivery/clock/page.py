"""What a page of the clock shows, from what its address asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.clock import queries
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

    @property
    def tally(self) -> Tally:
        return self.clock.whole

    @property
    def look(self) -> str:
        return look_of(self.tally)


def look_of(tally: Tally) -> str:
    if tally.share is None:
        return ""
    return "ok" if tally.share >= GOOD else "soon" if tally.share >= FAIR else "late"


def asked_of(get: QueryDict, today: date, scope: Mapping[str, Any]) -> tuple[Asked, By, int]:
    """What the address asks, kept inside `scope`; nonsense is the usual."""
    span = get.get("tuan", "")
    weeks = int(span) if span.isascii() and span.isdigit() and len(span) < 4 and int(span) in SPANS else 13
    tab = get.get("theo", "")
    by = By(tab) if tab in TABS else By.COMMUNE
    first, last = queries.recent(today, weeks)
    asked = Asked(first, last, province_code=_province(get))
    return replace(asked, **{name: value for name, value in scope.items() if value}), by, weeks


def _province(get: QueryDict) -> str:
    code = get.get("tinh", "")
    return code if len(code) == 2 and code.isascii() and code.isdigit() else ""


def build(get: QueryDict, today: date, scope: Mapping[str, Any]) -> ClockPage:
    asked, by, weeks = asked_of(get, today, scope)
    told = [] if scope.get("province_code") else queries.provinces_told()
    if not asked.province_code and not scope and told:
        asked = replace(asked, province_code=told[0][0])  # a published page is a city's
    clock = queries.clock(asked)
    lines = queries.lines(asked, by)
    here: dict[str, object] = {"tinh": asked.province_code if told else "", "tuan": weeks, "theo": by.value}
    return ClockPage(
        clock, by, [Row(line, _name(line, by), look_of(line.tally)) for line in lines], _chart(clock),
        _map(lines, asked) if by in {By.COMMUNE, By.OUTLET} and lines else None,
        [Choice(label, _query(here, tuan=span), span == weeks) for span, label in SPANS.items()],
        [Choice(label, _query(here, theo=tab.value), tab is by) for tab, label in TABS.items()],
        [Choice(name, _query(here, tinh=code), code == asked.province_code) for code, name in told],
        places.province_full_name(asked.province_code) if asked.province_code in dict(told) or (
            scope.get("province_code")) else "",
        _query(here))  # fmt: skip


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
