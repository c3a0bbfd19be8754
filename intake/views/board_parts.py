"""The board's drawings and lists, ready for the template: lengths are numbers, words are words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from intake.boards.ranking import Rank, ranking
from intake.boards.reading import Board, CentreLine
from intake.boards.rules.counts import Counts
from intake.rules.short_names import shortened
from intake.rules.tiles import arrange, grid_size
from shared.calendar import local
from shared.formatting import day
from shared.places import Place, get_places

TILE: Final = (77, 47)
"""Pitch of the grid; a tile is 74 × 42."""
LONGEST_TILE_NAME: Final = 12
TOP: Final = 4
TOP_PROCEDURES: Final = 8
CHART: Final = (248, 80)
DAYS: Final = 3
LEAST_BAR: Final = 1.5
LONGEST_BAR_NAME: Final = 44


@dataclass(frozen=True, slots=True)
class Tile:
    """One centre near its true place. `shade` 0 to 3 only helps; the number says it."""

    x: int
    y: int
    name: str
    full_name: str
    count: Counts
    shade: int


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: tuple[Tile, ...]
    width: int
    height: int
    steps: tuple[int, ...]
    """The three thresholds between the four shades."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: received behind, resolved in front."""

    x: float
    width: float
    received_y: float
    received_height: float
    resolved_y: float
    resolved_height: float
    label: str
    starts_at: datetime
    count: Counts


@dataclass(frozen=True, slots=True)
class Row:
    """A centre in the table, under the name of its commune."""

    name: str
    agency_code: str
    count: Counts


@dataclass(frozen=True, slots=True)
class Top:
    """A place in a ranking, under the name of its commune."""

    place: int
    is_shared: bool
    name: str
    bare_name: str
    """Without its kind."""
    count: Counts


@dataclass(frozen=True, slots=True)
class ProcedureBar:
    name: str
    short: str
    code: str
    count: Counts
    length: int
    """0 to 100."""


def names_of(board: Board) -> dict[str, Place]:
    """The communes of the board's centres, by code."""
    return get_places([row.centre.commune_code for row in board.by_centre if row.centre.commune_code])


def display_name(row: CentreLine | Rank, places: dict[str, Place]) -> str:
    place = places.get(row.centre.commune_code)
    return place.full_name[0].upper() + place.full_name[1:] if place is not None else row.centre.name


def bare_name(row: CentreLine | Rank, places: dict[str, Place]) -> str:
    place = places.get(row.centre.commune_code)
    return place.name if place is not None else row.centre.name


def table_rows(board: Board, places: dict[str, Place]) -> Sequence[Row]:
    """Every centre, most received first."""
    rows = [Row(display_name(row, places), row.centre.agency_code, row.count) for row in board.by_centre]
    return sorted(rows, key=lambda row: (-row.count.received, -row.count.resolved, row.name))


def tops(board: Board, by: str, places: dict[str, Place]) -> Sequence[Top]:
    ranks = ranking(board.by_centre, by=by, limit=TOP)
    return [Top(rank.place, rank.is_shared, display_name(rank, places), bare_name(rank, places), rank.count)
            for rank in ranks]


def tie_words(top: Sequence[Top]) -> str:
    """Who shares a place, e.g. "Phú Xuân và Quảng Điền đồng hạng"; empty when nobody does."""
    shared = groupby((rank for rank in top if rank.is_shared), key=lambda rank: rank.place)
    names = [[rank.bare_name for rank in ranks] for _place, ranks in shared]
    return "; ".join(_("%(places)s share a place") % {
        "places": f"{', '.join(group[:-1])} {_('and')} {group[-1]}"} for group in names)


def tile_map(board: Board, places: dict[str, Place]) -> TileMap:
    """The communes' centres on a grid; a provincial centre has no place on it."""
    rows = [row for row in board.by_centre if row.centre.commune_code]
    cells = arrange([(row.centre.latitude, row.centre.longitude) for row in rows])
    steps = shade_steps(max((row.count.received for row in rows), default=0))
    tiles = [
        Tile(1 + column * TILE[0], 1 + line * TILE[1], _tile_name(row, places), display_name(row, places), row.count,
             sum(row.count.received >= step for step in steps))
        for row, (column, line) in zip(rows, cells, strict=True)]
    columns, lines = grid_size(len(rows))
    return TileMap(tuple(tiles), columns * TILE[0], lines * TILE[1], steps)


def shade_steps(most: int) -> tuple[int, ...]:
    """A tenth, a fifth and two fifths of the largest count, in round numbers: 151 gives 15, 30, 60."""
    return tuple(dict.fromkeys(max(1, _rounded(most * part / 10)) for part in (1, 2, 4))) if most else ()


def _rounded(value: float) -> int:
    unit = 5 if value >= 10 else 1
    return round(value / unit) * unit


def _tile_name(row: CentreLine, places: dict[str, Place]) -> str:
    place = places.get(row.centre.commune_code)
    name = place.name.partition(" - ")[0] if place is not None else row.centre.agency_code
    return name if len(name) <= LONGEST_TILE_NAME else f"{name[: LONGEST_TILE_NAME - 1].rstrip()}…"


def hour_bars(board: Board) -> Sequence[Bar]:
    """The hours of the last three days between the first and the last clock hour in which anything happened."""
    counts = {hour.starts_at: hour.count for hour in board.by_hour}
    if not counts:
        return []
    clocks = [local(moment).hour for moment in counts]
    slots = _slots(board.as_of, min(clocks), max(clocks))
    most = max(count.received for count in counts.values()) or max(count.resolved for count in counts.values())
    width = CHART[0] / (len(slots) + DAYS - 1)
    return [_bar(slot, counts.get(slot, Counts()), place=place, width=width, most=most, label=label)
            for place, slot, label in _places(slots)]


def _slots(as_of: datetime, first: int, last: int) -> list[datetime]:
    today = local(as_of).replace(minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    hours = [each.replace(hour=clock) for each in days for clock in range(first, last + 1)]
    return [hour for hour in hours if hour <= as_of]


def _places(slots: Sequence[datetime]) -> list[tuple[int, datetime, str]]:
    """Each hour with its place, one place left free between two days, and the day's name under its first hour."""
    days: list[date] = []
    placed = []
    for place, slot in enumerate(slots):
        is_first = slot.date() not in days
        if is_first:
            days.append(slot.date())
        placed.append((place + len(days) - 1, slot, day(slot) if is_first else ""))
    return placed


def _bar(slot: datetime, count: Counts, *, place: int, width: float, most: int, label: str) -> Bar:
    received, resolved = (_height(value, most) for value in (count.received, count.resolved))
    return Bar(round(place * width, 1), round(width * 0.78, 1), round(CHART[1] - received, 1), received,
               round(CHART[1] - resolved, 1), resolved, label, slot, count)


def _height(value: int, most: int) -> float:
    return round(max(LEAST_BAR, (CHART[1] - 6) * value / most), 1) if value else 0.0


def procedure_bars(board: Board) -> Sequence[ProcedureBar]:
    shown = [row for row in board.by_procedure if row.count.received][:TOP_PROCEDURES]
    most = shown[0].count.received if shown else 1
    return [
        ProcedureBar(str(row.name), shortened(str(row.name), LONGEST_BAR_NAME), row.code, row.count,
                     max(1, round(100 * row.count.received / most)))
        for row in shown]
