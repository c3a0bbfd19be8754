"""Ranges of parcel numbers as screens and programs read them: what is left, and how long it lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from agents import public as agents
from delivery.models.parcels import NumberPool, Parcel
from delivery.operations.numbers import low_water
from delivery.rules import Direction
from delivery.rules.number_forms import FORMS
from shared.actors import Actor
from shared.calendar import local
from shared.roles import Role
from shared.working_days import work_calendar

LOOKS_BACK: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One range. `days_left` are working days at the pace of the last four weeks; None when nothing was used."""

    pool: NumberPool
    outlet_code: str
    outlet_name: str
    first_number: str
    last_number: str
    used_percent: int
    is_low: bool
    days_left: int | None


def pools_seen_by(actor: Actor) -> list[NumberPool]:
    """An operator's headquarters sees its own, an outlet's manager those of the outlet and the common ones."""
    pools = NumberPool.objects.order_by("operator_code", "service", "first_serial")
    if actor.role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        return list(pools)
    if actor.role == Role.OPERATOR_HQ:
        codes = [each.code for each in agents.operators() if each.id == actor.operator_id]
        return list(pools.filter(operator_code__in=codes))
    if actor.role == Role.OUTLET_MANAGER and actor.outlet_id is not None:
        mine = Q(outlet_id=actor.outlet_id) | Q(outlet_id=None)
        return list(pools.filter(mine, operator_code=agents.get_outlet(actor.outlet_id).operator.code))
    return []


def pool_rows(actor: Actor, now: datetime) -> list[PoolRow]:
    """The ranges in use first, those that run out soonest at the top; recalled ones at the end."""
    pools = pools_seen_by(actor)
    outlets = {each.id: each for each in agents.outlets_by_id({p.outlet_id for p in pools if p.outlet_id})}
    pace = _pace({pool.operator_code for pool in pools}, now)
    left: dict[tuple[str, UUID | None], int] = {}
    for pool in pools:
        key = (pool.operator_code, pool.outlet_id)
        left[key] = left.get(key, 0) + pool.left
    rows = [_row(pool, outlets, left, pace) for pool in pools]
    return sorted(rows, key=lambda row: (row.pool.recalled_at is not None, not row.is_low, row.pool.operator_code,
                                         row.outlet_name, row.pool.first_serial))


def _row(pool: NumberPool, outlets: dict[UUID, agents.OutletInfo], left: dict[tuple[str, UUID | None], int],
         pace: dict[tuple[str, UUID | None], float]) -> PoolRow:
    form, outlet = FORMS[pool.form], outlets.get(pool.outlet_id) if pool.outlet_id else None
    key = (pool.operator_code, pool.outlet_id)
    a_day = pace.get(key, 0.0)
    return PoolRow(
        pool, outlet.code if outlet else "", outlet.name if outlet else "",
        form.number(pool.service, pool.first_serial), form.number(pool.service, pool.last_serial),
        100 * (pool.next_serial - pool.first_serial) // pool.size,
        pool.recalled_at is None and left[key] < low_water(pool.outlet_id),
        int(left[key] / a_day) if a_day and pool.recalled_at is None else None)


def _pace(operator_codes: set[str], now: datetime) -> dict[tuple[str, UUID | None], float]:
    """Numbers used a working day: by outlet as far as it packs itself, the whole operator's for the common ranges."""
    since = now - LOOKS_BACK
    days = max(1, work_calendar().working_days_between(local(since).date(), local(now).date()))
    rows = Parcel.objects.filter(booked_at__gte=since, operator_code__in=operator_codes).values_list(
        "operator_code", "outlet_id", "direction").annotate(n=Count("id")).order_by()
    used: dict[tuple[str, UUID | None], float] = {}
    for operator_code, outlet_id, direction, count in rows:
        for owner in {None, outlet_id if direction in {Direction.DOSSIER, Direction.POSTED_IN} else None}:
            used[operator_code, owner] = used.get((operator_code, owner), 0) + count / days
    return used
