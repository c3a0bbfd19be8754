"""Dated rules out of their tables: versions by key, and the one in force on a day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from billing.verification.rows import rows

type Days = tuple[date, date | None]
type Versions = defaultdict[str, list[tuple[Days, tuple[Any, ...]]]]


def versions(question: str) -> Versions:
    """`question` answers key, first day, day after the last or None, and what the rule says."""
    found: Versions = defaultdict(list)
    for key, valid_from, valid_to, *rest in rows(question):
        found[key].append(((valid_from, valid_to), tuple(rest)))
    return found


def in_force(known: Sequence[tuple[Days, tuple[Any, ...]]], on: date) -> tuple[Any, ...] | None:
    return next((rest for (first, end), rest in known if first <= on and (end is None or on < end)), None)


def share(amount: int, numerator: int, denominator: int) -> int:
    """A part of an amount that is not negative; halves are rounded away from zero."""
    return (2 * amount * numerator + denominator) // (2 * denominator)
