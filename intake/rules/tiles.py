"""Places as tiles of one size: each as near to its true place as a grid allows, none on top of another."""

from collections.abc import Sequence
from math import ceil
from typing import Final

WIDEST: Final = 8
SPARE: Final = 1.4
"""Cells for each place, so that the coast and the mountains keep some air."""
MOST_PASSES: Final = 30

type Point = tuple[float, float]
type Cell = tuple[int, int]
"""Column from the west, row from the north."""


def grid_size(places: int) -> Cell:
    """Columns and rows for so many places."""
    columns = min(WIDEST, max(1, ceil((places * SPARE) ** 0.5)))
    return columns, max(1, ceil(places * SPARE / columns))


def arrange(points: Sequence[Point]) -> list[Cell]:
    """A cell for each (latitude, longitude), in the order given; the same points always give the same cells."""
    if not points:
        return []
    columns, rows = grid_size(len(points))
    wished = _wished(points, columns, rows)
    free = {(column, row) for column in range(columns) for row in range(rows)}
    cells: list[Cell] = [(0, 0)] * len(points)
    for index in sorted(range(len(points)), key=lambda i: (wished[i][1], wished[i][0])):
        cells[index] = min(free, key=lambda cell: (_distance(wished[index], cell), cell))
        free.remove(cells[index])
    return _settled(wished, cells, free)


def _wished(points: Sequence[Point], columns: int, rows: int) -> list[Point]:
    """Where each would lie: half by true distance, half by rank, so that a crowded centre spreads out."""
    across = _spread([longitude for _, longitude in points])
    down = _spread([-latitude for latitude, _ in points])
    return [(x * (columns - 1), y * (rows - 1)) for x, y in zip(across, down, strict=True)]


def _spread(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    order = sorted(values)
    last = max(len(values) - 1, 1)
    reach = (high - low) or 1.0
    return [0.5 * (value - low) / reach + 0.5 * order.index(value) / last for value in values]


def _distance(wished: Point, cell: Cell) -> float:
    return (wished[0] - cell[0]) ** 2 + (wished[1] - cell[1]) ** 2


def _settled(wished: Sequence[Point], cells: list[Cell], free: set[Cell]) -> list[Cell]:
    """Swap two places, or move one to a free cell, as long as that brings them nearer."""
    for _ in range(MOST_PASSES):
        if not (_swap(wished, cells) | _move(wished, cells, free)):
            break
    return cells


def _swap(wished: Sequence[Point], cells: list[Cell]) -> bool:
    is_better = False
    for i in range(len(cells)):
        for j in range(i):
            now = _distance(wished[i], cells[i]) + _distance(wished[j], cells[j])
            if _distance(wished[i], cells[j]) + _distance(wished[j], cells[i]) < now - 1e-9:
                cells[i], cells[j] = cells[j], cells[i]
                is_better = True
    return is_better


def _move(wished: Sequence[Point], cells: list[Cell], free: set[Cell]) -> bool:
    is_better = False
    for i, wish in enumerate(wished):
        best = min(free, key=lambda cell: (_distance(wish, cell), cell), default=cells[i])
        if _distance(wish, best) < _distance(wish, cells[i]) - 1e-9:
            free.remove(best)
            free.add(cells[i])
            cells[i] = best
            is_better = True
    return is_better
