"""What is read of cases: the list, one with its evidence, rules in force, hotlines of a day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from intake.brokers.errors import BrokerCaseNotFound
from intake.brokers.models import (
    BrokerCall,
    BrokerCase,
    BrokerDraw,
    BrokerReport,
    BrokerSignal,
    BrokerStep,
    Hotline,
)
from intake.brokers.rules import ANSWERS, FINAL, SCRIPT, Call, CaseState, Question
from intake.brokers.words import NAMES, Explained, explain
from intake.models.dossiers import Dossier
from intake.rules.wording import Words
from shared.actors import Actor

REPORTED: Final = Words("Phản ánh của người dân", "Reported by somebody")


def cases(by: Actor) -> QuerySet[BrokerCase]:
    """With outlet and signals, what waits longest first."""
    found = BrokerCase.objects.seen_by(by).select_related("outlet", "report")
    return found.prefetch_related(Prefetch("signals", BrokerSignal.objects.order_by("first_seen_at", "id")))


def counts(by: Actor) -> Mapping[str, int]:
    """How many stand in each state."""
    return dict(BrokerCase.objects.seen_by(by).order_by().values_list("state").annotate(n=Count("id")))


def waiting(by: Actor) -> QuerySet[BrokerCase]:
    """Cases that nobody has taken up, and proposals that wait for a second person."""
    mine = Q(state=CaseState.OPENED) | Q(state=CaseState.PROPOSED) & ~Q(proposed_by=by.id)
    found: QuerySet[BrokerCase] = BrokerCase.objects.seen_by(by).filter(mine)
    return found


def about(case: BrokerCase) -> Words:
    """What a case is about, in a few words."""
    rules = list(dict.fromkeys(signal.rule for signal in case.signals.all()))
    return NAMES[rules[0]] if rules else REPORTED


@dataclass(frozen=True, slots=True)
class Shown:
    """One signal with its arithmetic in words."""

    signal: BrokerSignal
    words: Explained
    clerk: str
    hidden: int
    """Dossiers of it that the reader does not see."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the calls of a case came to: counts, never a rate of a handful."""

    states: Mapping[str, int]
    questions: Sequence[tuple[Question, Sequence[tuple[str, int]]]]
    alarming: int
    """Answers that speak for a broker."""


@dataclass(frozen=True, slots=True)
class CaseView:
    case: BrokerCase
    report: BrokerReport | None
    signals: Sequence[Shown]
    evidence: Sequence[Dossier]
    draws: Sequence[BrokerDraw]
    calls: Sequence[BrokerCall]
    heard: Heard
    steps: Sequence[BrokerStep]

    @property
    def is_closed(self) -> bool:
        return self.case.state in FINAL


def view(case_id: UUID, by: Actor) -> CaseView:
    """One case with all that it rests on, in the reader's sight. Raises BrokerCaseNotFound."""
    case = BrokerCase.objects.seen_by(by).select_related("outlet", "report").filter(id=case_id).first()
    if case is None:
        raise BrokerCaseNotFound
    signals = list(case.signals.select_related("clerk").order_by("first_seen_at", "id"))
    named = {dossier for signal in signals for dossier in signal.dossiers}
    evidence = list(Dossier.objects.seen_by(by).select_related("procedure", "clerk").filter(
        id__in=named).order_by("-submitted_at", "id"))
    seen = {dossier.id for dossier in evidence}
    calls = list(case.calls.select_related("dossier").order_by("draw_id", "place"))
    return CaseView(
        case, getattr(case, "report", None), [_shown(signal, seen) for signal in signals], evidence,
        list(case.draws.order_by("drawn_at", "id")), calls, _heard(calls), list(case.steps.order_by("at", "id")))


def _shown(signal: BrokerSignal, seen: set[UUID]) -> Shown:
    words = explain(rule=signal.rule, version=signal.version, found=signal.found, baseline=signal.baseline,
                    threshold=signal.threshold, days=(signal.until_day - signal.from_day).days)
    clerk = signal.clerk.display_name if signal.clerk is not None else ""
    return Shown(signal, words, clerk, len(set(signal.dossiers) - seen))


def _heard(calls: Sequence[BrokerCall]) -> Heard:
    states = Counter(call.state for call in calls)
    answers: dict[str, Counter[str]] = {question.code: Counter() for question in SCRIPT}
    for call in calls:
        for code, answer in call.answers.items():
            answers.setdefault(code, Counter())[answer] += 1
    alarming = sum(answers[question.code][question.alarming] for question in SCRIPT)
    return Heard({state: states.get(state, 0) for state in Call},
                 [(question, [(answer, answers[question.code][answer]) for answer in ANSWERS])
                  for question in SCRIPT], alarming)


def call_of(call_id: UUID, by: Actor) -> BrokerCall:
    """One call with its case and dossier. Raises BrokerCaseNotFound."""
    seen = BrokerCase.objects.seen_by(by)
    found = BrokerCall.objects.select_related("case__outlet", "dossier__procedure", "draw").filter(
        id=call_id, case__in=seen).first()
    if found is None:
        raise BrokerCaseNotFound
    return found


def hotlines(day: date) -> Sequence[Any]:
    """The numbers that hold on a day; those for everybody last."""
    in_force = Hotline.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    return list(in_force.order_by("place", "code"))
