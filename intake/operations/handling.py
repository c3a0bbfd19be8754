"""Who works on a dossier, and what stops and moves its clock for want of money."""

from datetime import datetime
from uuid import UUID

from intake.covering import covered_officer
from intake.events import PaymentAsked
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.rules.states import HandlingAction
from intake.steps import take_step
from shared.actors import Actor
from shared.outbox.publishing import publish
from shared.transactions import operation


@operation
def start(*, dossier_id: UUID, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Begin handling a received dossier; who begins it becomes its officer, unless she stands in for her.

    Raises:
        DossierNotFound, DossierChanged: as for every act of a centre.
        NotYourCentre: another authority decides.
        IllegalTransition: it is not waiting to be begun.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    if covered_officer(dossier.officer_id, by=by, at=at) is None:
        dossier.officer_id = desk.officer_id(by) or dossier.officer_id
    take_step(dossier, HandlingAction.START, by=by, at=at, also=("officer",))
    return dossier


@operation
def ask_payment(*, dossier_id: UUID, note: str, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Ask the citizen for a financial duty (status 6); the clock stops until it is met.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        IllegalTransition: it is not being handled.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    paused = desk.pause(dossier, at)
    take_step(dossier, HandlingAction.ASK_PAYMENT, by=by, at=at, note=note[:500], also=paused)
    publish(PaymentAsked(dossier.id, at))
    return dossier


@operation
def record_payment(*, dossier_id: UUID, note: str, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """The financial duty is met; the clock runs again with what was left. Outlet and centre may both say so.

    Raises:
        DossierNotFound, DossierChanged: as for every act.
        IllegalTransition: no payment is awaited.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    running = desk.run_again(dossier, at)
    take_step(dossier, HandlingAction.RECORD_PAYMENT, by=by, at=at, note=note[:500], also=running)
    return dossier
