"""Looks at a file that is nobody's paper here, as at a citizen's: for other apps, through config.

The same antivirus, and the same confined process that rebuilds what may be shown; nothing is kept.
"""

from dataclasses import dataclass

from intake import antivirus, decoding
from intake.inspection import content_type, shown_type
from intake.operations.inspecting import workplace


@dataclass(frozen=True, slots=True)
class Looked:
    """`view` is empty where nothing may or can be shown. `engine` is empty where no antivirus has answered."""

    view: bytes = b""
    view_type: str = ""
    engine: str = ""
    is_infected: bool = False


def look_at(content: bytes) -> Looked:
    """Ask the antivirus and rebuild; takes up to half a minute for each, so never in a request."""
    answer = antivirus.check(content)
    engine = answer.engine if answer is not None else ""
    if answer is not None and answer.found:
        return Looked(engine=engine, is_infected=True)
    kind = content_type(content[:1024])
    view = _rebuilt(content, kind) if kind else b""
    return Looked(view, shown_type(kind) if view and kind else "", engine)


def _rebuilt(content: bytes, kind: str) -> bytes:
    with workplace() as place:
        source, view = place / "source", place / "view"
        source.write_bytes(content)
        found = decoding.ask("rebuild", path=source, kind=kind, out=view)
        return b"" if "cause" in found else view.read_bytes()


def engine() -> str:
    """The antivirus as it names itself with its signatures; empty where none is configured or answers."""
    return antivirus.engine() if antivirus.is_configured() else ""


def has_engine() -> bool:
    """Whether one is configured, answering or not."""
    return antivirus.is_configured()
