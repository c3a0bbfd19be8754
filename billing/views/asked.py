"""What a finance page was asked for, read from its address; whatever makes no sense falls back to the obvious."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from billing.queries.lines import VIEWS
from billing.rules.periods import parse_month
from billing.wording import REASONS
from shared.text import clean

_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class MonthAsked:
    """Empty or None where the address says nothing useful."""

    province_code: str
    operator_code: str
    period: date | None
    view: str
    """A view of billing.queries.lines.VIEWS or a reason."""
    find: str
    cursor: str
    line_id: UUID | None

    @classmethod
    def of(cls, address: Mapping[str, str]) -> "MonthAsked":
        """`?thang=2026-01&operator=VNPOST&ly-do=capped&tim=…&sau=…&dong=…&tinh=01`."""
        view = address.get("ly-do", "")
        return cls(
            province_code=address.get("tinh", "")[:2], operator_code=address.get("operator", "")[:12],
            period=parse_month(address.get("thang", "")), view=view if view in VIEWS or view in REASONS else "",
            find=clean(address.get("tim", ""))[:_LONGEST].upper(), cursor=address.get("sau", "")[:300],
            line_id=_id(address.get("dong", "")))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
