"""Every amount worked out again, from what is kept beside a line and the rules as the tables have them.

The sources are those of the rules themselves: the operator's tariff by zone and weight, Circular 22/2017/TT-BTTTT for
the national reduction, the city's resolution for its support, and its norm for the agents' work. Halves of a đồng are
rounded away from zero; the citizen's share takes what is left.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from billing.verification.dated import in_force, share, versions
from billing.verification.rows import rows
from billing.verification.work import Norms

_HEAVIEST: Final = 30_000
_LOCAL: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_WORK: Final = "compensation:"
_REPEAT: Final = "QD45-2016-D12.4"
_KEPT: Final = 50_000
"""Cases remembered at once: grams and days make as many as there are parcels."""

type Amounts = tuple[int, int, int, int, int, int]
"""gross, national reduction, city's subsidy, citizen's share, compensation, other."""
type Part = tuple[int, int, int | None, list[str], list[str]]
"""What a rule set pays: numerator, denominator, cap of a trip, channels, directions."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a line should say."""

    amounts: Amounts
    rule: str


class Rules:
    """The rules as they stand in the tables now; equal cases are worked out once."""

    def __init__(self) -> None:
        self._tariffs = versions("SELECT operator_code || '|' || direction, valid_from, valid_to, code, id"
                                 " FROM billing_tariff ORDER BY valid_from, id")
        self._prices = _prices()
        self._reductions = versions("SELECT beneficiary_class, valid_from, valid_to, code, numerator, denominator"
                                    " FROM billing_reduction ORDER BY valid_from, id")
        self._subsidies = versions(
            "SELECT province_id, valid_from, valid_to, code, id, budget_line, numerator, denominator, cap_per_trip,"
            " channels, directions FROM billing_subsidyruleset ORDER BY valid_from, id")
        self._parts = _parts()
        self._stops = versions("SELECT province_id || '|' || budget_line, valid_from, valid_to, when_empty"
                               " FROM billing_budgetstop ORDER BY valid_from, id")
        self._norms = Norms()
        self._known: dict[tuple[object, ...], Due] = {}

    def due(self, *, kind: str, province_code: str, occurred_at: datetime, evidence: str) -> Due:
        """What a line of this kind, with this kept evidence, should say.

        Raises:
            LookupError, ValueError, TypeError: the kept evidence does not hold what a line of its kind holds.
        """
        base, kept = kind.partition("#")[0], json.loads(evidence)
        if base.startswith(_WORK):
            on = occurred_at.astimezone(_LOCAL).date()
            amount, rule = self._norms.paid(base.removeprefix(_WORK), province_code, on, kept)
            return Due((0, 0, 0, 0, amount, 0), rule)
        return self._postage(kept["case"]) if base == "postage" else _entry(kept["entry"])

    def _postage(self, case: Mapping[str, Any]) -> Due:
        key = tuple(case.values())
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._priced(case, date.fromisoformat(case["on"]))
        return self._known[key]

    def _priced(self, case: Mapping[str, Any], on: date) -> Due:
        tariff = in_force(self._tariffs[f"{case['operator_code']}|{case['direction']}"], on)
        gross = None if tariff is None else self._price(tariff[1], case["zone"], case["weight_grams"])
        if tariff is None or gross is None:
            return Due((0, 0, 0, 0, 0, 0), "none")
        borne_by = case.get("borne_by", "")
        if borne_by == "carrier":
            return Due((0, 0, 0, 0, 0, 0), _REPEAT)
        reduction_rule, reduction = self._reduced(case["beneficiary_class"], gross, on)
        subsidy_rule, subsidy = self._repeated(borne_by, gross - reduction) if borne_by else self._supported(
            case, gross - reduction, on)
        named = dict.fromkeys(rule for rule, amount in (
            (tariff[0], gross), (reduction_rule, reduction), (subsidy_rule, subsidy)) if amount)
        return Due((gross, reduction, subsidy, gross - reduction - subsidy, 0, 0), " + ".join(named))

    def _price(self, tariff: int, zone: str, grams: int) -> int | None:
        steps, further = self._prices.get((tariff, zone), ([], None))
        if not steps or not 1 <= grams <= _HEAVIEST:
            return None
        for up_to, price in steps:
            if grams <= up_to:
                return int(price)
        if further is None:
            return None
        begun = (grams - steps[-1][0] + further[0] - 1) // further[0]
        return int(steps[-1][1] + begun * further[1])

    def _reduced(self, classes: str, gross: int, on: date) -> tuple[str, int]:
        found = [rule for name in _classes(classes) if (rule := in_force(self._reductions[name], on)) is not None]
        best = max(found, key=lambda rule: Fraction(rule[1], rule[2]), default=None)
        return ("", 0) if best is None else (best[0], share(gross, best[1], best[2]))

    def _repeated(self, borne_by: str, left: int) -> tuple[str, int]:
        """Sent again: the authority takes all that is left where it was at fault, else nothing is supported."""
        return (_REPEAT, left) if borne_by == "sender" else ("", 0)

    def _supported(self, case: Mapping[str, Any], left: int, on: date) -> tuple[str, int]:
        """What the city takes: the best of the general part and those for the citizen's classes."""
        province = case["province_code"]
        rule = in_force(self._subsidies[province], on)
        if rule is None or not left or not case["managed_by_city"]:
            return "", 0
        code, key, budget_line, *general = rule
        if in_force(self._stops[f"{province}|{budget_line}"], on) == ("citizen_pays",):
            return "", 0
        classes = set(_classes(case["beneficiary_class"]))
        parts: list[Part] = [tuple(general), *(part for names, part in self._parts[key] if classes & names)]
        return code, max(_paid(part, case, left) for part in parts)


def _classes(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _paid(part: Part, case: Mapping[str, Any], left: int) -> int:
    numerator, denominator, cap, channels, directions = part
    if case["channel"] not in channels or case["direction"] not in directions:
        return 0
    wanted = share(left, numerator, denominator)
    return wanted if cap is None else min(wanted, int(cap))


def _entry(asked: Mapping[str, Any]) -> Due:
    """A general entry brings its amounts along; what it moves must be what its legs say (see lines.py)."""
    told = asked["amounts"]
    return Due((told["gross"], told["national_reduction"], told["city_subsidy"], told["citizen_share"],
                told["compensation"], told["other"]), asked["rule"])


def _parts() -> defaultdict[int, list[tuple[set[str], Part]]]:
    found: defaultdict[int, list[tuple[set[str], Part]]] = defaultdict(list)
    for rule_set, classes, *part in rows(
            "SELECT rule_set_id, beneficiary_classes, numerator, denominator, cap_per_trip, channels, directions"
            " FROM billing_subsidypart ORDER BY position"):
        found[rule_set].append((set(classes), tuple(part)))
    return found


type Column = tuple[list[tuple[int, int]], tuple[int, int] | None]


def _prices() -> dict[tuple[int, str], Column]:
    """(tariff, zone) to its fixed steps (grams, price), lightest first, and the further one."""
    fixed: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    further: dict[tuple[int, str], tuple[int, int]] = {}
    for tariff, zone, grams, price, is_further in rows(
            "SELECT tariff_id, zone, up_to_grams, price, is_further_step FROM billing_tariffrate ORDER BY up_to_grams"):
        if is_further:
            further[tariff, zone] = (grams, int(price))
        else:
            fixed[tariff, zone].append((grams, int(price)))
    return {key: (steps, further.get(key)) for key, steps in fixed.items()}
