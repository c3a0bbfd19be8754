"""CPU seconds of whole process trees, so that work cannot hide in another process."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Self

import psutil
from django.db import connection


@dataclass(frozen=True, slots=True)
class Cost:
    """In seconds; `cpu` is ours and that of our connection's server process."""

    wall: float
    cpu: float


def tree_cpu(pid: int) -> float:
    """CPU seconds that a process, its living descendants and the children it has already buried have used.

    A child that dies between the two readings of its parent would be missed or counted twice, so it is read again.
    """
    parent = psutil.Process(pid)
    while True:
        before = parent.cpu_times()
        total = before.user + before.system + before.children_user + before.children_system
        for child in parent.children(recursive=True):
            try:
                used = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += used.user + used.system
        after = parent.cpu_times()
        if (after.children_user, after.children_system) == (before.children_user, before.children_system):
            return total


def tree_rss(pid: int) -> int:
    """Resident bytes of a process and its living descendants; pages they share are counted once for each."""
    parent = psutil.Process(pid)
    total = int(parent.memory_info().rss)
    for child in parent.children(recursive=True):
        try:
            total += int(child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return total


class Meter:
    """CPU of some process trees and, on request, of this process while the block runs; `wall` in seconds."""

    def __init__(self, pids: Iterable[int], *, with_self: bool = False) -> None:
        self.pids = tuple(pids)
        self.with_self = with_self
        self.cpu = self.wall = 0.0

    def __enter__(self) -> Self:
        self._cpu, self._started = self._read(), time.perf_counter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.wall = time.perf_counter() - self._started
        self.cpu = self._read() - self._cpu

    def _read(self) -> float:
        own = time.process_time() if self.with_self else 0.0
        return own + sum(tree_cpu(pid) for pid in self.pids)


def growth_of(work: Callable[[], object]) -> int:
    """Run `work` once; by how many bytes this process grew at most while it ran."""
    process, done = psutil.Process(), Event()
    before = peak = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, process.memory_info().rss)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return int(peak - before)


def cost_of(work: Callable[[], object]) -> Cost:
    """Run `work` once on the present connection, whose server process must be on this machine."""
    connection.ensure_connection()
    connection.close_at = None  # the process that is watched must stay
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()
    with Meter([server], with_self=True) as meter:
        work()
    return Cost(meter.wall, meter.cpu)
