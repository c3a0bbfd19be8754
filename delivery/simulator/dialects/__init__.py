"""The languages in which the simulator is spoken to, one module for each adapter of the other side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from delivery.simulator.desk import Answer, Simulator


@dataclass(frozen=True, slots=True)
class Asked:
    """A signed question. `path` are the segments behind the carrier's code."""

    carrier: str
    method: str
    path: tuple[str, ...]
    told: Mapping[str, Any]
    headers: Mapping[str, str]


type Dialect = Callable[[Simulator, Asked], Answer | None]
NOT_UNDERSTOOD: Final[Answer] = (422, {"code": "consignment-malformed"})
"""What a description that cannot be read is answered with."""
UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError)
