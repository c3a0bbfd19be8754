"""Delivered parcels settled in bulk, how that grows, and the largest books sealed and verified.

The measuring against the floor is bench.billing's.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final

import psutil

from bench import billing as books
from bench.rounds import Fact, Result, facts_of
from bench.sizes import Sizes
from billing.chain.sealing import seal_all
from billing.verification.look import Trust, verify

JOB: Final = "settlement"
_LOOK_SECONDS: Final = 0.05
_MEGABYTE: Final = 1_000_000


def run(sizes: Sizes) -> list[Result]:
    """Parcels out of a table and parcels handed in by Python; then growth, the seal and the verifier."""
    ratios = facts_of(JOB, books.settlement(sizes.settled_parcels, sizes.rounds), {"from_table.ratio": "≤ 2"})
    return [*ratios, *_growth(sizes.settled_growth), *_proof(sizes.settled_growth[-1])]


def _growth(amounts: tuple[int, ...]) -> list[Result]:
    """Microseconds a parcel at each amount: they should stay, and so should this process's memory."""
    each, grown = {}, 0.0
    for parcels in amounts:
        books.prepare(parcels)
        with _memory() as grown_by:
            each[parcels] = books.settle_from_table(parcels) / parcels * 1e6
        grown = grown_by[0]
    facts: list[Result] = [Fact(JOB, f"{parcels:,} parcels, microseconds each", round(taken, 1))
                           for parcels, taken in each.items()]
    flat = each[amounts[-1]] / each[amounts[-2]]
    return [*facts, Fact(JOB, f"{amounts[-1]:,} against {amounts[-2]:,}, a parcel", round(flat, 2), "≤ 1.3"),
            Fact(JOB, f"memory grown over {amounts[-1]:,} parcels, MB", round(grown), "≤ 200")]


def _proof(lines: int) -> list[Result]:
    """Seal the books that stand, and look through them as the nightly verifier does."""
    with _memory() as sealing_grew:
        sealing = _seconds(lambda: seal_all(at=datetime.now(UTC)))
    report = None
    with _memory() as looking_grew:
        start = time.perf_counter()
        report = verify(trust=Trust(), now=datetime.now(UTC))
        looking = time.perf_counter() - start
    if report.lines != lines or not report.is_sound:
        raise AssertionError(f"The verifier read {report.lines} of {lines} lines and found {report.first}.")
    return [Fact(JOB, f"seal {lines:,} lines, seconds", round(sealing, 1)),
            Fact(JOB, "memory grown by sealing, MB", round(sealing_grew[0]), "≤ 200"),
            Fact(JOB, f"verify {lines:,} lines, seconds", round(looking, 1), "< 60 for 1,000,000"),
            Fact(JOB, "memory grown by verifying, MB", round(looking_grew[0]), "≤ 200")]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


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
