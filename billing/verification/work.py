"""What a norm pays for a piece of work, and for an outlet's whole month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from billing.verification.dated import in_force, share, versions
from billing.verification.rows import rows

STAND_BY: Final = "stand_by"
PERIOD_CAP: Final = "period_cap"
_KEYS: Final = ("procedure_group", "channel", "complexity")

type Modifier = tuple[str, int | None, int | None, int | None, Sequence[str], int | None]
"""Kind, numerator, denominator, amount, communes, days after which it is late."""


class Norms:
    """The norms as they stand in the tables now."""

    def __init__(self) -> None:
        self._norms = versions("SELECT province_id, valid_from, valid_to, code, id FROM billing_compensationnorm")
        self._items: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for norm, *item in rows("SELECT norm_id, task, procedure_group, channel, complexity, unit, amount"
                                " FROM billing_normitem ORDER BY id"):
            self._items[norm].append(tuple(item))
        self._modifiers: defaultdict[int, list[Modifier]] = defaultdict(list)
        for norm, kind, *told in rows("SELECT norm_id, kind, numerator, denominator, amount, communes, late_after_days"
                                      " FROM billing_normmodifier ORDER BY norm_id, position"):
            self._modifiers[norm].append((kind, *told))

    def paid(self, task: str, province_code: str, on: date, facts: Mapping[str, Any]) -> tuple[int, str]:
        """Amount and rule, from what is kept of the work.

        Raises:
            LookupError, ValueError, TypeError: what is kept does not say what the task needs.
        """
        norm = in_force(self._norms[province_code], on)
        if norm is None:
            return 0, "none"
        code, key = norm
        if task == STAND_BY:
            amount = self._stand_by(key, int(facts["stand_by_days"]), int(facts["month_days"]))
            return amount, code if amount else "none"
        if task == PERIOD_CAP:
            amount = self._over_the_cap(key, int(facts["counted_vnd"]))
            return amount, code if amount else "none"
        base = self._base(key, task, facts)
        changes = (_change(modifier, base, facts) for modifier in self._modifiers[key]) if base else ()
        return max(0, base + sum(changes)), code

    def _base(self, norm: int, task: str, facts: Mapping[str, Any]) -> int:
        """The most particular item that fits: procedure group before channel before complexity."""
        told = [str(facts.get(name, "")) for name in _KEYS]
        fitting = [item for item in self._items[norm] if item[0] == task and item[4] == "piece"
                   and all(wanted in {"", has} for wanted, has in zip(item[1:4], told, strict=True))]
        best = max(fitting, key=lambda item: tuple(map(bool, item[1:4])), default=None)
        return 0 if best is None else int(best[5])

    def _stand_by(self, norm: int, days: int, of_days: int) -> int:
        whole = next((int(item[5]) for item in self._items[norm] if item[4] == "month"), 0)
        return share(whole, days, of_days)

    def _over_the_cap(self, norm: int, counted: int) -> int:
        caps: Iterable[int | None] = (modifier[3] for modifier in self._modifiers[norm] if modifier[0] == PERIOD_CAP)
        cap = next(iter(caps), None)
        return 0 if cap is None or counted <= cap else int(cap) - counted


def _change(modifier: Modifier, base: int, facts: Mapping[str, Any]) -> int:
    kind, numerator, denominator, amount, communes, late_after = modifier
    days = facts.get("hand_over_days")
    holds = {
        "remote_area": str(facts.get("outlet_commune", "")) in communes,
        "first_time_right": bool(facts.get("first_time_right")),
        "late_hand_over": days is not None and late_after is not None and int(days) > late_after,
    }
    if not holds.get(kind):
        return 0
    change = int(amount) if amount is not None else share(base, numerator or 0, denominator or 1)
    return -change if kind == "late_hand_over" else change
