"""Two people on one dossier: who else has it open, and what has happened since one of them opened it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from intake.models.desk import DeskPresence
from intake.models.dossiers import Dossier, DossierStep
from intake.operations.presence import STILL_THERE
from intake.rules.state_words import step_words
from intake.rules.wording import Words
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class Change:
    """One step that was taken since; `note` is what was written with it."""

    what: Words
    who: str
    at: datetime
    note: str


def others_at(dossier_id: UUID, actor: Actor, *, now: datetime) -> list[str]:
    """Names of the others who have the dossier open now."""
    there = DeskPresence.objects.filter(dossier_id=dossier_id, seen_at__gte=now - STILL_THERE)
    names = there.order_by("account_name").values_list("account_id", "account_name")
    return [name for account_id, name in names if str(account_id) != actor.id]


def changes_since(dossier_id: UUID, version: int, actor: Actor) -> list[Change]:
    """The steps since `version`, newest first; none when it is the present one."""
    dossier = Dossier.objects.seen_by(actor).filter(id=dossier_id).only("version").first()
    if dossier is None or dossier.version <= version:
        return []
    return latest_changes(dossier_id, dossier.version - version)


def latest_changes(dossier_id: UUID, most: int) -> list[Change]:
    """The last `most` steps (a step is a version), newest first, twenty at most."""
    steps = DossierStep.objects.filter(dossier_id=dossier_id).order_by("-id")[: min(most, 20)]
    return [Change(step_words(step.action), step.actor_name, step.at, step.note) for step in steps]
