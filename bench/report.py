"""Results as text: CPU ratio first, wall beside it, then what they are made of."""

from collections.abc import Iterable, Sequence
from typing import Final

from bench.rounds import Fact, Ratio, Result

_HEADS: Final = ("job", "floor", "CPU", "wall", "goal", "CPU µs", "floor µs", "/s", "floor /s", "p50 ms", "p99 ms",
                 "void")


def table(results: Iterable[Result]) -> str:
    """Ratios as a table in Markdown, then the single figures."""
    every = list(results)
    lines = [_HEADS, ("---",) * len(_HEADS), *(_row(each) for each in every if isinstance(each, Ratio))]
    facts = [("job", "figure", "value", "goal"), ("---",) * 4]
    facts += [(each.job, each.name, str(each.value), each.goal) for each in every if isinstance(each, Fact)]
    return f"{_aligned(lines)}\n{_aligned(facts)}"


def _row(ratio: Ratio) -> tuple[str, ...]:
    def shown(value: float | None, after: str = "") -> str:
        return "–" if value is None else f"{value:g}{after}"

    return (ratio.job, ratio.floor, shown(ratio.cpu_ratio, "×"), shown(ratio.wall_ratio, "×"), ratio.goal,
            shown(ratio.cpu_us), shown(ratio.floor_cpu_us), shown(ratio.per_second), shown(ratio.floor_per_second),
            shown(ratio.p50_ms), shown(ratio.p99_ms), f"{ratio.void} of {ratio.rounds}")


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
             for row in rows)
    return "\n".join(lines) + "\n"
