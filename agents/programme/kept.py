"""What every operation of the programme does: find under lock, check words, write the step down."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import NotYourRole
from agents.programme.errors import InvalidProgramme, ProgrammeNotFound, ProgrammeStepImpossible
from agents.programme.models import Programme, ProgrammeOperator, ProgrammePhase, ProgrammeStep
from agents.programme.rules import OPERATOR_FINAL, OWNER, SHORTEST_REASON
from shared.actors import Actor, ActorKind
from shared.audit import record
from shared.errors import ErrorCollector
from shared.problems import told
from shared.text import clean, hidden_character

OPERATOR_WAITS: Final = "programme-operator-waiting"
DECISION_WAITS: Final = "phase-decision-waiting"
AGREEMENT_ENDS: Final = "operator-agreement-ending"


def officer(by: Actor) -> None:
    """Raises NotYourRole unless `by` runs the programme of a city."""
    if by.kind is ActorKind.JOB:
        return
    if by.role != OWNER or not by.province_code:
        raise NotYourRole


def programme_of(by: Actor) -> Programme:
    """The programme of her city, locked. Raises ProgrammeNotFound."""
    found: Programme | None = Programme.objects.seen_by(by).select_for_update().first()
    if found is None:
        raise ProgrammeNotFound
    return found


def phase_of(phase_id: UUID, by: Actor) -> ProgrammePhase:
    found: ProgrammePhase | None = ProgrammePhase.objects.seen_by(by).select_related("programme").select_for_update(
        of=("self",)).filter(id=phase_id).first()
    if found is None:
        raise ProgrammeNotFound
    return found


def entry_of(entry_id: UUID, by: Actor) -> ProgrammeOperator:
    found: ProgrammeOperator | None = ProgrammeOperator.objects.seen_by(by).select_related(
        "operator", "programme").select_for_update(of=("self",)).filter(id=entry_id).first()
    if found is None:
        raise ProgrammeNotFound
    return found


def words(wrong: ErrorCollector, pointer: str, typed: str, *, least: int = 3, most: int = 300) -> str:
    """What was typed, cleaned; too short, too long or hidden characters are named."""
    kept = clean(typed)
    if len(kept) < least:
        wrong.add(pointer, "required", told(_("At least {min_length} characters are needed."), min_length=least))
    if len(kept) > most or hidden_character(kept) is not None:
        wrong.add(pointer, "too-long", told(_("At most {max_length} characters are possible."), max_length=most))
    return kept


def reason_of(typed: str, *, pointer: str = "/reason", most: int = 500) -> str:
    """Raises InvalidProgramme when it says too little."""
    wrong = ErrorCollector()
    kept = words(wrong, pointer, typed, least=SHORTEST_REASON, most=most)
    wrong.raise_if_any(InvalidProgramme)
    return kept


def in_order(wrong: ErrorCollector, begins: date, ends: date | None, pointer: str) -> None:
    if ends is not None and ends <= begins:
        wrong.add(pointer, "out-of-range", _("The end lies after the beginning."))


def keep_step(subject: ProgrammePhase | ProgrammeOperator | Programme, step: str, by: Actor, at: datetime, *,
              reason: str = "", before: str = "", after: str = "") -> None:
    """History for people, and the audit."""
    links: dict[str, Any] = {}
    if isinstance(subject, ProgrammePhase):
        links = {"phase": subject}
    elif isinstance(subject, ProgrammeOperator):
        links = {"entry": subject, "operator_id": subject.operator_id}
    if links:
        ProgrammeStep.objects.create(province_code=subject.province_code, step=step, at=at, by_name=by.name or by.id,
                                     reason=reason, **links)
    record(actor=by, action=f"programme.{step}", object_type=type(subject).__name__.lower(), object_id=subject.id,
           at=at, before={"state": before} if before else {}, after={"state": after} if after else {}, reason=reason)


def open_entry(entry_id: UUID, by: Actor) -> ProgrammeOperator:
    """One that may still change; raises ProgrammeNotFound, ProgrammeStepImpossible."""
    entry = entry_of(entry_id, by)
    if entry.state in OPERATOR_FINAL:
        raise ProgrammeStepImpossible(_("Its part in the programme has ended."), state=entry.state)
    return entry
