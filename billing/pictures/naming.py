"""What a procedure is called. Billing keeps codes only; who knows the names registers here (config/sources.py)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from billing.rules.words import Words
from shared.formatting import speaks_vietnamese

type Find = Callable[[Collection[str]], Mapping[str, Words]]

_finders: Final[list[Find]] = []
LONGEST: Final = 60


def register_names(find: Find) -> None:
    """Let procedures be called by their names; registering again replaces."""
    _finders[:] = [find]


def procedure_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → "1.000894 Birth registration" in the reader's language; a code that nobody knows stands alone."""
    asked = set(codes)
    found = _finders[0](asked) if _finders and asked else {}
    return {code: _said(code, found.get(code)) for code in asked}


def _said(code: str, name: Words | None) -> str:
    if name is None:
        return code
    said = name.vi if speaks_vietnamese() else name.en
    short = said if len(said) <= LONGEST else f"{said[:LONGEST - 1].rstrip()}…"
    return f"{code} {short}"
