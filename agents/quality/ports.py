"""What a scorecard asks of the house above it, which fills these when it starts: facts as SQL, and what was down.

A source selects one row for each case of a measure: `outlet_id`, `key` (text, unique in its measure), `subject` (the id
of what one may open, or NULL), `reference` (what people call it), `ok`, `amount`, and `since`, `until`: the span in
which a fault of our systems could have caused a miss (both NULL: none could). It is given the parameters `province`,
`since`, `until` (of the month), `now`, `today`, `days`, `limits_early` and `limits_late` (for each day, until when a
paper dossier taken before or from 15:00 must have left), and its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.quality.rules import Measure


@dataclass(frozen=True, slots=True)
class Source:
    """`page` is the name of the page that opens a case; `is_private`: outlets and operators see counts alone."""

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A time in which a system was down; `outlet_id` None: for everybody in the city."""

    outlet_id: UUID | None
    since: datetime
    until: datetime
    kind: str
    """"network", "software", "equipment" or what the operations room calls it."""
    words: str = ""


type AskFaults = Callable[[str, datetime, datetime], Sequence[Fault]]

_sources: dict[Measure, Source] = {}
_faults: list[AskFaults] = []


def register_source(measure: Measure, source: Source) -> None:
    _sources[measure] = source


def register_faults(ask: AskFaults) -> None:
    """`ask(province_code, since, until)`: what was down in that time."""
    _faults[:] = [ask]


def source_of(measure: Measure) -> Source | None:
    return _sources.get(measure)


def faults_of(province_code: str, since: datetime, until: datetime) -> Sequence[Fault]:
    return _faults[0](province_code, since, until) if _faults else ()
