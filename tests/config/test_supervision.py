"""The supervisor's children: started again when they die, ended whole, and nobody else's touched."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from config.runtime import leftovers, supervisor
from config.runtime.children import Child

SLEEPER = "import time; time.sleep(60)"
FAMILY = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{SLEEPER}']); {SLEEPER}"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEPER}"


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[str], Child]]:
    children = []

    def start_child(program: str) -> Child:
        child = Child("sample", [sys.executable, "-c", program], {}, tmp_path)
        children.append(child)
        child.start()
        return child

    yield start_child
    for child in children:
        child.stop(patience_seconds=0.1)


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def family_of(child: Child) -> list[psutil.Process]:
    process = psutil.Process(child.process.pid)
    wait_until(process.children)
    return process.children()


def test_a_child_that_dies_is_started_again_and_what_it_had_started_does_not_live_on(start):
    child = start(FAMILY)
    first, grandchildren = child.process, family_of(child)

    first.kill()
    first.wait()
    wait_until(lambda: child.keep_alive() or (child.process is not None and child.process is not first))

    assert child.process.poll() is None
    assert leftovers.still_alive(grandchildren, patience_seconds=5) == []


def test_a_child_that_keeps_dying_is_started_less_and_less_often(start):
    child = start("raise SystemExit(1)")

    waits = []
    for _ in range(3):
        child.process.wait()
        child.keep_alive()
        waits.append(child.wait_seconds)
        child.may_start = 0
        child.keep_alive()

    assert waits == [1.0, 2.0, 4.0]


def test_a_child_that_ignores_the_polite_signal_is_killed(start):
    child = start(STUBBORN)
    wait_until(lambda: "deaf" in child.log.read_text())
    process = psutil.Process(child.process.pid)

    child.stop(patience_seconds=0.2)

    assert leftovers.still_alive([process], patience_seconds=5) == []


def test_leftovers_are_known_by_their_mark_grandchildren_included(start, tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", SLEEPER])
    child = start(FAMILY)
    grandchildren = family_of(child)

    found = leftovers.marked_processes(tmp_path)
    leftovers.end(found, patience_seconds=5)

    assert {p.pid for p in found} == {child.process.pid, *(p.pid for p in grandchildren)}
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_children_stop_when_their_supervisor_is_killed(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from config.runtime.children import Child;"
        f"c = Child('sample', [sys.executable, '-c', {SLEEPER!r}], {{}}, Path({str(tmp_path)!r}));"
        "c.start(); print(c.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    assert leftovers.still_alive([child], patience_seconds=5) == []


def test_a_port_that_was_asked_for_and_is_taken_is_refused(monkeypatch):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))

        with pytest.raises(supervisor.CannotStartError, match="PORT="):
            supervisor.free_port("127.0.0.1")


def test_without_a_wish_the_first_free_port_is_taken(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)

    assert 8000 <= supervisor.free_port("127.0.0.1") < 8000 + supervisor.PORTS_TO_TRY
