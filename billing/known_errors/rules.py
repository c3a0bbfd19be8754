"""A known error's states, and the question that finds the lines it touches. Pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from billing.rules.words import Words


class ErrorState(StrEnum):
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    FIXED = "fixed"
    CLOSED = "closed"
    RULED_OUT = "ruled_out"


class ErrorAction(StrEnum):
    CONFIRM = "confirm"
    RULE_OUT = "rule_out"
    FIX = "fix"
    CLOSE = "close"


S, A = ErrorState, ErrorAction
KNOWN_ERROR: Final[Mapping[tuple[ErrorState, ErrorAction], ErrorState]] = MappingProxyType({
    (S.SUSPECTED, A.CONFIRM): S.CONFIRMED,
    (S.SUSPECTED, A.RULE_OUT): S.RULED_OUT,
    (S.CONFIRMED, A.FIX): S.FIXED,
    (S.FIXED, A.CLOSE): S.CLOSED,
})
FINAL: Final = frozenset({S.CLOSED, S.RULED_OUT})
OWNERS: Final[Mapping[ErrorState, tuple[str, str]]] = MappingProxyType({
    S.SUSPECTED: ("finance_reviewer", "known errors nobody has settled"),
    S.CONFIRMED: ("finance_reviewer", "known errors nobody has settled"),
    S.FIXED: ("finance_approver", "known errors nobody has settled"),
})
"""Who answers for an error that stays in a state, and which sweep of billing/known_errors/detecting.py notices."""
STATES: Final[Mapping[ErrorState, Words]] = MappingProxyType({
    S.SUSPECTED: Words("Đang nghi, các dòng được giữ lại", "Suspected, its lines are on hold"),
    S.CONFIRMED: Words("Đã xác nhận, đang sửa", "Confirmed, being fixed"),
    S.FIXED: Words("Đã sửa, đang trả lại tiền", "Fixed, money is being put right"),
    S.CLOSED: Words("Đã khép", "Closed"),
    S.RULED_OUT: Words("Không phải lỗi", "Ruled out"),
})
SETTLE_WORKING_DAYS: Final = 5
LOOK_BACK_DAYS: Final = 10
"""How far each night's comparison of lines with the rules goes back."""
FEWEST_OUTLETS: Final = 2
"""The same difference in two outlets within a week is no coincidence until somebody has shown that it is."""
WITHIN_DAYS: Final = 7
_KIND: Final = re.compile(r"[a-z][a-z0-9_:-]{0,39}")


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines an error touches. Empty fields ask nothing; dates are local days, half-open.

    `differs`: only lines that are not what their event and the rules of their day make them. `doubled`: only lines
    whose dossier has another line for the same work.
    """

    kind: str = ""
    """"postage", "compensation:accepted_online", …"""
    rule: str = ""
    reason_code: str = ""
    operator_code: str = ""
    posted_from: date | None = None
    posted_to: date | None = None
    differs: bool = False
    doubled: bool = False
    disputed: str = ""
    """Only lines that are or were disputed for this reason. Their disputes hold them already."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Question":
        days = {name: date.fromisoformat(data[name]) if data.get(name) else None
                for name in ("posted_from", "posted_to")}
        return cls(**{**{name: data[name] for name in cls.__slots__ if name in data}, **days})

    @property
    def as_data(self) -> dict[str, Any]:
        return {name: value.isoformat() if isinstance(value, date) else value
                for name, value in asdict(self).items() if value}

    @property
    def fault(self) -> str:
        """Which field makes no sense; empty when all do."""
        if not self.as_data or (self.kind and not _KIND.fullmatch(self.kind)):
            return "kind"
        if self.posted_from and self.posted_to and self.posted_to <= self.posted_from:
            return "posted_to"
        return ""


def number_of(province_code: str, year: int, serial: int) -> str:
    """`LH-01-26-007`."""
    return f"LH-{province_code}-{year % 100:02d}-{serial:03d}"
