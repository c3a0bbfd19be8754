"""The words of the planner and its one formula. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

MOST_WEIGHT: Final = Decimal(5)
MOST_TERRAIN: Final = Decimal(5)
MOST_SITES: Final = 600
MOST_WANTED: Final = 200
MOST_DEMAND: Final = 10_000_000
FARTHEST_AHEAD: Final = timedelta(days=731)
"""So far ahead outlets' moves and the ends of agreements may be planned with."""
LEAST_REACH, MOST_REACH = Decimal("0.5"), Decimal(100)


class DemandSource(StrEnum):
    FILE = "file"
    ESTIMATE = "estimate"
    """Made from the former units of each commune: no census."""
    DOSSIERS = "dossiers"
    """Counted from our own dossiers of the last twelve months, by the citizens' communes."""


class SiteSource(StrEnum):
    FILE = "file"
    FORMER = "former"
    """The points of communes dissolved on 1 July 2025, where a people's committee used to stand: a first guess."""


class PlacementState(StrEnum):
    ASKED = "asked"
    COMPUTED = "computed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much more the elderly and those who file nothing online count. Both 0: everybody counts once."""

    elderly: Decimal
    offline: Decimal

    def weight(self, demand: int, elderly_share: Decimal | None, online_rate: Decimal | None) -> Decimal:
        """The demand × (1 + elderly × share of elderly + offline × (1 − online rate)); unknown shares add nothing."""
        more = self.elderly * elderly_share if elderly_share is not None else Decimal(0)
        more += self.offline * (1 - online_rate) if online_rate is not None else Decimal(0)
        return demand * (1 + more)


@dataclass(frozen=True, slots=True)
class DemandRow:
    """One commune's demand as it is taken in. Shares are 0 to 1, None: not known."""

    commune_code: str
    demand: int
    elderly_share: Decimal | None = None
    online_rate: Decimal | None = None
    terrain_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A place where an outlet could stand."""

    code: str
    name: str
    latitude: float
    longitude: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet that stands, or a site that could: what the result tells about it."""

    key: str
    """"outlet:HN-001" or "site:<code>"."""
    code: str
    name: str
    address: str
    latitude: float
    longitude: float

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Place":
        return cls(**{name: data[name] for name in cls.__slots__})

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Demand:
    """A commune as the solver sees it."""

    code: str
    name: str
    latitude: float
    longitude: float
    demand: int
    elderly_share: Decimal | None
    online_rate: Decimal | None
    terrain_factor: Decimal
    weight: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one scenario: those that stand today, and those that may be chosen."""

    standing: Sequence[Place]
    candidates: Sequence[Place]
    keeps_standing: bool
