"""Places in a ranking by number: ties are shared and never broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.records import CentreInfo
from intake.boards.reading import CentreLine
from intake.boards.rules.counts import Counts


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in a ranking; equal counts share a place, and the next place is left out (1, 1, 3)."""

    place: int
    is_shared: bool
    centre: CentreInfo
    count: Counts


def ranking(rows: Iterable[CentreLine], *, by: str, limit: int) -> Sequence[Rank]:
    """The first `limit` places by "received" or "resolved"; ties keep the order of names and are never broken silently.

    All who share the last place are in it, so there may be more than `limit`; nobody with a count of zero is.
    """
    counted = [(int(getattr(row.count, by)), row) for row in rows if getattr(row.count, by)]
    ordered = sorted(counted, key=lambda pair: (-pair[0], pair[1].centre.name))
    values = [value for value, _ in ordered]
    ranks = [Rank(values.index(value) + 1, values.count(value) > 1, row.centre, row.count) for value, row in ordered]
    return [rank for rank in ranks if rank.place <= limit]
