"""Charts and maps as data. A page makes one; the template draws its table twin, and the browser the picture from that.

A picture never shows what its table does not: the figures stand in the page, the script only draws them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

from shared import formatting

type Label = str | Promise


class Tone(StrEnum):
    """What a colour says; each has a texture of its own, so that a grey print says it too."""

    NIGHT = "night"
    ACTION = "action"
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    PAUSE = "pause"
    REST = "rest"


class Shape(StrEnum):
    BAR = "bar"
    STACKED = "stacked"
    LINE = "line"


class Unit(StrEnum):
    """How a figure is written: a count, whole đồng, or a share (0.0 to 1.0, shown per cent)."""

    COUNT = "count"
    DONG = "dong"
    SHARE = "share"


def _write(format_one: Callable[..., str]) -> Callable[[int | float | None], str]:
    return lambda value: "–" if value is None else format_one(value)


_WRITTEN: Final[dict[Unit, Callable[[int | float | None], str]]] = {
    Unit.COUNT: _write(lambda value: formatting.number(int(value))),
    Unit.DONG: _write(lambda value: formatting.money(int(value))),
    Unit.SHARE: _write(lambda value: formatting.percent(float(value) * 100, 1)),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One line or colour of bars. `values` are as long as the chart's labels; None where there is nothing to say."""

    name: Label
    values: Sequence[int | float | None]
    tone: Tone = Tone.NIGHT
    is_dashed: bool = False
    """A forecast, a limit: drawn as a dashed line whatever the chart's shape."""
    is_band_top: bool = False
    """The room between this line and the series before it is shaded: a forecast's band."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`title` says what is seen; `axis` heads the table's first column; `labels` are its rows."""

    title: Label
    axis: Label
    labels: Sequence[Label]
    series: Sequence[Series]
    shape: Shape = Shape.BAR
    unit: Unit = Unit.COUNT
    note: Label = ""

    @property
    def rows(self) -> list[tuple[Label, list[tuple[Label, str, str]]]]:
        """The table twin: a label and, for each series, its name, the figure in words and the figure as a number."""
        write = _WRITTEN[self.unit]
        return [
            (label, [(one.name, write(value), "" if value is None else str(value))
                     for one in self.series for value in (one.values[at],)])
            for at, label in enumerate(self.labels)
        ]

    @property
    def is_empty(self) -> bool:
        return not any(value is not None for one in self.series for value in one.values)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a map, WGS 84 degrees. `size` is a radius in pixels; `number` is written in the disc."""

    lat: float
    lon: float
    label: str
    detail: str = ""
    tone: Tone = Tone.NIGHT
    size: int = 7
    number: str = ""
    url: str = ""

    def as_data(self) -> dict[str, object]:
        return {"lat": self.lat, "lon": self.lon, "label": self.label, "detail": self.detail, "tone": self.tone,
                "size": self.size, "number": self.number, "url": self.url}


@dataclass(frozen=True, slots=True)
class Map:
    """Points over the ground (small grey dots: the communes around), joined by `way` where something travels.

    There are no tiles: every page works with our own server alone.
    """

    title: Label
    points: Sequence[Point]
    ground: Sequence[tuple[float, float]] = ()
    way: Sequence[tuple[float, float]] = ()
    way_ahead: Sequence[tuple[float, float]] = ()
    """The part not travelled yet: dashed."""
    areas: Sequence[Sequence[Sequence[float]]] = ()
    """Outlines under the points, each a ring of (latitude, longitude)."""

    @property
    def as_data(self) -> dict[str, object]:
        """What the script draws from."""
        return {"points": [point.as_data() for point in self.points], "ground": list(self.ground),
                "way": list(self.way), "wayAhead": list(self.way_ahead), "areas": list(self.areas)}
