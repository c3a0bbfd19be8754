"""What the portal has to be told: found from the dossier's own steps, so that nothing is ever forgotten."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef

from intake.models.dossiers import Dossier, DossierStep
from intake.portal.models import PortalLane, PortalUpdate
from intake.rules.states import Handling, SyncAction, SyncState
from intake.steps import take_step
from shared.actors import ActorKind, job
from shared.transactions import operation

US: Final = job("portal")
LOOKS_BACK: Final = 20_000
"""Steps before the last one told that are looked through again: longer than any transaction stays open."""
AT_ONCE: Final = 500


def is_connected() -> bool:
    """Whether this house tells a portal at all."""
    return bool(settings.WARDPOST_PORTAL_URL)


@operation
def queue_steps(*, dossier_id: UUID, at: datetime) -> int:
    """Queue every change of state that the portal has not been told yet; again: nothing. Returns how many.

    A dossier is the portal's business once a centre has received or refused it. Steps before the day on which the
    house was connected stay untold.
    """
    if not is_connected():
        return 0
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None or (dossier.received_at is None and dossier.handling != Handling.NOT_ACCEPTED):
        return 0
    new = [step for step in _untold(dossier_id) if step.to_state != step.from_state and int(step.to_state) > 1]
    lane = PortalLane.objects.select_for_update().filter(dossier_id=dossier_id).first()
    if not new or (lane is None and _is_too_old(new[0])):
        return 0
    if lane is None:
        lane = PortalLane.objects.create(dossier=dossier, next_at=at)
    PortalUpdate.objects.bulk_create([_update(lane, step, dossier) for step in new], ignore_conflicts=True)
    lane.is_waiting, lane.waiting_since = True, lane.waiting_since or at
    lane.save(update_fields=["is_waiting", "waiting_since"])
    if dossier.sync in {SyncState.NOT_CONNECTED, SyncState.SYNCED}:
        take_step(dossier, SyncAction.CHANGE, by=US, at=at)
    return len(new)


def _untold(dossier_id: UUID) -> Iterable[Any]:
    told = PortalUpdate.objects.filter(step_id=OuterRef("id"))
    return DossierStep.objects.filter(~Exists(told), dossier_id=dossier_id, machine="handling").order_by("id")


def _is_too_old(step: DossierStep) -> bool:
    since = settings.WARDPOST_PORTAL_SINCE
    return since is not None and step.at < since


def _update(lane: PortalLane, step: DossierStep, dossier: Dossier) -> PortalUpdate:
    officer = step.actor_name if step.actor_kind == ActorKind.PERSON else ""
    return PortalUpdate(lane=lane, step_id=step.id, to_status=int(step.to_state), action=step.action,
                        happened_at=step.at, officer_name=officer, due_at=dossier.due_at)


def queue_missed(*, at: datetime) -> int:
    """Queue what no event has told of (work that begins, goes on, is stopped); returns how many dossiers."""
    if not is_connected():
        return 0
    last = PortalUpdate.objects.aggregate(last=Max("step_id"))["last"] or 0
    told = PortalUpdate.objects.filter(step_id=OuterRef("id"))
    lanes = PortalLane.objects.filter(dossier_id=OuterRef("dossier_id"))
    steps = DossierStep.objects.filter(Exists(lanes), ~Exists(told), machine="handling", id__gt=last - LOOKS_BACK)
    wanted = [row["dossier_id"] for row in steps.values("dossier_id", "to_state", "from_state")
              if row["to_state"] != row["from_state"] and int(row["to_state"]) > 1][:AT_ONCE]
    return sum(bool(queue_steps(dossier_id=dossier_id, at=at)) for dossier_id in dict.fromkeys(wanted))
