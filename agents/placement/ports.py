"""What the planner asks of the house above it, which fills these when it starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CommuneHistory:
    """Dossiers of one commune's citizens, and how many of them were filed online."""

    commune_code: str
    dossiers: int
    online: int


@dataclass(frozen=True, slots=True)
class FormerPoint:
    """Where a dissolved commune lay, WGS 84 degrees, and the commune that most of it belongs to now."""

    code: str
    name: str
    latitude: float
    longitude: float
    commune_code: str


type AskHistory = Callable[[str, datetime, datetime], Sequence[CommuneHistory]]
type AskFormer = Callable[[str], Sequence[FormerPoint]]

_history: list[AskHistory] = []
_former: list[AskFormer] = []


def register_history(ask: AskHistory) -> None:
    """`ask(province_code, since, until)`: submitted dossiers by the citizens' communes."""
    _history[:] = [ask]


def register_former_points(ask: AskFormer) -> None:
    """`ask(province_code)`: the former communes of what is the province today."""
    _former[:] = [ask]


def history(province_code: str, since: datetime, until: datetime) -> Sequence[CommuneHistory]:
    return _history[0](province_code, since, until) if _history else ()


def former_points(province_code: str) -> Sequence[FormerPoint]:
    return _former[0](province_code) if _former else ()
