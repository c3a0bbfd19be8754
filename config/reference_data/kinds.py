"""Every kind of reference data, in the order in which the tables need one another."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from config.reference_data import (
    brokers,
    calendar,
    contracts,
    courses,
    handbook,
    indemnities,
    interest,
    life_events,
    norms,
    places,
    procedures,
    reductions,
    scorecard,
    subsidies,
    tariffs,
    zones,
)
from config.reference_data.storing import Outcome


class Reader(Protocol):
    """Checks the files of a kind inside `folder` and answers with what stores them.

    Raises:
        ReferenceDataRefused: with every problem found.
    """

    def __call__(self, folder: Path, *, correct: bool = False) -> Callable[[], Outcome]: ...


KINDS: Final[Mapping[str, Reader]] = {
    "places": places.read,
    "calendar": calendar.read,
    "procedures": procedures.read,
    "life events": life_events.read,
    "courses": courses.read,
    "handbook": handbook.read,
    "scorecard": scorecard.read,
    "tariffs": tariffs.read,
    "reductions": reductions.read,
    "subsidies": subsidies.read,
    "norms": norms.read,
    "indemnities": indemnities.read,
    "contracts": contracts.read,
    "interest": interest.read,
    "zones": zones.read,
    "broker rules": brokers.read_rules,
    "hotlines": brokers.read_hotlines,
}
