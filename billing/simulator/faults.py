"""What may go wrong at the card service, each switched on by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """All off by default."""

    down: bool = False
    """Everything is answered with 503, and nothing is done."""
    slow_seconds: float = 0.0
    """How long each change waits before its answer; it is done before."""
    lost_answers: int = 0
    """How many of the next changes are done and never answered."""
    errors_after: int = 0
    """How many of the next changes are done and answered with 500, now and under the same key for ever."""
    errors_before: int = 0
    """How many of the next changes are not done and answered with 500, now and under the same key for ever."""
    duplicates: int = 0
    """How many times more each message is sent."""
    shuffle: bool = False
    """Messages are sent in a random order."""
    delay_seconds: float = 0.0
    """How long each message waits."""
    never_sent: bool = False
    """No message is sent: only who asks is told."""
    bad_signatures: bool = False
    """Each message is sent once with a wrong signature before."""
    refunds_pend: bool = False
    """Refunds stay pending until somebody settles them (POST /admin/refunds/{id})."""
    refunds_fail: bool = False
    """Refunds are taken and fail at once."""
    fees_late: bool = False
    """A charge is in no line of the balance, and its fee unknown, till it is booked (POST /admin/charges/{id}/book)."""
    withdrawals_late: bool = False
    """A dispute is told of before its money leaves (POST /admin/disputes/{id}/withdraw)."""
    empty_balance: bool = False
    """Transfers are refused: no money to move."""

    def changed(self, values: Mapping[str, Any]) -> "Faults":
        """With `values` changed.

        Raises:
            ValueError: no such fault, or not a value of its kind.
        """
        kinds = {field.name: type(getattr(Faults(), field.name)) for field in fields(Faults)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"There is no fault called {name!r}; there are {', '.join(kinds)}.")
            is_number = kinds[name] is float and type(value) is int
            if type(value) is not kinds[name] and not is_number:
                raise ValueError(f"{name} takes a {kinds[name].__name__}.")
        return replace(self, **values)
