"""Bare SQL: transactions sent a statement at a time by several processes, each with its own connection."""

import multiprocessing
import time
from collections.abc import Mapping, Sequence
from multiprocessing.synchronize import Barrier

import psycopg

from bench.meter import Meter
from bench.rounds import Run
from bench.web import postgres_pid
from config.runtime import environment

type Plan = Sequence[tuple[str, Mapping[str, object]]]
"""Statements with their constant values."""
type Share = Sequence[Mapping[str, object]]
"""What varies, a transaction each."""


def write(plan: Plan, every: Share, connections: int) -> Run:
    """Run `plan` once for each of `every`, over so many connections.

    CPU is the clients' and PostgreSQL's, without the processes' start.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(connections + 1)
    with context.Pool(connections, initializer=_be_ready, initargs=(ready,)) as pool:
        ready.wait()
        shares = [every[number::connections] for number in range(connections)]
        with Meter([postgres_pid()]) as meter:
            told = pool.starmap(_write_share, [(plan, share) for share in shares], chunksize=1)
    latencies = [each for _, taken in told for each in taken]
    return Run(len(every), meter.wall, meter.cpu + sum(cpu for cpu, _ in told), latencies)


_line: psycopg.Connection | None = None
"""The connection of this process of the pool."""


def _be_ready(ready: Barrier) -> None:
    """Connect as the application's role, whose rows are walled; the runs begin when all have."""
    global _line  # noqa: PLW0603  # a pool hands nothing else on
    url = environment.local_postgres().url(role=environment.APP, database=environment.DATABASE)
    _line = psycopg.connect(url, autocommit=True, options="-c app.scope=all", prepare_threshold=1)
    ready.wait()


def _write_share(plan: Plan, share: Share) -> tuple[float, list[float]]:
    """CPU seconds and latencies."""
    if _line is None:
        raise RuntimeError("The pool's process was not made ready.")
    latencies = []
    cpu = time.process_time()
    for values in share:
        started = time.perf_counter()
        with _line.transaction():
            for sql, constants in plan:
                _line.execute(sql.encode(), {**constants, **values})
        latencies.append(time.perf_counter() - started)
    return time.process_time() - cpu, latencies
