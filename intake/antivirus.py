"""Asks an antivirus engine that speaks clamd's protocol (INSTREAM, VERSION), when one is configured.

Without an engine, or with one that does not answer, nothing is called clean: the paper stays "not yet checked". The
engine gets the bytes over its socket; it needs no access to our files.
"""

import contextlib
import re
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

SECONDS: Final = 25
_CONNECT_SECONDS: Final = 3
_CHUNK: Final = 64 * 1024
_ANSWER: Final = re.compile(r"^stream: (?:(?P<clean>OK)|(?P<name>.+) FOUND)$")


@dataclass(frozen=True, slots=True)
class Answer:
    """`found` names what the engine found; empty: nothing. `engine` is its version with its signatures'."""

    found: str
    engine: str


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def engine() -> str:
    """The engine as it names itself, e.g. "ClamAV 1.4.2/27468/…"; empty when none answers."""
    try:
        with _connected() as line:
            line.sendall(b"zVERSION\0")
            return _said(line)[:120]
    except OSError:
        return ""


def check(content: bytes) -> Answer | None:
    """What the engine says of a file; None when there is none, or it does not answer, or not with a verdict."""
    name = engine() if is_configured() else ""
    if not name:
        return None
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start: start + _CHUNK]
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            verdict = _ANSWER.match(_said(line))
    except OSError:
        return None
    if verdict is None:
        return None
    return Answer(verdict["name"] or "", name)


@contextlib.contextmanager
def _connected() -> Iterator[socket.socket]:
    """A connection to the configured engine; raises OSError, also when the address cannot be understood."""
    address = urlsplit(settings.CLAMD_ADDRESS)
    with contextlib.ExitStack() as open_until:
        if address.scheme == "unix" and address.path:
            line = open_until.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            line.settimeout(_CONNECT_SECONDS)
            line.connect(address.path)
        elif address.scheme == "tcp" and address.hostname:
            line = open_until.enter_context(
                socket.create_connection((address.hostname, address.port or 3310), timeout=_CONNECT_SECONDS))
        else:
            raise OSError("CLAMD_ADDRESS is neither unix:/path nor tcp://host:port.")
        line.settimeout(SECONDS)
        yield line


def _said(line: socket.socket) -> str:
    """One answer, up to its end mark."""
    said = b""
    while not said.endswith((b"\0", b"\n")) and len(said) < 4096:
        more = line.recv(1024)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
