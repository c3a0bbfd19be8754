"""Delivered parcels settled in bulk, how that grows, and the largest books sealed and verified.

The measuring against the floor is bench.billing's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final

import psutil

from bench import billing as books
from bench.meter import cost_of
from bench.rounds import Fact, Result, facts_of
from bench.sizes import Sizes
from billing.chain.sealing import seal_all
from billing.verification.findings import Report
from billing.verification.look import Trust, verify

JOB: Final = "settlement"
_LOOK_SECONDS: Final = 0.05
_MEGABYTE: Final = 1_000_000


def run(sizes: Sizes) -> list[Result]:
    """Parcels out of a table and parcels handed in by Python; then growth, each amount sealed and verified."""
    ratios = facts_of(JOB, books.settlement(sizes.settled_parcels, sizes.rounds), {"from_table.ratio": "≤ 2"})
    return [*ratios, *_growth(sizes.settled_growth)]


def _growth(amounts: tuple[int, ...]) -> list[Result]:
    """Microseconds of processor time a parcel at each amount: they should stay, and so should this process's memory."""
    each, grown = {}, 0.0
    facts: list[Result] = []
    for parcels in amounts:
        books.prepare(parcels)
        with _memory() as grown_by:
            each[parcels] = books.settle_from_table(parcels) / parcels * 1e6
        grown = grown_by[0]
        facts += _proof(parcels)
    facts += [Fact(JOB, f"{parcels:,} parcels, microseconds of processor time each", round(taken, 1))
              for parcels, taken in each.items()]
    flat = each[amounts[-1]] / each[amounts[-2]]
    return [*facts, Fact(JOB, f"{amounts[-1]:,} against {amounts[-2]:,}, a parcel", round(flat, 2), "≤ 1.3"),
            Fact(JOB, f"memory grown over {amounts[-1]:,} parcels, MB", round(grown), "≤ 200")]


def _proof(lines: int) -> list[Result]:
    """Seal the books that stand, and look through them as the nightly verifier does."""
    with _memory() as sealing_grew:
        sealing = cost_of(lambda: seal_all(at=datetime.now(UTC)))
    reports: list[Report] = []
    with _memory() as looking_grew:
        looking = cost_of(lambda: reports.append(verify(trust=Trust(), now=datetime.now(UTC))))
    report = reports[0]
    if report.lines != lines or not report.is_sound:
        raise AssertionError(f"The verifier read {report.lines} of {lines} lines and found {report.first}.")
    return [Fact(JOB, f"seal {lines:,} lines, microseconds of processor time each", _each(sealing.cpu, lines)),
            Fact(JOB, f"seal {lines:,} lines, seconds", round(sealing.wall, 1)),
            Fact(JOB, f"memory grown by sealing {lines:,} lines, MB", round(sealing_grew[0]), "≤ 200"),
            Fact(JOB, f"verify {lines:,} lines, microseconds of processor time each", _each(looking.cpu, lines)),
            Fact(JOB, f"verify {lines:,} lines, seconds", round(looking.wall, 1), "< 60 for 1,000,000"),
            Fact(JOB, f"memory grown by verifying {lines:,} lines, MB", round(looking_grew[0]), "≤ 200")]


def _each(seconds: float, lines: int) -> float:
    return round(seconds / lines * 1e6, 1)


@contextmanager
def _memory() -> Iterator[list[float]]:
    """Megabytes by which this process was larger than at the beginning, at its largest."""
    here, ended, grown = psutil.Process(), Event(), [0.0]
    start = here.memory_info().rss

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            grown[0] = max(grown[0], (here.memory_info().rss - start) / _MEGABYTE)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield grown
    finally:
        ended.set()
        watcher.join()
