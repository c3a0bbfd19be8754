"""Which tariff zone lies between two places: the operator's table where it has a line, else the rule of the tariff.

Tariffs still speak of districts, which ended on 1 July 2025. An address that names a former commune tells its district
exactly; without it, all districts that parts of the commune lay in count.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Final

from billing import public as billing
from billing.public import ZoneFinding
from delivery.addresses.models import ZoneEntry
from shared.models.places import FormerCommune
from shared.places import Place

_KEPT_SECONDS: Final = 60.0
BASES: Final = ("commune", "former_district", "province")

type Key = tuple[str, str, str, str]
"""Operator, basis, the smaller code, the larger."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an operator's table of zones."""

    zone: str
    basis: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


_kept: tuple[float, Mapping[Key, tuple[Line, ...]]] | None = None


def forget() -> None:
    """Drop the kept table, after it was loaded anew."""
    global _kept  # noqa: PLW0603
    _kept = None


def explain_zone(operator_code: str, origin: Place, destination: Place, on: date, *,
                 former_commune_code: str = "") -> tuple[ZoneFinding, Line | None]:
    """The zone on that day with its reason, and the line of the table that says so, if one does.

    `former_commune_code` is that of the destination, when its address names one.
    """
    target = _narrowed(destination, former_commune_code)
    line = _line(operator_code, origin, target, on)
    finding = billing.explain_zone(origin, target)
    if line is None:
        return finding, None
    words = billing.zone_words(line.zone)
    return ZoneFinding(words.zone, words.reason_vi, words.reason_en, line.confidence), line


def zone_between(operator_code: str, origin: Place, destination: Place, on: date, *,
                 former_commune_code: str = "") -> str:
    return str(explain_zone(operator_code, origin, destination, on, former_commune_code=former_commune_code)[0].zone)


def _narrowed(place: Place, former_commune_code: str) -> Place:
    if not former_commune_code:
        return place
    district = FormerCommune.objects.filter(
        code=former_commune_code, successions__commune_id=place.code).values_list("district_code", flat=True).first()
    return replace(place, former_district_codes=(district,)) if district else place


def _line(operator_code: str, origin: Place, destination: Place, on: date) -> Line | None:
    table = _table()
    if not table:
        return None
    for basis in BASES:
        pairs = product(_codes(origin, basis), _codes(destination, basis))
        # Parts of a commune may have lain in several districts: one that both places share counts before the others.
        for first, second in sorted(pairs, key=lambda pair: pair[0] != pair[1]):
            lines = table.get((operator_code, basis, min(first, second), max(first, second)), ())
            found = next((line for line in lines if line.holds_on(on)), None)
            if found is not None:
                return found
    return None


def _codes(place: Place, basis: str) -> Iterable[str]:
    match basis:
        case "commune":
            return (place.code,)
        case "province":
            return (place.province_code,)
    return place.former_district_codes


def _table() -> Mapping[Key, tuple[Line, ...]]:
    global _kept  # noqa: PLW0603  # one value per process, read again after a minute
    now = time.monotonic()
    if _kept is None or now - _kept[0] > _KEPT_SECONDS:
        _kept = (now, _read())
    return _kept[1]


def _read() -> Mapping[Key, tuple[Line, ...]]:
    lines: dict[Key, list[Line]] = defaultdict(list)
    for row in ZoneEntry.objects.order_by("-valid_from", "id"):
        key = (row.operator_code, row.basis, row.origin_code, row.destination_code)
        lines[key].append(Line(row.zone, row.basis, row.valid_from, row.valid_to, row.legal_basis, row.confidence))
    return {key: tuple(found) for key, found in lines.items()}
