"""Short aligned lines that tell what a long command is doing, on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(subject: str, text: str) -> None:
    """Print one line; standard output stays free for results."""
    print(f"  {subject:<12} {text}", file=sys.stderr, flush=True)


@contextmanager
def step(subject: str, text: str) -> Iterator[None]:
    """Announce a step and, when it took a second or more, how long it took."""
    say(subject, text)
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 1:
        say("", f"{took:.1f} s")
