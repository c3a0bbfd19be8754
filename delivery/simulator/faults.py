"""What may go wrong at a carrier, each switched on by itself."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """All off by default."""

    duplicates: int = 0
    """How many times more each message is sent."""
    shuffle: bool = False
    """A life's events arrive in a random order."""
    contradictions: bool = False
    """Delivered parcels are later said to have gone back."""
    wrong_dates: bool = False
    """Some events lie years ahead or behind."""
    malformed: bool = False
    """Before each message comes one that is no message."""
    bad_signatures: bool = False
    """Each message is sent once with a wrong signature before."""
    slow_seconds: float = 0.0
    """How long a booking waits for its answer."""
    down: bool = False
    """Bookings get 503 and nothing is sent."""

    accepts_twice: bool = False
    """A booking is kept as two orders, each with a number of the carrier's own."""
    renumbers: bool = False
    """Parcels get numbers of the carrier's own, and events name only these."""
    lost_answers: int = 0
    """How many of the next questions are obeyed but answered with 504."""
    error_bodies: bool = False
    """Whatever is asked is answered with 200 and a page that says nothing."""
    refuses: bool = False
    """Cancellations, other addresses and the like are refused."""
    no_push: bool = False
    """Nothing is sent: only who asks is told."""

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


def disturb(life: list[dict[str, Any]], faults: Faults, seeded: random.Random) -> list[dict[str, Any]]:
    """The same life as a carrier with these faults would tell it; the order of sending is the list's."""
    told = [dict(event) for event in life]
    if faults.contradictions and told and told[-1]["code"] in {"EMI", "501"}:
        later = datetime.fromisoformat(told[-1]["occurred_at"]) + timedelta(hours=20)
        code = "504" if told[-1]["code"] == "501" else "X-RTA"
        told.append({"event_id": f"{told[-1]['event_id']}-back", "number": told[-1]["number"], "code": code,
                     "occurred_at": later.isoformat()})  # fmt: skip
    if faults.wrong_dates and told:
        event = seeded.choice(told)
        years = seeded.choice([-9, 9])
        event["occurred_at"] = (datetime.fromisoformat(event["occurred_at"]) + timedelta(days=365 * years)).isoformat()
    if faults.shuffle:
        seeded.shuffle(told)
    return told
