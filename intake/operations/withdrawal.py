"""A citizen takes a dossier back, or its handling stops for a while."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.errors import DecisionRefused
from intake.events import DossierWithdrawn
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.rules.states import HandlingAction
from intake.steps import take_step
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.transactions import operation


@operation
def withdraw(*, dossier_id: UUID, reason: str, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """End the dossier at the citizen's request, possible until a decision is taken (Circular 03/2025, Article 7).

    The outlet that filed it or a centre that has it takes the request.

    Raises:
        DossierNotFound, DossierChanged: as for every act.
        DecisionRefused: no reason is given.
        IllegalTransition: it is decided or ended already.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    _check(reason)
    dossier.closed_at = at
    take_step(dossier, HandlingAction.WITHDRAW, by=by, at=at, note=reason[:500], also=("closed_at",))
    publish(DossierWithdrawn(dossier.id, at))
    return dossier


@operation
def stop(*, dossier_id: UUID, reason: str, legal_basis: str, by: Actor, at: datetime,
         version: int | None = None) -> Dossier:
    """Stop handling (form 05, status 8); the clock stands still until it goes on.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        DecisionRefused: reason or legal basis are missing.
        IllegalTransition: it is not being handled.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    _check(reason, legal_basis)
    paused = desk.pause(dossier, at)
    take_step(dossier, HandlingAction.STOP, by=by, at=at, note=reason[:500], data={"legal_basis": legal_basis},
              also=paused)
    return dossier


@operation
def resume(*, dossier_id: UUID, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Go on with a stopped dossier; its clock runs again with what was left.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        IllegalTransition: it is not stopped.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    running = desk.run_again(dossier, at)
    take_step(dossier, HandlingAction.RESUME, by=by, at=at, also=running)
    return dossier


def _check(reason: str, legal_basis: str = "unused") -> None:
    wrong = ErrorCollector()
    if not reason.strip():
        wrong.add("/reason", "missing", _("Say why."))
    if not legal_basis.strip():
        wrong.add("/legal_basis", "missing", _("Name the law that the stop rests on."))
    wrong.raise_if_any(DecisionRefused)
