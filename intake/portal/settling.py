"""What people and the night do: send a parked dossier again, compare the portal's view with ours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final
from uuid import UUID

import structlog
from django.db.models import Q

from intake.errors import DossierNotFound, NothingParked
from intake.models.dossiers import Dossier
from intake.portal.client import Portal, PortalRefused, PortalSilent, Seen, portal
from intake.portal.models import PortalComparison, PortalDifference, PortalLane, PortalUpdate
from intake.portal.queueing import US
from intake.portal.rules import Difference, difference_of
from intake.portal.sending import REFUSED
from intake.rules.states import SyncAction, SyncState
from intake.steps import take_step
from shared import audit, work
from shared.actors import Actor
from shared.roles import Role
from shared.transactions import operation

log = structlog.get_logger()

DIFFERS: Final = "portal-differs"
AT_ONCE: Final = 100
LOOKS_BACK: Final = timedelta(days=30)


@operation
def release(*, dossier_id: UUID, by: Actor, at: datetime) -> PortalLane:
    """Send a parked dossier again, after its cause was corrected.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        NothingParked: it is not parked.
    """
    dossier = Dossier.objects.seen_by(by).select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    lane = PortalLane.objects.select_for_update().filter(pk=dossier_id).exclude(parked_at=None).first()
    if lane is None:
        raise NothingParked
    lane.parked_at, lane.next_at, lane.is_waiting, lane.waiting_since = None, at, True, at
    lane.save(update_fields=["parked_at", "next_at", "is_waiting", "waiting_since"])
    if dossier.sync == SyncState.PARKED:
        take_step(dossier, SyncAction.RELEASE, by=by, at=at)
    work.close_item(kind=REFUSED, reference=str(dossier_id), by=by.id, at=at, outcome="sent again")
    audit.record(actor=by, action="portal.release", object_type="dossier", object_id=dossier_id, at=at,
                 before={"cause": lane.parked_because})
    return lane


def compare(*, at: datetime) -> PortalComparison | None:
    """Ask the portal for its view of everything lately told and write down what differs. None: not connected.

    A portal that does not answer ends the comparison where it stands; the next night goes on.
    """
    connected = portal()
    if connected is None:
        return None
    recent = Q(checked_at=None) | Q(checked_at__lt=at - timedelta(hours=12), dossier__created_at__gt=at - LOOKS_BACK)
    # What is still on its way is no difference.
    lanes = PortalLane.objects.filter(recent, is_waiting=False, parked_at=None).exclude(filed_at=None)
    compared = differing = 0
    for some in batched(lanes.order_by("pk").values_list("pk", "portal_code").iterator(AT_ONCE), AT_ONCE,
                        strict=False):
        found = _ask(connected, [code for _dossier_id, code in some])
        if found is None:
            break
        compared += len(some)
        differing += _note(some, found, at)
    return _keep_run(compared, differing, at)


def _ask(to: Portal, codes: Sequence[str]) -> dict[str, Seen] | None:
    try:
        return {seen.code: seen for seen in to.look_up(codes)}
    except (PortalRefused, PortalSilent) as trouble:
        log.warning("portal_comparison_stopped", error=type(trouble).__name__)
        return None


@operation
def _note(lanes: Sequence[tuple[UUID, str]], found: dict[str, Seen], at: datetime) -> int:
    """Keep what differs in these lanes, close what does not any more; returns how many differ."""
    differing = 0
    locked: dict[UUID, Any] = PortalLane.objects.select_for_update(of=("self",)).select_related("dossier").in_bulk(
        [dossier_id for dossier_id, _code in lanes])
    for dossier_id, code in lanes:
        lane, seen = locked[dossier_id], found.get(code)
        kind = difference_of(lane.portal_status, seen.status if seen else None, seen.copies if seen else 0)
        if kind is not None:
            differing += 1
            _open(lane, kind, seen, at)
        else:
            _close(lane, at)
    PortalLane.objects.filter(pk__in=locked).update(checked_at=at)
    return differing


def _open(lane: PortalLane, kind: Difference, seen: Seen | None, at: datetime) -> None:
    facts = {"kind": kind, "ours": lane.portal_status, "theirs": seen.status if seen else None}
    PortalDifference.objects.update_or_create(lane=lane, settled_at=None, defaults=facts, create_defaults=facts | {
        "found_at": at})
    work.open_item(kind=DIFFERS, reference=str(lane.pk), owner_role=Role.ADMINISTRATOR,
                   owner_place=lane.dossier.province_code, at=at, due_at=at + timedelta(days=1),
                   detail={"agent_ref": lane.dossier.agent_ref, "kind": str(kind)})


def _close(lane: PortalLane, at: datetime) -> None:
    if PortalDifference.objects.filter(lane=lane, settled_at=None).update(settled_at=at):
        work.close_item(kind=DIFFERS, reference=str(lane.pk), by=US.id, at=at, outcome="the same again")


@operation
def _keep_run(compared: int, differing: int, at: datetime) -> PortalComparison:
    return PortalComparison.objects.create(at=at, compared=compared, differing=differing)


@operation
def tell_again(*, dossier_id: UUID, by: Actor, at: datetime) -> PortalLane:
    """Settle a difference: what the portal lost or missed is told again, from the beginning when it has nothing.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        NothingParked: nothing differs that telling again could mend (a doubled one is the portal's to remove).
    """
    if not Dossier.objects.seen_by(by).filter(id=dossier_id).exists():
        raise DossierNotFound
    dossier = Dossier.objects.select_for_update(of=("self",)).get(id=dossier_id)
    lane = PortalLane.objects.select_for_update().filter(pk=dossier_id).first()
    differs = PortalDifference.objects.filter(lane_id=dossier_id, settled_at=None).exclude(
        kind=Difference.DOUBLED).first()
    if lane is None or differs is None:
        raise NothingParked
    if differs.kind == Difference.MISSING:
        lane.filed_at, lane.portal_status = None, 1
        PortalUpdate.objects.filter(lane=lane).update(progress_at=None, sent_at=None)
    else:
        lane.portal_status = differs.theirs or 1
        later = PortalUpdate.objects.filter(lane=lane).order_by("-step_id").first()
        if later is not None:
            PortalUpdate.objects.filter(pk=later.pk).update(sent_at=None)
    lane.is_waiting, lane.next_at, lane.waiting_since = True, at, at
    lane.save()
    if dossier.sync == SyncState.SYNCED:
        take_step(dossier, SyncAction.CHANGE, by=by, at=at)
    audit.record(actor=by, action="portal.tell-again", object_type="dossier", object_id=dossier_id, at=at,
                 before={"kind": differs.kind})
    return lane
