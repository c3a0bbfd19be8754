"""Where a month's postage comes from, as one bar: what the city, the nation and the citizens pay of it."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.queries.months import Sums
from shared.formatting import percent

WIDTH: Final = 312
_THINNEST: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar; `x` and `width` in the drawing's units."""

    name: str
    look: str
    amount: int
    share: str
    x: int
    width: int


def flow_of(sums: Sums) -> list[Part]:
    """The parts in order; those of nothing have no width. Empty when there was no postage, or a net reversal."""
    gross = sums.gross.amount
    named = ((pgettext("finance", "City"), "city", sums.city_subsidy),
             (_("National reduction"), "nation", sums.national_reduction),
             (_("Citizens"), "citizen", sums.citizen_share))
    if gross <= 0 or any(money.amount < 0 for _name, _look, money in named):
        return []
    widths = _widths([money.amount for _name, _look, money in named])
    return [Part(name, look, money.amount, percent(100 * money.amount / gross, 1), sum(widths[:at]), widths[at])
            for at, (name, look, money) in enumerate(named)]


def _widths(amounts: list[int]) -> list[int]:
    """Whole units that fill the bar; whatever is not nothing can be seen."""
    total = sum(amounts)
    widths = [max(_THINNEST, WIDTH * amount // total) if amount else 0 for amount in amounts]
    widths[amounts.index(max(amounts))] += WIDTH - sum(widths)
    return widths
