"""Good work is proposed by published criteria once a month is frozen, and named in public when a person confirms it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import NotYourRole
from agents.quality.errors import CommendationDecided, CommendationNotFound, InvalidQualityEntry
from agents.quality.models import Commendation, ScoreMonth
from agents.quality.rules import (
    PRAISE_MOVES,
    STEADY_MONTHS,
    Counted,
    Measure,
    Part,
    PraiseState,
    PraiseStep,
    Score,
    ScoreState,
    earned_praise,
    month_before,
)
from shared import audit, work
from shared.actors import Actor
from shared.calendar import MINUTES_A_DAY
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

PROPOSED: Final = "commendation"
DECIDED_WITHIN: Final = 10 * MINUTES_A_DAY
LOOKS_BACK: Final = timedelta(days=40)


def score_of(row: ScoreMonth) -> Score:
    """A kept month as the rules know it; its measures must be loaded."""
    weighed = {each.measure: each for each in row.formula.weighed}
    parts = tuple(Part(weighed[Measure(each.measure)], Counted(each.met, each.missed, each.faulty, each.spared),
                       each.points) for each in row.measures.all() if Measure(each.measure) in weighed)
    return Score(parts, row.total, row.judged_weight)


@operation
def propose(*, at: datetime) -> int:
    """Propose for the months frozen since the last time; each criterion once for an outlet and month."""
    fresh = ScoreMonth.objects.filter(state=ScoreState.FROZEN, total__isnull=False, frozen_at__gt=at - LOOKS_BACK)
    known = set(Commendation.objects.filter(score__in=fresh).values_list("score_id", "praise"))
    made: list[Commendation] = []
    for row in fresh.select_related("formula").prefetch_related("measures").order_by("id"):
        made += [Commendation(outlet_id=row.outlet_id, operator_id=row.operator_id, province_code=row.province_code,
                              month=row.month, praise=each, score=row, proposed_at=at)
                 for each in sorted(earned_praise(_without_gaps(row), row.formula.marks))
                 if (row.id, each.value) not in known]
    Commendation.objects.bulk_create(made)
    for each in made:
        work.open_item(kind=PROPOSED, reference=str(each.id), owner_role=Role.PROGRAMME_OFFICER,
                       owner_place=each.province_code, at=at,
                       due_at=work_calendar().add_working_minutes(at, DECIDED_WITHIN))
    return len(made)


def _without_gaps(row: ScoreMonth) -> Sequence[Score]:
    """This month and the frozen ones right before it."""
    before = month_before(row.month)
    wanted: list[date] = []
    for _number in range(STEADY_MONTHS - 1):
        wanted.append(before)
        before = month_before(before)
    rows: dict[date, Any] = {each.month: each for each in ScoreMonth.objects.filter(
        outlet_id=row.outlet_id, month__in=wanted, state=ScoreState.FROZEN).select_related(
            "formula").prefetch_related("measures")}
    months = [score_of(row)]
    for month in wanted:
        if month not in rows:
            break
        months.append(score_of(rows[month]))
    return months


@operation
def decide(*, commendation_id: UUID, step: PraiseStep, words: str, by: Actor, at: datetime) -> Commendation:
    """Confirm it, with words that the public reads, or decline it with the reason.

    Raises:
        CommendationNotFound, NotYourRole, CommendationDecided, InvalidQualityEntry.
    """
    found: Commendation | None = Commendation.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=commendation_id).first()
    if found is None:
        raise CommendationNotFound
    if by.role != Role.PROGRAMME_OFFICER:
        raise NotYourRole
    before = PraiseState(found.state)
    if (before, step) not in PRAISE_MOVES:
        raise CommendationDecided
    said, wrong = clean(words), ErrorCollector()
    if not 3 <= len(said) <= 500:
        wrong.add("/words", "missing", _("Write a sentence: who is commended reads it."))
    wrong.raise_if_any(InvalidQualityEntry)
    found.state, found.words, found.decided_at, found.decided_by_name = PRAISE_MOVES[before, step], said, at, by.name
    found.save(update_fields=["state", "words", "decided_at", "decided_by_name"])
    work.close_item(kind=PROPOSED, reference=str(found.id), by=by.id, at=at, outcome=step.value)
    audit.record(actor=by, action=f"commendation.{step}", object_type="commendation", object_id=found.id, at=at,
                 before={"state": before}, after={"state": found.state})
    return found
