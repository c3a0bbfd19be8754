"""Go or no-go for a phase: measured, proposed by one officer, signed or refused by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.programme import measures, phases
from agents.programme.errors import InvalidProgramme, ProgrammeNotFound, ProgrammeStepImpossible, SecondPersonNeeded
from agents.programme.kept import DECISION_WAITS, keep_step, officer, phase_of, reason_of, words
from agents.programme.measures import Within
from agents.programme.models import PhaseDecision, PhaseGate, ProgrammePhase
from agents.programme.rules import (
    DECISION_MOVES,
    OPENS,
    OWNER,
    SHORTEST_REASON,
    SIGNED_WITHIN,
    DecisionState,
    DecisionStep,
    PhaseState,
    PhaseStep,
    Read,
    Verdict,
    failing,
)
from shared import work
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.problems import told
from shared.text import clean
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Proposed:
    """`despite`: each failing measure and why the phase opens all the same."""

    verdict: str
    reason: str
    conditions: str = ""
    despite: Mapping[str, str] = field(default_factory=dict)


def within_of(phase: ProgrammePhase, at: datetime) -> Within:
    """What the gates of a phase look at: the phase that opened before it, since then; the first one looks at itself."""
    before = ProgrammePhase.objects.filter(programme_id=phase.programme_id, number__lt=phase.number).exclude(
        opened_at=None).order_by("-number").first()
    looked = before or phase
    ended = before.ended_at if before is not None else None
    since = looked.opened_at or looked.programme.made_at
    return Within(phase.province_code, tuple(looked.communes), tuple(looked.operators), tuple(looked.groups),
                  min(since, at), ended if ended is not None and ended < at else at)


def measure(phase: ProgrammePhase, gates: Sequence[PhaseGate], at: datetime) -> list[Read]:
    """Read every gate of a phase now."""
    within = within_of(phase, at) if gates else None
    found = []
    for gate in gates:
        assert within is not None  # noqa: S101  # there are gates
        reading = measures.read(gate.measure, within)
        found.append(Read(gate.measure, gate.at_least, gate.threshold, gate.least_sample, reading.value,
                          reading.sample))
    return found


@operation
def propose_decision(*, phase_id: UUID, proposed: Proposed, by: Actor, at: datetime) -> PhaseDecision:
    """Measure the gates and propose what to do. A failing gate is passed over by name and with a reason, or not at all.

    Raises:
        NotYourRole, ProgrammeNotFound.
        InvalidProgramme: words missing; a failing gate that is not named; conditions missing.
        ProgrammeStepImpossible: the phase is not planned, or a decision waits.
    """
    officer(by)
    phase = phase_of(phase_id, by)
    if phase.state != PhaseState.PLANNED or phase.decisions.filter(state=DecisionState.PROPOSED).exists():
        raise ProgrammeStepImpossible(_("Only a planned phase on which no decision waits is decided on."),
                                      state=phase.state)
    reads = measure(phase, list(phase.gates.order_by("id")), at)
    made = _checked(phase, proposed, reads)
    made.measured, made.measured_at = [_as_data(read) for read in reads], at
    made.proposed_by, made.proposed_by_name, made.proposed_at = by.id, by.name, at
    made.save(force_insert=True)
    keep_step(phase, "propose_decision", by, at, reason=made.reason, after=made.verdict)
    work.open_item(kind=DECISION_WAITS, reference=str(made.id), owner_role=OWNER, owner_place=phase.province_code,
                   at=at, due_at=at + SIGNED_WITHIN, detail={"phase": phase.name, "verdict": made.verdict})
    return made


def _checked(phase: ProgrammePhase, proposed: Proposed, reads: Sequence[Read]) -> PhaseDecision:
    wrong = ErrorCollector()
    made = PhaseDecision(phase=phase, province_code=phase.province_code, verdict=proposed.verdict,
                         reason=words(wrong, "/reason", proposed.reason, least=SHORTEST_REASON, most=1000))
    if proposed.verdict not in set(Verdict):
        wrong.add("/verdict", "not-a-choice", _("Choose go, go with conditions or no-go."))
    if proposed.verdict == Verdict.WITH_CONDITIONS:
        made.conditions = words(wrong, "/conditions", proposed.conditions, least=SHORTEST_REASON, most=1000)
    if proposed.verdict in OPENS:
        for name in failing(reads):
            made.despite[name] = words(wrong, f"/despite/{name}", proposed.despite.get(name, ""),
                                       least=SHORTEST_REASON, most=500)
    wrong.raise_if_any(InvalidProgramme)
    return made


def _as_data(read: Read) -> dict[str, object]:
    return {"measure": read.measure, "at_least": read.at_least, "threshold": str(read.threshold),
            "least_sample": read.least_sample, "value": None if read.value is None else str(read.value),
            "sample": read.sample, "passes": read.passes}


@operation
def settle_decision(*, decision_id: UUID, step: DecisionStep, reason: str, by: Actor, at: datetime) -> PhaseDecision:
    """Sign, refuse or withdraw a proposed decision. Signing measures again: what was named must still be all.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme: no reason.
        SecondPersonNeeded: the proposer does not sign or refuse; nobody else withdraws.
        ProgrammeStepImpossible: it is decided; or a gate fails by now that the decision does not name.
    """
    officer(by)
    found = _locked(decision_id, by)
    after = DECISION_MOVES.get((DecisionState(found.state), step))
    if after is None:
        raise ProgrammeStepImpossible(_("It is decided already."), state=found.state)
    if (found.proposed_by == by.id) != (step is DecisionStep.WITHDRAW):
        raise SecondPersonNeeded
    found.decided_reason = reason_of(reason)
    phase = phase_of(found.phase_id, by)
    if step is DecisionStep.SIGN:
        _sign(phase, found, by, at)
    found.state, found.decided_by, found.decided_by_name, found.decided_at = after, by.id, by.name, at
    found.save()
    keep_step(phase, f"{step.value}_decision", by, at, reason=found.decided_reason, after=found.verdict)
    work.close_item(kind=DECISION_WAITS, reference=str(found.id), by=by.id, at=at, outcome=step.value)
    return found


def _locked(decision_id: UUID, by: Actor) -> PhaseDecision:
    found: PhaseDecision | None = PhaseDecision.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=decision_id).first()
    if found is None:
        raise ProgrammeNotFound
    return found


def _sign(phase: ProgrammePhase, found: PhaseDecision, by: Actor, at: datetime) -> None:
    if found.verdict not in OPENS:
        return
    fresh = [name for name in failing(measure(phase, list(phase.gates.order_by("id")), at))
             if name not in found.despite]
    if fresh:
        raise ProgrammeStepImpossible(
            str(told(_("Measured again, these gates fail by now and the decision does not name them: {names}. Refuse "
                       "it, and have it proposed anew."),
                     names=", ".join(str(measures.known()[name].label) for name in fresh if name in measures.known())
                     or ", ".join(fresh))), gates=fresh)
    for running in ProgrammePhase.objects.select_for_update().filter(programme_id=phase.programme_id,
                                                                     state=PhaseState.RUNNING):
        phases.moved(running, PhaseStep.END, by, at, reason=clean(found.reason)[:500])
    phases.moved(phase, PhaseStep.OPEN, by, at, reason=clean(found.reason)[:500])
