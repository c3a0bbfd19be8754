"""How much work a procedure is, for norms that pay by it: read from its statutory term, because nothing else says it.

Assumed: no regulation ranks procedures for agents. A norm that does not tell them apart is not touched by it.
"""

from collections.abc import Mapping
from typing import Any, Final

SIMPLE: Final = "simple"
STANDARD: Final = "standard"
COMPLEX: Final = "complex"
_LONGEST_SIMPLE_DAYS: Final = 1
_LONGEST_STANDARD_DAYS: Final = 10


def complexity(terms: Mapping[str, Mapping[str, Any]], channel: str) -> str:
    """Of a procedure filed by `channel`; empty when its term is not known. Calendar days count like working days."""
    term = terms.get(channel)
    if term is None:
        return ""
    if term["unit"] in {"same_day", "hour"} or term["amount"] <= _LONGEST_SIMPLE_DAYS:
        return SIMPLE
    return STANDARD if term["amount"] <= _LONGEST_STANDARD_DAYS else COMPLEX
