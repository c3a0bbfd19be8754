"""What is on hold: lines that no payment and no deduction may touch until somebody has decided.

A line is on hold while an open dispute holds it, or while a known error that concerns it is frozen. A settlement
leaves these lines out; what is disputed only for being too little is paid as it stands and is not on hold.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from billing.disputes.models import DisputeLine
from billing.known_errors.models import AffectedLine
from billing.models.ledger import Charge
from shared.money import ZERO, Money

_SUMS: Final = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation", "other")


@dataclass(frozen=True, slots=True)
class Held:
    """The lines of a month that are on hold, and what they come to."""

    lines: int = 0
    gross: Money = ZERO
    national_reduction: Money = ZERO
    city_subsidy: Money = ZERO
    citizen_share: Money = ZERO
    compensation: Money = ZERO
    other: Money = ZERO

    @property
    def city_owes(self) -> Money:
        return self.city_subsidy + self.compensation


@dataclass(frozen=True, slots=True)
class Hold:
    """Why one line is on hold."""

    kind: str
    """"dispute" or "known-error"."""
    number: str
    """Of the dispute or the error."""


def is_held() -> Q:
    """The condition on Charge: `Charge.objects.filter(is_held())`, `.exclude(…)`, `~is_held()`."""
    return (Q(Exists(DisputeLine.objects.filter(charge=OuterRef("id"), is_open=True, is_held=True)))
            | Q(Exists(AffectedLine.objects.filter(charge=OuterRef("id"), is_open=True))))


def is_disputed() -> Q:
    """The condition on Charge: somebody disputes the line, whether it is on hold or paid as it stands."""
    return Q(Exists(DisputeLine.objects.filter(charge=OuterRef("id"), is_open=True)))


def held_lines(*, province_code: str, operator_code: str, period: date) -> QuerySet[Charge]:
    return Charge.objects.filter(is_held(), province_code=province_code, operator_code=operator_code, period=period)


def held_of_month(*, province_code: str, operator_code: str, period: date) -> Held:
    """Number and sums of the lines on hold; one query."""
    found = held_lines(province_code=province_code, operator_code=operator_code, period=period).aggregate(
        lines=Count("id"), **{f"sum_{name}": Sum(name) for name in _SUMS})
    return Held(found["lines"], *(_money(found[f"sum_{name}"]) for name in _SUMS))


def holds_of(charge_ids: Iterable[UUID]) -> dict[UUID, tuple[Hold, ...]]:
    """Why each of `charge_ids` is on hold; those that are not are left out. One query for each kind of hold."""
    wanted = list(charge_ids)
    found: dict[UUID, tuple[Hold, ...]] = {}
    for charge_id, hold in (*_disputes(wanted), *_errors(wanted)):
        found[charge_id] = (*found.get(charge_id, ()), hold)
    return found


def _disputes(charge_ids: list[UUID]) -> Iterator[tuple[UUID, Hold]]:
    lines = DisputeLine.objects.filter(charge_id__in=charge_ids, is_open=True, is_held=True)
    for charge_id, number in lines.values_list("charge_id", "dispute__number"):
        if charge_id is not None:
            yield charge_id, Hold("dispute", number)


def _errors(charge_ids: list[UUID]) -> Iterator[tuple[UUID, Hold]]:
    lines = AffectedLine.objects.filter(charge_id__in=charge_ids, is_open=True)
    for charge_id, number in lines.values_list("charge_id", "error__number"):
        yield charge_id, Hold("known-error", number)


def _money(value: Money | int | None) -> Money:
    return value if isinstance(value, Money) else Money(int(value or 0))
