"""Support accesses as their readers see them, and how many there were each month, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from agents import public as agents
from billing.support.models import SupportAccess, SupportLook
from billing.support.rules import AccessState
from shared import scope
from shared.actors import Actor
from shared.calendar import LOCAL_ZONE
from shared.roles import Role

NOTED_FOR: Final = timedelta(days=30)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class AccessShown:
    access: SupportAccess
    outlet: str
    looks: tuple[SupportLook, ...]
    is_open: bool


def accesses(actor: Actor) -> QuerySet[SupportAccess]:
    found: QuerySet[SupportAccess] = SupportAccess.objects.seen_by(actor).order_by("-asked_at", "-id")
    return found


def shown(rows: Sequence[SupportAccess], *, now: datetime) -> list[AccessShown]:
    """Two queries, however many rows."""
    names = {each.id: each.name for each in agents.outlets_by_id({row.outlet_id for row in rows})}
    looks: dict[UUID, list[SupportLook]] = {}
    for look in SupportLook.objects.filter(access__in=[row.id for row in rows]).order_by("at", "id"):
        looks.setdefault(look.access_id, []).append(look)
    return [AccessShown(row, names.get(row.outlet_id, ""), tuple(looks.get(row.id, ())), is_open(row, now))
            for row in rows]


def is_open(row: SupportAccess, now: datetime) -> bool:
    return row.state == AccessState.OPEN and row.ends_at is not None and now < row.ends_at


def waiting_for(actor: Actor) -> int:
    """How many wait for this finance approver's answer; 0 for everybody else."""
    if actor.role != Role.FINANCE_APPROVER:
        return 0
    return accesses(actor).filter(state=AccessState.ASKED).count()


def newest_of(actor: Actor, *, now: datetime) -> SupportAccess | None:
    """What an outlet is told above its money: allowed within NOTED_FOR."""
    return accesses(actor).filter(decided_at__gte=now - NOTED_FOR, ends_at__isnull=False).first()


def counted_by_month() -> list[tuple[date, int]]:
    """How many were allowed in each of the last months that had one; newest first. Counts only, for everybody."""
    found = (SupportAccess.objects.filter(ends_at__isnull=False)
             .annotate(month=TruncMonth("decided_at", tzinfo=LOCAL_ZONE)).values("month")
             .annotate(many=Count("id")).order_by("-month"))
    with scope.everything():
        return [(row["month"].date(), row["many"]) for row in found[:_MONTHS]]
