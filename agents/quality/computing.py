"""Month scores, worked out each night for every outlet of a city, until they are frozen."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from agents.models.organisations import Outlet
from agents.quality import cases
from agents.quality.cases import Found, Look, Period
from agents.quality.models import ScoreAppeal, ScoreFormula, ScoreMeasure, ScoreMonth
from agents.quality.ports import Fault
from agents.quality.rules import (
    SCORE_MOVES,
    AppealState,
    Counted,
    Measure,
    Score,
    ScoreState,
    ScoreStep,
    appealable_until,
    score,
)
from shared import audit, scope
from shared.actors import job
from shared.calendar import local
from shared.transactions import operation

_ONE_AT_A_TIME: Final = 8_204_011
type Cards = dict[UUID, dict[Measure, Found]]


def formula_of(month: date) -> ScoreFormula | None:
    """The version in force on the first day of the month."""
    return ScoreFormula.objects.filter(Q(valid_to=None) | Q(valid_to__gt=month), valid_from__lte=month).first()


@operation
def count_month(*, province_code: str, month: date, at: datetime) -> int:
    """Work out the month of every outlet of a city that is not frozen; returns how many have a score row."""
    formula = formula_of(month)
    if formula is None:
        return 0
    hold_counting()
    return len(_keep(formula, province_code, month, at))


def hold_counting() -> None:
    """Wait until nobody counts; taken before any row, and held until the caller's transaction ends.

    Whoever changes what is taken out does so alone: a count that began before would write over it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def count_again(score_row: ScoreMonth, at: datetime) -> int | None:
    """Work one outlet's month out anew, inside the operation that changed something about it; returns the total.

    The operation has called `hold_counting` first.
    """
    with scope.everything():
        _keep(score_row.formula, score_row.province_code, score_row.month, at, outlet_id=score_row.outlet_id)
    score_row.refresh_from_db()
    return score_row.total


def misses_among(score_row: ScoreMonth, measure: Measure, keys: Collection[str], at: datetime) -> set[str]:
    """Those of the keys that are cases of the month's measure and count against its outlet."""
    if not keys:
        return set()
    with scope.everything():
        period = Period.of_month(score_row.province_code, score_row.month, at)
        spares = cases.spared(score_row.month, measure, score_row.province_code)
        return cases.misses(measure, Look(period, cases.faults_in(period), spares, score_row.outlet_id), keys)


def _keep(formula: ScoreFormula, province_code: str, month: date, at: datetime, *,
          outlet_id: UUID | None = None) -> dict[UUID, Score]:
    period = Period.of_month(province_code, month, at)
    faults = cases.faults_in(period)
    cards = _cards(formula, period, month, faults, outlet_id)
    outlets = {each.id: each for each in Outlet.objects.select_related("commune").filter(
        id__in=cards, commune__province_id=province_code)}
    frozen = set(ScoreMonth.objects.filter(month=month, outlet__in=outlets, state=ScoreState.FROZEN).values_list(
        "outlet_id", flat=True))
    scores = {each: score(formula.weighed, _counts(cards[each]), least_weight=formula.least_weight)
              for each in sorted(outlets) if each not in frozen}
    kept = _keep_months(formula, month, at, scores, outlets)
    _keep_measures(kept, scores, cards, faults)
    return scores


def _cards(formula: ScoreFormula, period: Period, month: date, faults: Sequence[Fault],
           outlet_id: UUID | None) -> Cards:
    cards: Cards = {}
    for weighed in formula.weighed:
        spares = cases.spared(month, weighed.measure, period.province_code)
        for outlet, found in cases.count(weighed.measure, Look(period, faults, spares, outlet_id)).items():
            cards.setdefault(outlet, {})[weighed.measure] = found
    # Whoever only has people, and served nobody in the month, has no scorecard.
    return {outlet: card for outlet, card in cards.items() if set(card) - {Measure.TRAINING}}


def _counts(card: Mapping[Measure, Found]) -> dict[Measure, Counted]:
    return {measure: found.counted for measure, found in card.items()}


def _keep_months(formula: ScoreFormula, month: date, at: datetime, scores: Mapping[UUID, Score],
                 outlets: Mapping[UUID, Outlet]) -> dict[UUID, ScoreMonth]:
    """The rows stay the same from night to night: appeals and commendations point at them."""
    rows = [ScoreMonth(
        outlet_id=outlet_id, operator_id=outlets[outlet_id].operator_id,
        province_code=outlets[outlet_id].commune.province_id, month=month, formula=formula,
        total=worked.total, judged_weight=worked.judged_weight, counted_at=at,
        appealable_until=appealable_until(month, formula.appeal_days)) for outlet_id, worked in scores.items()]
    ScoreMonth.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["outlet", "month"],
        update_fields=["formula", "total", "judged_weight", "counted_at", "appealable_until"])
    found = ScoreMonth.objects.filter(month=month, outlet__in=scores)
    return {row.outlet_id: row for row in found}


def _keep_measures(kept: Mapping[UUID, ScoreMonth], scores: Mapping[UUID, Score], cards: Cards,
                   faults: Sequence[Fault]) -> None:
    rows = []
    for outlet_id, worked in scores.items():
        for part in worked.parts:
            found = cards[outlet_id].get(part.weighed.measure) or Found(part.counted, 0, {})
            counted = part.counted
            rows.append(ScoreMeasure(
                score=kept[outlet_id], measure=part.weighed.measure, met=counted.met, missed=counted.missed,
                faulty=counted.faulty, spared=counted.spared, amount=found.amount, points=part.points,
                faults=[_as_data(faults[number], taken_out) for number, taken_out in sorted(found.by_fault.items())]))
    ScoreMeasure.objects.filter(score__in=[row.id for row in kept.values()]).exclude(
        measure__in={row.measure for row in rows}).delete()
    ScoreMeasure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["score", "measure"],
        update_fields=["met", "missed", "faulty", "spared", "amount", "points", "faults"])


def _as_data(fault: Fault, taken_out: int) -> dict[str, Any]:
    return {"since": fault.since.isoformat(), "until": fault.until.isoformat(), "kind": fault.kind,
            "words": fault.words, "cases": taken_out}


@operation
def freeze_months(*, at: datetime) -> int:
    """Close the months whose time for appeals is over and whose appeals are decided; returns how many."""
    hold_counting()
    waiting = ScoreAppeal.objects.filter(state=AppealState.OPEN).values("score")
    due = ScoreMonth.objects.select_for_update(of=("self",)).filter(
        state=ScoreState.OPEN, appealable_until__lt=local(at).date()).exclude(id__in=waiting)
    ids = list(due.values_list("id", flat=True))
    frozen = SCORE_MOVES[ScoreState.OPEN, ScoreStep.FREEZE]
    ScoreMonth.objects.filter(id__in=ids).update(state=frozen, frozen_at=at)
    if ids:
        audit.record(actor=job("freeze_months"), action="score.freeze", object_type="score-month", object_id="", at=at,
                     after={"months": len(ids)})
    return len(ids)
