"""Whole đồng. VND has no minor unit in use (ISO 4217 exponent 0), so no float and no Decimal ever carries money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models

if TYPE_CHECKING:
    _BigIntegerOfMoney = models.BigIntegerField["Money | int", "Money"]
else:
    _BigIntegerOfMoney = models.BigIntegerField


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole đồng; negative is owed."""

    amount: int = 0

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"Money takes a whole number of đồng, not {type(self.amount).__name__}.")

    def __add__(self, other: Self) -> "Money":
        return Money(self.amount + other.amount)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.amount - other.amount)

    def __neg__(self) -> "Money":
        return Money(-self.amount)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __int__(self) -> int:
        return self.amount

    def portion(self, rate: Fraction) -> "Money":
        """`rate` of this amount, halves rounded away from zero."""
        scaled = self.amount * rate.numerator
        quotient, rest = divmod(abs(scaled), rate.denominator)
        rounded = quotient + (2 * rest >= rate.denominator)
        return Money(rounded if scaled >= 0 else -rounded)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Shares proportional to `weights` (not all zero); no đồng is lost: the largest remainders get the rest."""
        total = sum(weights)
        floors = [self.amount * weight // total for weight in weights]
        rests = sorted(range(len(weights)), key=lambda i: (-(self.amount * weights[i] % total), i))
        for i in rests[: self.amount - sum(floors)]:
            floors[i] += 1
        return [Money(share) for share in floors]


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)


class MoneyField(_BigIntegerOfMoney):
    """Stores `Money` as a bigint of đồng."""

    def get_default(self) -> Any:
        value = super().get_default()
        return Money(value) if isinstance(value, int) else value

    def from_db_value(self, value: int | None, expression: object, connection: object) -> Money | None:
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Money | None:
        if value is None or isinstance(value, Money):
            return value
        return Money(cast("int", super().to_python(value)))

    def get_prep_value(self, value: Any) -> int | None:
        return value.amount if isinstance(value, Money) else cast("int | None", super().get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))
