"""The board of a province as of any moment: how much was received and resolved, where, of what, in which hours.

A figure is the last snapshot before the moment, plus the folded hours since, plus what no sweep has folded yet, plus
the counted steps of the moment's own hour. All of it is one statement, so it is one instant's truth.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from agents import public as agents
from agents.records import CentreInfo
from intake.errors import NotYourProvince
from intake.models.board import BoardDelta
from intake.models.procedures import Procedure
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import local
from shared.models.places import Province
from shared.roles import Role

HOURS_SHOWN: Final = timedelta(days=3)

# Steps at the very moment count: "as of 10:00" includes what happened at 10:00:00.
_FIGURES: Final = """
WITH base AS (
    SELECT id, starts_at FROM intake_boardsnapshot
    WHERE province_code = %(province)s AND starts_at <= %(cut)s ORDER BY starts_at DESC LIMIT 1
), partial AS (
    SELECT centre_id, procedure_code, (action = 'receive')::int AS received, (action = 'resolve')::int AS resolved
    FROM intake_dossierstep
    WHERE machine = 'handling' AND action IN ('receive', 'resolve') AND province_code = %(province)s
      AND at >= %(cut)s AND at <= %(as_of)s
), rows AS (
    SELECT centre_id, procedure_code, received, resolved
    FROM intake_boardtotal WHERE snapshot_id = (SELECT id FROM base)
    UNION ALL
    SELECT centre_id, procedure_code, received, resolved FROM intake_boarddelta
    WHERE province_code = %(province)s AND is_folded AND hour < %(cut)s
      AND hour >= COALESCE((SELECT starts_at FROM base), '-infinity')
    UNION ALL
    SELECT centre_id, procedure_code, received, resolved FROM intake_boarddelta
    WHERE province_code = %(province)s AND NOT is_folded AND hour < %(cut)s
    UNION ALL
    SELECT centre_id, procedure_code, received, resolved FROM partial
), hours AS (
    SELECT hour, received, resolved FROM intake_boardhour
    WHERE province_code = %(province)s AND hour >= %(since)s AND hour < %(cut)s
    UNION ALL
    SELECT hour, received, resolved FROM intake_boarddelta
    WHERE province_code = %(province)s AND NOT is_folded AND hour >= %(since)s AND hour < %(cut)s
    UNION ALL
    SELECT %(cut)s, received, resolved FROM partial
)
SELECT NULL::timestamptz AS hour, centre_id, procedure_code, SUM(received), SUM(resolved)
FROM rows GROUP BY centre_id, procedure_code
UNION ALL
SELECT hour, NULL, NULL, SUM(received), SUM(resolved) FROM hours GROUP BY hour
ORDER BY hour NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Count:
    """How many dossiers; `rate` is resolved per received, None without a base."""

    received: int = 0
    resolved: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.received + other.received, self.resolved + other.resolved)

    @property
    def rate(self) -> float | None:
        """In percent."""
        return 100 * self.resolved / self.received if self.received else None


@dataclass(frozen=True, slots=True)
class CentreCount:
    centre: CentreInfo
    count: Count


@dataclass(frozen=True, slots=True)
class ProcedureCount:
    code: str
    name: Words
    count: Count


@dataclass(frozen=True, slots=True)
class HourCount:
    starts_at: datetime
    count: Count


@dataclass(frozen=True, slots=True)
class Figures:
    """The bare sums; empty where nothing was counted."""

    by_pair: dict[tuple[UUID, str], Count]
    by_hour: dict[datetime, Count]


@dataclass(frozen=True, slots=True)
class Board:
    """Every centre of the province has its row, also those where nothing was received."""

    province_code: str
    as_of: datetime
    total: Count
    by_centre: tuple[CentreCount, ...]
    by_procedure: tuple[ProcedureCount, ...]
    """Most received first."""
    by_hour: tuple[HourCount, ...]
    """The hours with a count in the three days up to the moment, in order."""

    @property
    def received(self) -> int:
        return self.total.received

    @property
    def resolved(self) -> int:
        return self.total.resolved


def board_figures(province_code: str, as_of: datetime) -> Figures:
    """The sums as of a moment (inclusive), in one statement."""
    cut = as_of.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    asked: dict[str, str | datetime] = {
        "province": province_code, "as_of": as_of, "cut": cut, "since": cut - HOURS_SHOWN}
    by_pair: dict[tuple[UUID, str], Count] = {}
    by_hour: dict[datetime, Count] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, asked)
        for hour, centre_id, procedure_code, received, resolved in cursor.fetchall():
            if hour is None:
                by_pair[centre_id, procedure_code] = Count(int(received), int(resolved))
            else:
                by_hour[hour] = Count(int(received), int(resolved))
    return Figures(by_pair, by_hour)


def board_as_of(province_code: str, as_of: datetime) -> Board:
    """The board of a province (two-digit code) as it stood at `as_of`, whenever it is asked."""
    figures = board_figures(province_code, as_of)
    by_centre: defaultdict[UUID, Count] = defaultdict(Count)
    by_procedure: defaultdict[str, Count] = defaultdict(Count)
    for (centre_id, procedure_code), count in figures.by_pair.items():
        by_centre[centre_id] += count
        by_procedure[procedure_code] += count
    return Board(
        province_code, as_of, sum(by_centre.values(), Count()), _centres(province_code, as_of, by_centre),
        _procedures(by_procedure),
        tuple(HourCount(hour, count) for hour, count in sorted(figures.by_hour.items())))


def _centres(province_code: str, as_of: datetime, counts: dict[UUID, Count]) -> tuple[CentreCount, ...]:
    day = local(as_of).date()
    centres = agents.centres_of_province(province_code, day)
    provincial = agents.provincial_centre(province_code, day)
    if provincial is not None and provincial.id in counts:
        centres.append(provincial)
    known = {centre.id for centre in centres}
    closed = [agents.get_centre(centre_id) for centre_id in sorted(counts.keys() - known)]
    return tuple(CentreCount(centre, counts.get(centre.id, Count())) for centre in [*centres, *closed])


def _procedures(counts: dict[str, Count]) -> tuple[ProcedureCount, ...]:
    versions = Procedure.objects.filter(code__in=counts).order_by("code", "valid_from")
    names = {code: Words(vi, en) for code, vi, en in versions.values_list("code", "name_vi", "name_en")}
    rows = [ProcedureCount(code, names.get(code, Words(code, code)), count) for code, count in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count.received, row.code)))


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in a ranking; equal counts share a place, and the next place is left out (1, 1, 3)."""

    place: int
    is_shared: bool
    centre: CentreInfo
    count: Count


def ranking(rows: Iterable[CentreCount], *, by: str, limit: int) -> Sequence[Rank]:
    """The first `limit` places by "received" or "resolved"; ties keep the order of names and are never broken silently.

    All who share the last place are in it, so there may be more than `limit`; nobody with a count of zero is.
    """
    counted = [(int(getattr(row.count, by)), row) for row in rows if getattr(row.count, by)]
    ordered = sorted(counted, key=lambda pair: (-pair[0], pair[1].centre.name))
    values = [value for value, _ in ordered]
    ranks = [Rank(values.index(value) + 1, values.count(value) > 1, row.centre, row.count) for value, row in ordered]
    return [rank for rank in ranks if rank.place <= limit]


def board_provinces() -> Sequence[Province]:
    """The provinces in which something was counted."""
    counted = BoardDelta.objects.filter(province_code=OuterRef("code"))
    return list(Province.objects.filter(Exists(counted)).order_by("name"))


def province_for(actor: Actor, asked: str) -> str:
    """The province whose board `actor` reads: the one asked for when it is hers, else her own.

    An administrator without a province of her own reads any, the first that has a board when she names none.

    Raises:
        NotYourProvince: somebody else's board, or none that there is.
    """
    if not actor.province_code and actor.role == Role.ADMINISTRATOR:
        open_ones = [province.code for province in board_provinces()]
        if asked in open_ones or (open_ones and not asked):
            return asked or open_ones[0]
    if not actor.province_code or (asked and asked != actor.province_code):
        raise NotYourProvince
    return actor.province_code
