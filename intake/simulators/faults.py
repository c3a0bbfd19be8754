"""What may go wrong at the other side, each switched on by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Faults:
    """All off by default."""

    down: bool = False
    """Everything is answered by 503."""
    slow_seconds: float = 0.0
    lose_answers: bool = False
    """What is asked is done, and the line is cut before the answer."""
    break_after: bool = False
    """What is asked is done, and the answer is 500."""
    fail_in_200: bool = False
    """Nothing is done, and the answer is 200 with an error inside."""
    token_lasts: int = 0
    """How many calls a token is good for; 0: for ever."""
    take_twice: bool = False
    """A dossier is written down twice for one call."""
    unknown_procedures: tuple[str, ...] = ()
    """Procedures whose dossiers the portal refuses."""
    dead_numbers: tuple[str, ...] = ()
    """Endings of phone numbers that are refused at once."""
    lost_numbers: tuple[str, ...] = ()
    """Endings of phone numbers at which messages never arrive."""

    def changed(self, values: Mapping[str, Any]) -> Self:
        """With `values` changed.

        Raises:
            ValueError: no such fault, or not a value of its kind.
        """
        kinds = {field.name: type(getattr(Faults(), field.name)) for field in fields(Faults)}
        told: dict[str, Any] = {}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"There is no fault called {name!r}; there are {', '.join(kinds)}.")
            kind = kinds[name]
            if kind is tuple and isinstance(value, list | tuple):
                told[name] = tuple(str(each) for each in value)
            elif type(value) is kind or (kind is float and type(value) is int):
                told[name] = value
            else:
                raise ValueError(f"{name} takes a {kind.__name__}.")
        return replace(self, **told)
