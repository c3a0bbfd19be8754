"""Fair rounds: floor, project, floor; the median of the rounds' ratios; CPU first, wall second."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

MOST_DIFFERENT: Final = 0.2
"""A round whose two floors differ by more in CPU says nothing about the project and is void."""


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run of `units` pieces of work: seconds of wall and of CPU, and each unit's latency if known."""

    units: int
    wall: float
    cpu: float
    latencies: Sequence[float] = field(default_factory=list)

    @property
    def cpu_us(self) -> float:
        return self.cpu / self.units * 1e6

    @property
    def wall_us(self) -> float:
        return self.wall / self.units * 1e6


@dataclass(frozen=True, slots=True)
class Ratio:
    """The project against one floor; None where every round was void."""

    job: str
    floor: str
    goal: str
    cpu_ratio: float | None
    wall_ratio: float | None
    cpu_us: float
    floor_cpu_us: float
    per_second: float
    floor_per_second: float
    p50_ms: float | None
    p99_ms: float | None
    rounds: int
    void: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A single figure that has no floor, with its goal."""

    job: str
    name: str
    value: float | str
    goal: str = ""


type Result = Ratio | Fact


def facts_of(job: str, figures: Mapping[str, object], goals: Mapping[str, str]) -> list[Result]:
    """The figures of a job that does its own rounds, one fact each; nested ones are named "outer.inner"."""
    facts: list[Result] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            inner = {f"{name}.{key}": each for key, each in value.items()}
            facts += facts_of(job, inner, goals)
        else:
            shown = value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
            facts.append(Fact(job, name, shown, goals.get(name, "")))
    return facts


def compare(job: str, *, project: Callable[[], Run], floors: Mapping[str, Callable[[], Run]],
            goals: Mapping[str, str], rounds: int) -> list[Ratio]:
    """Run every floor before and after the project, `rounds` times; one ratio for each floor."""
    taken: list[tuple[dict[str, Run], Run, dict[str, Run]]] = []
    for _ in range(rounds):
        before = {name: floor() for name, floor in floors.items()}
        run = project()
        taken.append((before, run, {name: floor() for name, floor in floors.items()}))
    return [_ratio(job, name, goals.get(name, ""), [(a[name], run, b[name]) for a, run, b in taken])
            for name in floors]


def _ratio(job: str, floor: str, goal: str, rounds: Sequence[tuple[Run, Run, Run]]) -> Ratio:
    fair = [each for each in rounds if _is_fair(each[0], each[2])]
    runs, floors = [run for _, run, _ in rounds], [each for a, _, b in rounds for each in (a, b)]
    latencies = sorted(latency for run in runs for latency in run.latencies)
    return Ratio(
        job, floor, goal,
        _median([2 * run.cpu_us / (a.cpu_us + b.cpu_us) for a, run, b in fair]),
        _median([2 * run.wall_us / (a.wall_us + b.wall_us) for a, run, b in fair]),
        round(statistics.median(run.cpu_us for run in runs), 1),
        round(statistics.median(run.cpu_us for run in floors), 1),
        round(1e6 / statistics.median(run.wall_us for run in runs), 1),
        round(1e6 / statistics.median(run.wall_us for run in floors), 1),
        _percentile(latencies, 0.5), _percentile(latencies, 0.99), len(rounds), len(rounds) - len(fair))


def _is_fair(one: Run, other: Run) -> bool:
    least = min(one.cpu_us, other.cpu_us)
    return abs(one.cpu_us - other.cpu_us) <= MOST_DIFFERENT * least


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2) if ordered else None


def as_data(result: Result) -> dict[str, object]:
    return asdict(result)
