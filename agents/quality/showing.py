"""Scores as pages show them: figures in words, sums that can be followed, the run of months as a chart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agents.quality.models import ScoreFormula, ScoreMeasure, ScoreMonth
from agents.quality.rules import WHOLE, Counted, Measure, Weighed, points, score
from agents.quality.wording import FAULTS, MEASURES, UNITS
from shared import formatting
from shared.errors import Text
from shared.pictures import Chart, Series, Shape, Tone, Unit

GOOD: Final = 8500
FAIR: Final = 6500


def tenths(value: int | None) -> str:
    """Points of WHOLE as people read them, of a hundred: "87,5"; a dash for what is not judged."""
    if value is None:
        return "–"
    text = f"{value / 100:.1f}"
    return text.replace(".", ",") if formatting.speaks_vietnamese() else text


def share(met: int, judged: int) -> str:
    return formatting.percent(100 * met / judged, 1) if judged else "–"


def month_words(month: date) -> str:
    return f"{month:%m/%Y}"


def tone(value: int | None) -> str:
    """How a score is coloured; the figure stands beside it."""
    if value is None:
        return ""
    return "ok" if value >= GOOD else "soon" if value >= FAIR else "late"


@dataclass(frozen=True, slots=True)
class FaultLine:
    """"without 12 cases of 14 March 9:10–11:40: network down"."""

    words: str
    cases: int


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One row of a scorecard."""

    measure: Measure
    label: Text
    unit: Text
    weighed: Weighed
    counted: Counted
    points: int | None
    amount: int
    faults: tuple[FaultLine, ...]
    source: str

    @property
    def share(self) -> str:
        return share(self.counted.met, self.counted.judged)

    @property
    def shown(self) -> str:
        return tenths(self.points)

    @property
    def tone(self) -> str:
        return tone(self.points)

    @property
    def meter(self) -> int:
        return self.points or 0

    @property
    def floor(self) -> str:
        return formatting.percent(self.weighed.floor / 100)

    @property
    def target(self) -> str:
        return formatting.percent(self.weighed.target / 100, 0 if self.weighed.target % 100 == 0 else 1)

    @property
    def is_spared_whole(self) -> bool:
        """Judged, though every case was taken out: a miss of a system's is no fault of the outlet."""
        return self.points is not None and self.counted.is_all_out

    @property
    def why_none(self) -> str:
        if self.points is not None:
            return ""
        return _("too few: judged from %(n)s on") % {"n": self.weighed.least}

    @property
    def mean(self) -> str:
        """Visits for each dossier; empty for other measures."""
        if self.measure is not Measure.VISITS or not self.counted.seen:
            return ""
        text = f"{self.amount / self.counted.seen:.2f}"
        return text.replace(".", ",") if formatting.speaks_vietnamese() else text


def lines(row: ScoreMonth) -> list[MeasureLine]:
    """The measures of a month in the formula's order; they must be loaded."""
    kept = {each.measure: each for each in row.measures.all()}
    return [_line(weighed, kept[weighed.measure], source) for weighed, source in
            zip(row.formula.weighed, sources(row.formula), strict=True) if weighed.measure in kept]


def sources(formula: ScoreFormula) -> list[str]:
    field = "source_en" if get_language() == "en" else "source_vi"
    return [each[field] for each in formula.measures]


def _line(weighed: Weighed, row: ScoreMeasure, source: str) -> MeasureLine:
    counted = Counted(row.met, row.missed, row.faulty, row.spared)
    return MeasureLine(weighed.measure, MEASURES[weighed.measure], UNITS[weighed.measure], weighed, counted,
                       row.points, row.amount, tuple(fault_lines(row.faults)), source)


def fault_lines(faults: Iterable[Mapping[str, Any]]) -> Iterable[FaultLine]:
    for each in faults:
        since, until = (datetime.fromisoformat(each[name]) for name in ("since", "until"))
        same_day = formatting.local_day(since) == formatting.local_day(until)
        span = f"{formatting.stamp(since)}–{formatting.clock(until) if same_day else formatting.stamp(until)}"
        words = ngettext("without %(n)s case of %(span)s: %(what)s", "without %(n)s cases of %(span)s: %(what)s",
                         each["cases"]) % {"n": each["cases"], "span": span,
                                           "what": FAULTS.get(each["kind"], each["kind"])}
        yield FaultLine(words, each["cases"])


def run_of_months(rows: Sequence[ScoreMonth]) -> Chart:
    """The totals of an outlet's months, the oldest first; a gap where there was too little."""
    ordered = sorted(rows, key=lambda row: row.month)
    return Chart(title=_("Score by month"), axis=_("Month"), labels=[month_words(row.month) for row in ordered],
                 series=[Series(_("Score"), [None if row.total is None else row.total / WHOLE for row in ordered],
                                Tone.ACTION)],
                 shape=Shape.LINE, unit=Unit.SHARE, note=_("share of the full points"))


def side_by_side(rows: Sequence[ScoreMonth]) -> Chart:
    """The points of up to four outlets, measure by measure."""
    tones = (Tone.ACTION, Tone.NIGHT, Tone.OK, Tone.SOON)
    measures = [each.measure for each in rows[0].formula.weighed] if rows else []
    series = [Series(row.outlet.name, [_points(row, measure) for measure in measures], tones[number % len(tones)])
              for number, row in enumerate(rows)]
    return Chart(title=_("Points by measure"), axis=_("Measure"), labels=[MEASURES[each] for each in measures],
                 series=series, shape=Shape.BAR, unit=Unit.SHARE)


def _points(row: ScoreMonth, measure: Measure) -> float | None:
    found = next((each.points for each in row.measures.all() if each.measure == measure), None)
    return None if found is None else found / WHOLE


@dataclass(frozen=True, slots=True)
class Worked:
    """One line of the worked example: every step of the arithmetic."""

    label: Text
    counted: Counted
    share: str
    sum: str
    points: str
    weight: int
    product: str


EXAMPLE: Final[Mapping[Measure, Counted]] = {
    Measure.FORWARD_TIME: Counted(met=92, missed=4, faulty=12), Measure.FIRST_TIME_RIGHT: Counted(met=103, missed=5),
    Measure.VISITS: Counted(met=98, missed=10), Measure.PROMISE_KEPT: Counted(met=40, missed=2),
    Measure.SATISFACTION: Counted(met=3, missed=1), Measure.COMPLAINTS: Counted(met=107, missed=1),
    Measure.TRAINING: Counted(met=8, missed=2),
}
"""An invented month of an invented outlet, worked out by the same functions as the real ones."""


def worked_example(formula: ScoreFormula) -> dict[str, Any]:
    worked = score(formula.weighed, EXAMPLE, least_weight=formula.least_weight)
    judged = [part for part in worked.parts if part.points is not None]
    products = [_number(Fraction((part.points or 0) * part.weighed.weight, 100)) for part in judged]
    return {"rows": [_worked(part.weighed, part.counted) for part in worked.parts], "total": tenths(worked.total),
            "weight": worked.judged_weight, "sum": " + ".join(products),
            "products": _number(Fraction(sum((part.points or 0) * part.weighed.weight for part in judged), 100))}


def _worked(weighed: Weighed, counted: Counted) -> Worked:
    earned = points(weighed, counted)
    if earned is None:
        return Worked(MEASURES[weighed.measure], counted, share(counted.met, counted.judged),
                      _("too few: judged from %(n)s on") % {"n": weighed.least}, "–", weighed.weight, "–")
    percent = _number(Fraction(100 * counted.met, counted.judged))
    floor, target = (_number(Fraction(each, 100)) for each in (weighed.floor, weighed.target))
    return Worked(MEASURES[weighed.measure], counted, share(counted.met, counted.judged),
                  f"({percent} − {floor}) : ({target} − {floor})", tenths(earned), weighed.weight,
                  _number(Fraction(earned * weighed.weight, 100)))


def _number(value: Fraction) -> str:
    text = f"{float(value):.1f}".removesuffix(".0")
    return text.replace(".", ",") if formatting.speaks_vietnamese() else text
