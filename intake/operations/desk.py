"""What every act of a centre begins with: the dossier in the actor's scope, locked and as she saw it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.covering import Covered, both_names, covered_officer
from intake.errors import DossierChanged, DossierNotFound, NotYourCentre
from intake.models.dossiers import Dossier, DossierStep
from intake.rules import clock
from intake.rules.state_words import step_words
from intake.steps import where_it_counts
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import WorkCalendar
from shared.formatting import stamp
from shared.problems import told


def locked(dossier_id: UUID, *, by: Actor, version: int | None) -> Dossier:
    """The dossier with its procedure, its row locked until the transaction ends.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        DossierChanged: it is no longer at `version`; says what happened since.
    """
    scope = Dossier.objects.seen_by(by).select_for_update(of=("self",)).select_related("procedure")
    dossier = scope.filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    if version is not None and dossier.version != version:
        raise _changed(dossier, version)
    return dossier


def _changed(dossier: Dossier, version: int) -> DossierChanged:
    recent = DossierStep.objects.filter(dossier=dossier).exclude(machine="sync").order_by(
        "-id")[: max(dossier.version - version, 1)]
    changes = [{"action": step.action, "what": str(step_words(step.action)), "by": step.actor_name,
                "at": step.at.isoformat()} for step in recent]
    if not changes:
        return DossierChanged(_("Look at it again before you decide."), version=dossier.version)
    latest = recent[0]
    detail = told(_("{who}, {when}: {what}. Look at it again before you decide."), who=latest.actor_name,
                  when=stamp(latest.at), what=step_words(latest.action))
    return DossierChanged(detail, version=dossier.version, handling=dossier.handling, changes=changes)


def must_be_receiving(dossier: Dossier, by: Actor) -> None:
    """Raises NotYourCentre unless `by` works at the centre that receives the dossier."""
    if by.centre_id is None or dossier.receiving_centre_id != by.centre_id:
        raise NotYourCentre(_("Only the centre that receives the dossier may do this."))


def must_be_authority(dossier: Dossier, by: Actor) -> None:
    """Raises NotYourCentre unless `by` works for the authority that decides."""
    deciding = dossier.authority_centre_id or dossier.receiving_centre_id
    if by.centre_id is None or deciding != by.centre_id:
        raise NotYourCentre(_("Only the competent authority may do this."))


def must_be_centre(dossier: Dossier, by: Actor) -> None:
    """Raises NotYourCentre unless `by` works at the receiving or the deciding centre."""
    if by.centre_id is None or by.centre_id not in {dossier.receiving_centre_id, dossier.authority_centre_id}:
        raise NotYourCentre


def officer_id(by: Actor) -> UUID | None:
    """The staff account behind `by`; None for a machine."""
    return UUID(by.id) if by.kind == ActorKind.PERSON else None


def signer_id(by: Actor) -> UUID:
    """Whose id stands under a form: a person's account or a centre system's token."""
    return UUID(by.id)


def calendar_of(dossier: Dossier) -> WorkCalendar:
    """The calendar that the dossier's term is counted on: the deciding centre's, with its own closed days."""
    return agents.site_calendar(dossier.authority_centre_id or dossier.receiving_centre_id, fresh=True)


def pause(dossier: Dossier, at: datetime) -> tuple[str, ...]:
    """Stop the clock; returns the changed columns. A clock that stands still already is left as it is."""
    if dossier.paused_at is not None or dossier.due_at is None:
        return ()
    dossier.paused_at = at
    dossier.remaining_minutes = clock.remaining_at(dossier.due_at, at, calendar_of(dossier))
    return ("paused_at", "remaining_minutes")


def run_again(dossier: Dossier, at: datetime) -> tuple[str, ...]:
    """Let a stopped clock run; returns the changed columns."""
    if dossier.paused_at is None:
        return ()
    dossier.due_at = clock.due_after_pause(dossier.remaining_minutes or 0, at, calendar_of(dossier))
    dossier.paused_at = dossier.remaining_minutes = None
    return ("due_at", "paused_at", "remaining_minutes")


def note_step(dossier: Dossier, action: str, *, by: Actor, at: datetime, place: str = "", note: str = "",
              data: Mapping[str, object] | None = None, also: tuple[str, ...] = (),
              covered: Covered | None = None) -> None:
    """Trace something that moves no machine: an assignment. Bumps the version like a step does.

    `covered` names whom the actor stands in for where the dossier's officer has just changed; else it is looked up.
    """
    dossier.version += 1
    covered = covered or covered_officer(dossier.officer_id, by=by, at=at)
    dossier.save(update_fields=["version", *also])
    DossierStep.objects.create(
        dossier=dossier, machine="handling", action=action, from_state=str(dossier.handling),
        to_state=str(dossier.handling), at=at, actor_kind=by.kind, actor_id=by.id,
        actor_name=both_names(by, covered), place=place, note=note,
        data=dict(data or {}) | (covered.as_data() if covered else {}), **where_it_counts(dossier))
    audit.record(actor=by, action=f"dossier.{action}", object_type="dossier", object_id=dossier.id, at=at,
                 after=dict(data or {}), reason=note)
