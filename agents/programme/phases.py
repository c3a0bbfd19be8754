"""A programme, its phases and their gates; what opens a phase is in decisions.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Operator
from agents.programme import admission, measures
from agents.programme.errors import InvalidProgramme, ProgrammeStepImpossible
from agents.programme.kept import in_order, keep_step, officer, phase_of, programme_of, reason_of, words
from agents.programme.models import PhaseDecision, PhaseGate, Programme, ProgrammePhase
from agents.programme.ports import groups
from agents.programme.rules import PHASE_MOVES, DecisionState, PhaseKind, PhaseState, PhaseStep
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.models.places import Commune
from shared.problems import told
from shared.transactions import operation

MOST: Final = Decimal("99999999.9")


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase as it is planned; an empty choice is all of them."""

    kind: str
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None = None
    communes: Sequence[str] = ()
    operators: Sequence[str] = ()
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """`threshold` in percent or pieces, as the measure; `least_sample`: fewer cases prove nothing."""

    measure: str
    threshold: Decimal
    at_least: bool = True
    least_sample: int = 1


@operation
def begin_programme(*, name: str, legal_basis: str, by: Actor, at: datetime) -> Programme:
    """Give the officer's city its programme.

    Raises:
        NotYourRole, InvalidProgramme.
        ProgrammeStepImpossible: the city has one.
    """
    officer(by)
    wrong = ErrorCollector()
    made = Programme(province_code=by.province_code, name=words(wrong, "/name", name, most=160),
                     legal_basis=words(wrong, "/legal_basis", legal_basis), made_at=at, made_by_name=by.name)
    wrong.raise_if_any(InvalidProgramme)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ProgrammeStepImpossible(_("The city has its programme already.")) from error
    keep_step(made, "begin", by, at)
    return made


@operation
def switch_on(*, holds_from: date, reason: str, by: Actor, at: datetime) -> Programme:
    """From a day on outlets open past accreditation only, and take what is delegated by an agreement in force.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme: no reason, or a day that has passed.
        ProgrammeStepImpossible: outlets that work would stop on that day; fact `outlets` names them.
    """
    officer(by)
    programme = programme_of(by)
    said = reason_of(reason)
    if holds_from < local(at).date():
        wrong = ErrorCollector()
        wrong.add("/holds_from", "out-of-range", _("Choose today or a later day."))
        wrong.raise_if_any(InvalidProgramme)
    stopped = admission.would_stop(programme, holds_from)
    if stopped:
        raise ProgrammeStepImpossible(
            str(told(_("{count} outlets would stop on that day; admit their operators and open their phase first: "
                       "{names}"), count=len(stopped), names=", ".join(stopped[:8]))), outlets=stopped[:50])
    programme.holds_from = holds_from
    programme.save(update_fields=["holds_from"])
    keep_step(programme, "switch_on", by, at, reason=said, after=holds_from.isoformat())
    admission.forget_after_commit()
    return programme


@operation
def switch_off(*, reason: str, by: Actor, at: datetime) -> Programme:
    """Stop asking; raises as above."""
    officer(by)
    programme = programme_of(by)
    said = reason_of(reason)
    programme.holds_from = None
    programme.save(update_fields=["holds_from"])
    keep_step(programme, "switch_off", by, at, reason=said)
    admission.forget_after_commit()
    return programme


@operation
def plan_phase(*, phase: Phase, by: Actor, at: datetime) -> ProgrammePhase:
    """Put a phase behind those there are.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme.
    """
    officer(by)
    programme = programme_of(by)
    last = programme.phases.aggregate(last=Max("number"))["last"] or 0
    made = ProgrammePhase(programme=programme, province_code=programme.province_code, number=last + 1)
    _write(made, phase)
    made.save(force_insert=True)
    keep_step(made, "plan", by, at, reason=made.legal_basis, after=made.state)
    return made


@operation
def change_phase(*, phase_id: UUID, phase: Phase, by: Actor, at: datetime) -> ProgrammePhase:
    """Plan a phase anew, while it is planned and no decision on it waits; raises as above."""
    officer(by)
    found = _still_planned(phase_id, by)
    _write(found, phase)
    found.save()
    keep_step(found, "change", by, at, reason=found.legal_basis, after=found.state)
    return found


@operation
def set_gates(*, phase_id: UUID, gates: Sequence[Gate], by: Actor, at: datetime) -> ProgrammePhase:
    """What must be reached before the phase opens; replaces what was asked before. Raises as above."""
    officer(by)
    found = _still_planned(phase_id, by)
    wrong = ErrorCollector()
    for number, gate in enumerate(gates):
        _check_gate(gate, f"/gates/{number}", wrong)
    if len({gate.measure for gate in gates}) < len(gates):
        wrong.add("/gates", "twice", _("Each measure stands once."))
    wrong.raise_if_any(InvalidProgramme)
    found.gates.all().delete()
    PhaseGate.objects.bulk_create([PhaseGate(
        phase=found, measure=gate.measure, at_least=gate.at_least, threshold=gate.threshold,
        least_sample=gate.least_sample) for gate in gates])
    keep_step(found, "set_gates", by, at, reason=", ".join(gate.measure for gate in gates))
    return found


def _check_gate(gate: Gate, pointer: str, wrong: ErrorCollector) -> None:
    measure = measures.known().get(gate.measure)
    if measure is None:
        wrong.add(f"{pointer}/measure", "not-a-choice", _("There is no such measure."))
    elif not 0 <= gate.threshold <= (100 if measure.is_percent else MOST):
        wrong.add(f"{pointer}/threshold", "out-of-range", _("A threshold is not negative; percent end at 100."))
    if not 0 <= gate.least_sample <= 1_000_000:
        wrong.add(f"{pointer}/least_sample", "out-of-range", _("A sample has 0 to 1,000,000 cases."))


@operation
def take_phase_step(*, phase_id: UUID, step: PhaseStep, reason: str, by: Actor, at: datetime) -> ProgrammePhase:
    """End a running phase, or drop a planned one; opening takes a signed decision.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme: no reason.
        ProgrammeStepImpossible: not from its present state.
    """
    officer(by)
    found = phase_of(phase_id, by)
    said = reason_of(reason)
    if step is PhaseStep.OPEN or _waits(found):
        raise ProgrammeStepImpossible(_("A decision opens a phase; one that waits is signed or refused first."))
    moved(found, step, by, at, reason=said)
    return found


def moved(found: ProgrammePhase, step: PhaseStep, by: Actor, at: datetime, *, reason: str) -> None:
    """Raises ProgrammeStepImpossible."""
    before = found.state
    after = PHASE_MOVES.get((PhaseState(before), step))
    if after is None:
        raise ProgrammeStepImpossible(_("Look at its present state first."), state=before, step=step.value)
    found.state = after
    if step is PhaseStep.OPEN:
        found.opened_at = at
    elif step is PhaseStep.END:
        found.ended_at = at
    found.save()
    keep_step(found, step.value, by, at, reason=reason, before=before, after=after)
    admission.forget_after_commit()


def _waits(found: ProgrammePhase) -> bool:
    return PhaseDecision.objects.filter(phase=found, state=DecisionState.PROPOSED).exists()


def _still_planned(phase_id: UUID, by: Actor) -> ProgrammePhase:
    found = phase_of(phase_id, by)
    if found.state != PhaseState.PLANNED or _waits(found):
        raise ProgrammeStepImpossible(_("Only a planned phase on which no decision waits is changed."),
                                      state=found.state)
    return found


def _write(row: ProgrammePhase, phase: Phase) -> None:
    wrong = ErrorCollector()
    row.name = words(wrong, "/name", phase.name, most=120)
    row.legal_basis = words(wrong, "/legal_basis", phase.legal_basis)
    row.kind, row.starts_on, row.ends_on = phase.kind, phase.starts_on, phase.ends_on
    row.communes, row.operators = sorted(set(phase.communes)), sorted(set(phase.operators))
    row.groups = sorted(set(phase.groups))
    if phase.kind not in set(PhaseKind):
        wrong.add("/kind", "not-a-choice", _("Choose one of the phases."))
    in_order(wrong, phase.starts_on, phase.ends_on, "/ends_on")
    _check_choices(row, wrong)
    wrong.raise_if_any(InvalidProgramme)


def _check_choices(row: ProgrammePhase, wrong: ErrorCollector) -> None:
    there = set(Commune.objects.filter(province_id=row.province_code).values_list("code", flat=True))
    if missing := sorted(set(row.communes) - there):
        wrong.add("/communes", "unknown-commune",
                  told(_("Not a commune of this city: {names}"), names=", ".join(missing[:8])))
    if set(row.operators) - set(Operator.objects.values_list("code", flat=True)):
        wrong.add("/operators", "unknown-operator", _("There is no such operator."))
    if set(row.groups) - set(groups()):
        wrong.add("/groups", "not-a-choice", _("There is no such procedure group."))
