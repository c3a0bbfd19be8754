"""What notices that bags and originals stay where they are: each gets an owner, and is closed when it has moved on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from intake.models.custody import Original
from intake.models.manifests import Manifest
from intake.queries.originals import late_originals
from intake.rules import clock
from intake.rules.custody import Holder
from intake.rules.manifests import ManifestState
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

ORIGINAL_LATE: Final = "original-overdue"
BAG_LEFT: Final = "bag-not-handed-over"
BAG_LOST: Final = "bag-not-arrived"
BAG_NOT_COUNTED: Final = "bag-not-counted"


@dataclass(frozen=True, slots=True)
class Late:
    """One thing that lies too long, and whose it is."""

    reference: str
    owner_role: str
    owner_place: str
    detail: dict[str, str] = field(default_factory=dict)


@operation
def watch_hand_over(*, at: datetime) -> int:
    """Open work for what lies too long, close what has moved; returns how many items it opened."""
    return (_keep(ORIGINAL_LATE, [_original(each) for each in late_originals(at)], at)
            + _keep(BAG_LEFT, [_bag(each, Role.OUTLET_CLERK) for each in _left_at_the_outlet(at)], at)
            + _keep(BAG_LOST, [_bag(each, Role.OPERATOR_HQ) for each in _too_long_under_way(at)], at)
            + _keep(BAG_NOT_COUNTED, [_bag(each, Role.CENTRE_OFFICER) for each in _not_counted(at)], at))


def _ago(at: datetime, working_days: int) -> datetime:
    return clock.moment_before(at, working_days * clock.DAY_MINUTES, work_calendar())


def _bags() -> "QuerySet[Manifest]":
    return Manifest.objects.select_related("outlet", "operator", "centre")


def _left_at_the_outlet(at: datetime) -> Iterable[Manifest]:
    """Open with something in it, or sealed, for a working day: what the citizen handed in has not moved."""
    day_ago = _ago(at, 1)
    return _bags().filter(
        Q(state=ManifestState.OPEN, opened_at__lt=day_ago, items__isnull=False)
        | Q(state=ManifestState.SEALED, sealed_at__lt=day_ago)).distinct()


def _too_long_under_way(at: datetime) -> Iterable[Manifest]:
    return _bags().filter(state=ManifestState.WITH_CARRIER, picked_up_at__lt=_ago(at, 3))


def _not_counted(at: datetime) -> Iterable[Manifest]:
    return _bags().filter(state=ManifestState.ARRIVED, arrived_at__lt=_ago(at, 1))


def _bag(manifest: Manifest, role: str) -> Late:
    places = {Role.OUTLET_CLERK: manifest.outlet.code, Role.OPERATOR_HQ: manifest.operator.code,
              Role.CENTRE_OFFICER: manifest.centre.agency_code}
    return Late(str(manifest.id), role, places[Role(role)], {"manifest": manifest.code})


def _original(original: Original) -> Late:
    """The hand that it is in answers for it."""
    detail = {"dossier_id": str(original.dossier_id), "holder": original.holder}
    if original.holder == Holder.CENTRE and original.centre is not None:
        return Late(str(original.id), Role.CENTRE_OFFICER, original.centre.agency_code, detail)
    if original.holder == Holder.CARRIER and original.operator is not None:
        return Late(str(original.id), Role.OPERATOR_HQ, original.operator.code, detail)
    outlet = original.outlet
    return Late(str(original.id), Role.OUTLET_CLERK if outlet else Role.CENTRE_OFFICER,
                outlet.code if outlet else original.province_code, detail)


def _keep(kind: str, late: list[Late], at: datetime) -> int:
    """One open item for each thing; items of what moved, or came into another hand, are closed."""
    now = {(each.reference, each.owner_place) for each in late}
    waiting = list(WorkItem.objects.filter(kind=kind, closed_at=None))
    over = [item.pk for item in waiting if (item.reference, item.owner_place) not in now]
    WorkItem.objects.filter(pk__in=over).update(closed_at=at, closed_by="sweep", outcome="settled")
    known = {item.reference for item in waiting if item.pk not in over}
    due_at = clock.due_after_pause(clock.DAY_MINUTES, at, work_calendar())
    items = [WorkItem(kind=kind, reference=each.reference, owner_role=each.owner_role, owner_place=each.owner_place,
                      opened_at=at, due_at=due_at, detail=each.detail)
             for each in late if each.reference not in known]
    return len(WorkItem.objects.bulk_create(items, ignore_conflicts=True))
