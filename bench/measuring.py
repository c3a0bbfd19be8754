"""Processor time and wall time of a piece of work, with the database's own share."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
from django.db import connection


@dataclass(frozen=True, slots=True)
class Cost:
    """In seconds; `cpu` is ours and that of our connection's server process."""

    wall: float
    cpu: float


def cost_of(work: Callable[[], object]) -> Cost:
    """Run `work` once on the present connection."""
    server = _server_process()
    wall, ours, theirs = time.perf_counter(), time.process_time(), _cpu(server)
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - ours + _cpu(server) - theirs)


def _server_process() -> psutil.Process | None:
    """None when PostgreSQL runs elsewhere: then only our own share is counted."""
    connection.ensure_connection()
    connection.close_at = None  # the process that is watched must stay
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    try:
        process = psutil.Process(pid)
        return process if process.name().startswith("postgres") else None
    except psutil.Error:
        return None


def _cpu(process: psutil.Process | None) -> float:
    if process is None:
        return 0.0
    times = process.cpu_times()
    return float(times.user + times.system)
