"""An outlet appeals a measure of a month; the programme's office decides; the score follows at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import NotYourRole
from agents.quality.computing import count_again, hold_counting, misses_among
from agents.quality.errors import (
    AppealDecided,
    AppealNotFound,
    AppealNotPossible,
    InvalidAppeal,
    OwnOutlet,
    ScoreNotFound,
)
from agents.quality.models import LaunchWatch, ScoreAppeal, ScoreMonth
from agents.quality.rules import APPEAL_MOVES, AppealState, AppealStep, Measure, ScoreState, WatchState
from shared import audit, work
from shared.actors import Actor
from shared.calendar import MINUTES_A_DAY, local
from shared.errors import ErrorCollector
from shared.problems import told
from shared.roles import Role
from shared.text import clean_lines, hidden_character
from shared.transactions import operation
from shared.working_days import work_calendar

WAITING: Final = "score-appeal"
OVERDUE: Final = "score-appeal-overdue"
SHORTEST, LONGEST = 10, 1000
MOST_CASES: Final = 500


@operation
def appeal(*, score_id: UUID, measure: str, cases: Sequence[str], reason: str, by: Actor, at: datetime) -> ScoreAppeal:
    """Say that a measure of a month is not right; until it is decided the cases do not count against the outlet.

    `cases` are keys of single misses; none: every miss of the measure.

    Raises:
        ScoreNotFound: none that `by` sees.
        NotYourRole: only the outlet's manager appeals.
        AppealNotPossible: frozen or too late, nothing missed, or an appeal of the measure waits or was decided.
        InvalidAppeal: no reason, more than 500 cases, or a key that is no miss of this measure.
    """
    hold_counting()
    found = _locked_score(score_id, by)
    if by.role != Role.OUTLET_MANAGER:
        raise NotYourRole
    reason = _checked(reason)
    _check_possible(found, measure, at)
    keys = _misses(found, measure, cases, at)
    made = ScoreAppeal.objects.create(
        score=found, outlet_id=found.outlet_id, operator_id=found.operator_id, province_code=found.province_code,
        measure=measure, cases=keys, reason=reason, raised_at=at, raised_by=by.id,
        raised_by_name=by.name, total_before=found.total,
        due_at=work_calendar().add_working_minutes(at, found.formula.decision_days * MINUTES_A_DAY))
    work.open_item(kind=WAITING, reference=str(made.id), owner_role=Role.PROGRAMME_OFFICER,
                   owner_place=found.province_code, at=at, due_at=made.due_at)
    audit.record(actor=by, action="score-appeal.raise", object_type="score-appeal", object_id=made.id, at=at,
                 after={"measure": measure, "score": str(found.id)}, reason=reason)
    count_again(found, at)
    return made


def _locked_score(score_id: UUID, by: Actor) -> ScoreMonth:
    seen = ScoreMonth.objects.seen_by(by).select_related("formula").select_for_update(of=("self",))
    found: ScoreMonth | None = seen.filter(id=score_id).first()
    if found is None:
        raise ScoreNotFound
    return found


def _checked(reason: str) -> str:
    said, wrong = clean_lines(reason).strip(), ErrorCollector()
    if len(said) < SHORTEST:
        wrong.add("/reason", "missing", _("Say why, in at least ten letters."))
    if len(said) > LONGEST or hidden_character(said.replace("\n", " ")) is not None:
        wrong.add("/reason", "too-long", _("At most 1,000 characters."))
    wrong.raise_if_any(InvalidAppeal)
    return said


def _check_possible(found: ScoreMonth, measure: str, at: datetime) -> None:
    if found.state == ScoreState.FROZEN or local(at).date() > found.appealable_until:
        raise AppealNotPossible(_("The time for appeals is over."))
    row = found.measures.filter(measure=measure).first()
    if row is None or not row.missed:
        raise AppealNotPossible(_("Nothing counts against the outlet in this measure."))
    if ScoreAppeal.objects.filter(score=found, measure=measure).exclude(state=AppealState.WITHDRAWN).exists():
        raise AppealNotPossible(_("This measure was appealed already."))


def _misses(found: ScoreMonth, measure: str, cases: Sequence[str], at: datetime) -> list[str]:
    """The keys, each once; raises InvalidAppeal unless each counts against the outlet."""
    keys, wrong = sorted(set(cases)), ErrorCollector()
    if len(keys) > MOST_CASES:
        wrong.add("/cases", "too-many", told(
            _("Name at most {most} cases; without any, every miss of the measure is meant."), most=MOST_CASES))
    wrong.raise_if_any(InvalidAppeal)
    if strange := sorted(set(keys) - misses_among(found, Measure(measure), keys, at)):
        wrong.add("/cases", "unknown-case", told(
            _("{count} of these cases count not against the outlet in this measure: {keys}"), count=len(strange),
            keys=", ".join(strange[:5])))
    wrong.raise_if_any(InvalidAppeal)
    return keys


@operation
def decide(*, appeal_id: UUID, step: AppealStep, decision: str, by: Actor, at: datetime) -> ScoreAppeal:
    """Uphold or refuse, with a reason that the outlet reads.

    Raises:
        AppealNotFound: none that `by` sees.
        NotYourRole: only an officer of the programme decides.
        OwnOutlet: she looks after this outlet herself.
        AppealDecided, InvalidAppeal.
    """
    hold_counting()
    found = _locked(appeal_id, by, step)
    if by.role != Role.PROGRAMME_OFFICER or step is AppealStep.WITHDRAW:
        raise NotYourRole
    if LaunchWatch.objects.filter(outlet_id=found.outlet_id, state=WatchState.RUNNING, visitor_id=by.id).exists():
        raise OwnOutlet
    return _ended(found, step, _checked(decision), by, at)


@operation
def withdraw(*, appeal_id: UUID, by: Actor, at: datetime) -> ScoreAppeal:
    """The outlet takes its appeal back.

    Raises:
        AppealNotFound, NotYourRole, AppealDecided.
    """
    hold_counting()
    found = _locked(appeal_id, by, AppealStep.WITHDRAW)
    if by.role != Role.OUTLET_MANAGER:
        raise NotYourRole
    return _ended(found, AppealStep.WITHDRAW, "", by, at)


def _locked(appeal_id: UUID, by: Actor, step: AppealStep) -> ScoreAppeal:
    seen = ScoreAppeal.objects.seen_by(by).select_related("score__formula").select_for_update(of=("self",))
    found: ScoreAppeal | None = seen.filter(id=appeal_id).first()
    if found is None:
        raise AppealNotFound
    if (AppealState(found.state), step) not in APPEAL_MOVES:
        raise AppealDecided
    return found


def _ended(found: ScoreAppeal, step: AppealStep, decision: str, by: Actor, at: datetime) -> ScoreAppeal:
    before = AppealState(found.state)
    found.state, found.decision = APPEAL_MOVES[before, step], decision
    found.decided_at, found.decided_by_name = at, by.name
    found.save()
    for kind in (WAITING, OVERDUE):
        work.close_item(kind=kind, reference=str(found.id), by=by.id, at=at, outcome=step.value)
    found.total_after = count_again(found.score, at)
    found.save(update_fields=["total_after"])
    audit.record(actor=by, action=f"score-appeal.{step}", object_type="score-appeal", object_id=found.id, at=at,
                 before={"state": before}, after={"state": found.state, "total": found.total_after}, reason=decision)
    return found


def climb(*, at: datetime) -> int:
    """Tell the administrators of appeals that nobody decided in time; returns how many."""
    late = ScoreAppeal.objects.filter(state=AppealState.OPEN, due_at__lt=at).order_by("due_at", "id")
    for each in late:
        work.open_item(kind=OVERDUE, reference=str(each.id), owner_role=Role.ADMINISTRATOR,
                       owner_place=each.province_code, at=at,
                       due_at=work_calendar().add_working_minutes(at, MINUTES_A_DAY))
    return len(late)
