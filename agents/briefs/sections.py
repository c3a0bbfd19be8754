"""What a brief is made of: sections that any app contributes, kept as data in both languages."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import override

from shared.errors import Text

MOST_ROWS: Final = 8
"""A brief is one page: of each section the first few, and how many more there are."""


@dataclass(frozen=True, slots=True)
class Both:
    """The same in both languages."""

    vi: str
    en: str


def both(text: Text) -> Both:
    """A lazy translation, or a name that is the same in both."""
    with override("vi"):
        vietnamese = str(text)
    with override("en"):
        return Both(vietnamese, str(text))


@dataclass(frozen=True, slots=True)
class Figure:
    label: Both
    value: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where or what, and what is said of it. `is_late` marks what wants a look."""

    name: str | Both
    said: Both
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: Both
    figures: tuple[Figure, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """Plain JSON, no more rows than fit."""
        data = asdict(self)
        return data | {"rows": data["rows"][:MOST_ROWS], "more": max(0, len(self.rows) - MOST_ROWS)}


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which city, since when, up to when."""

    province_code: str
    since: datetime
    as_of: datetime


type Make = Callable[[Asked], Section | None]
_makers: Final[dict[str, tuple[int, Make]]] = {}


def register(code: str, *, order: int, make: Make) -> None:
    """Contribute a section to every brief; the same code again replaces it. None from `make`: nothing to tell."""
    _makers[code] = (order, make)


def made(asked: Asked) -> list[dict[str, Any]]:
    """All sections in their order, as data."""
    ordered = sorted(_makers.items(), key=lambda each: (each[1][0], each[0]))
    found = [make(asked) for _code, (_order, make) in ordered]
    return [section.as_data() for section in found if section is not None]
