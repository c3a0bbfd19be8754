"""What concerns an outlet's whole month, written when the month is fixed: stand-by, and the cap on its work.

Both are worked out from the month's own lines and the norm of its last day, so no order of events changes them. Running
again writes nothing twice: an outlet has one such line a month.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Sum

from agents import public as agents
from billing.models.ledger import Charge
from billing.operations.lines import Line, is_posted, post
from billing.queries.rates import rate_book
from billing.rules.compensation import PERIOD_CAP, STAND_BY
from billing.rules.plans import COMPENSATION, compensation_plan
from billing.rules.rates import ModifierKind, NormCard, Unit
from shared.actors import Actor, job
from shared.calendar import at_local

BY: Final[Actor] = job("month_end")


@dataclass(frozen=True, slots=True)
class _Month:
    """A month of one operator in one city."""

    province: str
    operator: str
    last_day: date


def accrue_month(*, province_code: str, operator_code: str, period: date, at: datetime) -> int:
    """Write the month's stand-by and caps; returns how many lines. The caller holds the month alone."""
    last_day = last_day_of(period)
    norm = rate_book().norm(province_code, last_day)
    if norm is None:
        return 0
    place = _Month(province_code, operator_code, last_day)
    lines = 0
    if any(item.unit == Unit.MONTH for item in norm.items):
        outlets = [each for each in agents.outlets_of_province(province_code) if each.operator.code == operator_code]
        lines += sum(_write(place, outlet.id, STAND_BY, evidence, at=at)
                     for outlet, evidence in standing_by(outlets, period))
    if _cap_of(norm):
        lines += sum(_write(place, outlet_id, PERIOD_CAP, {"counted_vnd": counted}, at=at)
                     for outlet_id, counted in _above(norm, place, period))
    return lines


def source_of(outlet_id: UUID, period: date) -> UUID:
    """One outlet's month, as the source of its lines."""
    return uuid5(NAMESPACE_URL, f"outlet-month:{outlet_id}:{period:%Y-%m}")


def last_day_of(period: date) -> date:
    return period.replace(day=monthrange(period.year, period.month)[1])


def standing_by(outlets: Iterable[agents.OutletInfo],
                period: date) -> Iterator[tuple[agents.OutletInfo, dict[str, Any]]]:
    """Those of `outlets` that were under their agreement in the month, each with on how many of its days."""
    last_day = last_day_of(period)
    for outlet in outlets:
        begin = max(period, outlet.agreement_from)
        end = last_day if outlet.agreement_until is None else min(
            last_day, date.fromordinal(outlet.agreement_until.toordinal() - 1))
        days = (end - begin).days + 1
        if days > 0:
            yield outlet, {"outlet": outlet.code, "stand_by_days": days, "month_days": last_day.day}


def _cap_of(norm: NormCard) -> int:
    return next((card.amount.amount for card in norm.modifiers
                 if card.kind == ModifierKind.PERIOD_CAP and card.amount is not None), 0)


def _above(norm: NormCard, month: _Month, period: date) -> list[tuple[UUID, int]]:
    """Outlets whose work of the month comes to more than the cap, in one query."""
    work = Charge.objects.filter(
        province_code=month.province, operator_code=month.operator, period=period, kind__startswith=COMPENSATION,
        outlet_id__isnull=False).exclude(kind__startswith=f"{COMPENSATION}{PERIOD_CAP}")
    sums = work.values_list("outlet_id").annotate(counted=Sum("compensation")).order_by("outlet_id")
    cap = _cap_of(norm)
    return [(outlet_id, int(counted)) for outlet_id, counted in sums if outlet_id is not None and int(counted) > cap]


def _write(month: _Month, outlet_id: UUID, task: str, evidence: dict[str, Any], *, at: datetime) -> bool:
    last_day = month.last_day
    line = Line(
        source_type="outlet-month", source_id=source_of(outlet_id, last_day.replace(day=1)),
        kind=f"{COMPENSATION}{task}", province_code=month.province, operator_code=month.operator, outlet_id=outlet_id,
        dossier_code="", occurred_at=at_local(last_day, time(17)), evidence=evidence)
    plan = compensation_plan(task=task, province_code=month.province, operator_code=month.operator, on=last_day,
                             book=rate_book(), evidence=evidence)
    if not plan.legs or is_posted(line):
        return False
    post(line, plan, by=BY, at=at)
    return True
