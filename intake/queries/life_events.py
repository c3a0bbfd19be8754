"""Events of life: which procedures usually go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from intake.models.counter import LifeEvent
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.queries.procedures import in_force
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words
from intake.rules.states import Handling
from intake.rules.wording import Words
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class EventStep:
    """One procedure of an event. `shares`: papers of it that another procedure's paper stands in for."""

    procedure: Procedure
    name: Words
    is_usual: bool
    replaces: tuple[str, ...]
    """Procedures that are not needed when this one is chosen."""
    shares: tuple[tuple[str, str, str], ...]
    """(own paper, other procedure, its paper)."""
    note: Words


@dataclass(frozen=True, slots=True)
class Event:
    code: str
    name: Words
    icon: str
    steps: tuple[EventStep, ...]
    legal_basis: str
    confidence: str


def events_in_force(on: date) -> list[Event]:
    """Events of a day, each with those of its procedures that are in force; two questions."""
    events = list(LifeEvent.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on).order_by("id"))
    codes = {step["procedure_code"] for event in events for step in event.steps}
    known = {procedure.code: procedure for procedure in in_force(on).filter(code__in=codes)}
    return [_event(event, known) for event in events]


def get_event(code: str, on: date) -> Event | None:
    return next((event for event in events_in_force(on) if event.code == code), None)


def _event(event: LifeEvent, known: dict[str, Procedure]) -> Event:
    steps = tuple(_step(step, known[step["procedure_code"]]) for step in event.steps if step["procedure_code"] in known)
    return Event(event.code, Words(event.name_vi, event.name_en), event.icon, steps, event.legal_basis,
                 event.confidence)


def _step(step: dict[str, object], procedure: Procedure) -> EventStep:
    shares: Sequence[Sequence[str]] = step.get("shares") or ()  # type: ignore[assignment]  # checked when it was loaded
    replaces: Sequence[str] = step.get("replaces") or ()  # type: ignore[assignment]
    return EventStep(
        procedure, Words(procedure.name_vi, procedure.name_en), bool(step.get("is_usual", True)), tuple(replaces),
        tuple((each[0], each[1], each[2]) for each in shares),
        Words(str(step.get("note_vi") or ""), str(step.get("note_en") or "")))


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another dossier of the same bundle."""

    id: UUID
    reference: str
    name: Words
    state: Words


def siblings_of(dossier_id: UUID, actor: Actor) -> list[Sibling]:
    """What was submitted together with a dossier, as far as `actor` sees it; one question."""
    bundle = Dossier.objects.filter(id=dossier_id, bundle__isnull=False).values("bundle_id")
    together = Dossier.objects.seen_by(actor).filter(bundle_id__in=bundle).exclude(id=dossier_id)
    rows = together.order_by("created_at", "id").values_list(
        "id", "code", "agent_ref", "procedure__name_vi", "procedure__name_en", "handling")
    return [Sibling(each, code or agent_ref, short_words(vi, en), state_words(Handling(handling)))
            for each, code, agent_ref, vi, en, handling in rows]
