"""Keeping the board short and proving it: folding rows into hours and snapshots, counting the steps again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.db import connection
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from intake.models.board import BoardDelta, BoardHour, BoardSnapshot, BoardTotal
from shared.calendar import at_local, local
from shared.transactions import operation

FOLDED_AT_ONCE: Final = 20_000
_LOCK: Final = 0x626F617264  # "board"

type Key = tuple[str, datetime, object, str]
"""Province, hour, centre, procedure."""

_TAKE_LOOSE = """
    DELETE FROM intake_boarddelta WHERE id IN (
        SELECT id FROM intake_boarddelta WHERE NOT is_folded ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING province_code, hour, centre_id, procedure_code, received, resolved
"""

_ADD_TO_HOURS = """
    INSERT INTO intake_boarddelta AS kept
        (province_code, hour, centre_id, procedure_code, received, resolved, is_folded)
    SELECT p, h, c, code, r, s, true
    FROM unnest(%s::text[], %s::timestamptz[], %s::uuid[], %s::text[], %s::int[], %s::int[])
        AS moved(p, h, c, code, r, s)
    ON CONFLICT (province_code, hour, centre_id, procedure_code) WHERE is_folded
    DO UPDATE SET received = kept.received + excluded.received, resolved = kept.resolved + excluded.resolved
"""

_ADD_TO_PROVINCE_HOURS = """
    INSERT INTO intake_boardhour AS kept (province_code, hour, received, resolved)
    SELECT p, h, SUM(r), SUM(s)
    FROM unnest(%s::text[], %s::timestamptz[], %s::uuid[], %s::text[], %s::int[], %s::int[])
        AS moved(p, h, c, code, r, s)
    GROUP BY p, h
    ON CONFLICT (province_code, hour)
    DO UPDATE SET received = kept.received + excluded.received, resolved = kept.resolved + excluded.resolved
"""

_ADD_TO_LATER_SNAPSHOTS = """
    INSERT INTO intake_boardtotal AS kept (snapshot_id, centre_id, procedure_code, received, resolved)
    SELECT snapshot.id, c, code, SUM(r), SUM(s)
    FROM unnest(%s::text[], %s::timestamptz[], %s::uuid[], %s::text[], %s::int[], %s::int[])
        AS moved(p, h, c, code, r, s)
    JOIN intake_boardsnapshot snapshot ON snapshot.province_code = p AND snapshot.starts_at > h
    GROUP BY snapshot.id, c, code
    ON CONFLICT (snapshot_id, centre_id, procedure_code)
    DO UPDATE SET received = kept.received + excluded.received, resolved = kept.resolved + excluded.resolved
"""

_FILL_SNAPSHOT = """
    INSERT INTO intake_boardtotal (snapshot_id, centre_id, procedure_code, received, resolved)
    SELECT %(new)s, centre_id, procedure_code, SUM(received), SUM(resolved) FROM (
        SELECT centre_id, procedure_code, received, resolved FROM intake_boardtotal WHERE snapshot_id = %(previous)s
        UNION ALL
        SELECT centre_id, procedure_code, received, resolved FROM intake_boarddelta
        WHERE province_code = %(province)s AND is_folded AND hour < %(starts_at)s
          AND hour >= COALESCE(%(since)s, '-infinity'::timestamptz)) AS rows
    GROUP BY centre_id, procedure_code
"""

_COUNT_STEPS = """
    INSERT INTO intake_boarddelta (province_code, hour, centre_id, procedure_code, received, resolved, is_folded)
    SELECT province_code, date_trunc('hour', at, 'UTC'), centre_id, procedure_code,
           COUNT(*) FILTER (WHERE action = 'receive'), COUNT(*) FILTER (WHERE action = 'resolve'), true
    FROM intake_dossierstep WHERE machine = 'handling' AND action IN ('receive', 'resolve')
    GROUP BY 1, 2, 3, 4 ORDER BY 2
"""

_COUNT_PROVINCE_HOURS = """
    INSERT INTO intake_boardhour (province_code, hour, received, resolved)
    SELECT province_code, hour, SUM(received), SUM(resolved) FROM intake_boarddelta GROUP BY 1, 2
"""


@operation
def fold_board(*, at: datetime) -> int:
    """Fold the rows of single steps into their hours and add them to the snapshots of later days.

    A day after which something was counted gets a snapshot once it is over at `at`. Readers see the same sums before,
    during and after. Returns how many rows were folded; what was left for the next call is at most unfolded.
    """
    _alone()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_LOOSE, [FOLDED_AT_ONCE])
        taken = cursor.fetchall()
        if not taken:
            return 0
        moved = _summed(taken)
        columns = _columns(moved)
        cursor.execute(_ADD_TO_HOURS, columns)
        cursor.execute(_ADD_TO_PROVINCE_HOURS, columns)
        cursor.execute(_ADD_TO_LATER_SNAPSHOTS, columns)
    _snapshot_days(_days_after((province, hour) for province, hour, _, _ in moved) | _days_without_snapshot(), at)
    return len(taken)


@operation
def rebuild_board(*, at: datetime) -> int:
    """Count everything again from the steps; no step is counted while it runs. Returns how many rows there are then."""
    _alone()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE intake_boarddelta IN SHARE ROW EXCLUSIVE MODE")
        BoardTotal.objects.all().delete()
        BoardSnapshot.objects.all().delete()
        BoardHour.objects.all().delete()
        BoardDelta.objects.all().delete()
        cursor.execute(_COUNT_STEPS)
        rows = int(cursor.rowcount)
        cursor.execute(_COUNT_PROVINCE_HOURS)
    _snapshot_days(_days_after(BoardDelta.objects.values_list("province_code", "hour").distinct()), at)
    return rows


def _alone() -> None:
    """One folding or rebuilding at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _summed(rows: Sequence[tuple[str, datetime, object, str, int, int]]) -> Mapping[Key, tuple[int, int]]:
    sums: defaultdict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for province, hour, centre, procedure, received, resolved in rows:
        before = sums[province, hour, centre, procedure]
        sums[province, hour, centre, procedure] = (before[0] + received, before[1] + resolved)
    return sums


def _columns(moved: Mapping[Key, tuple[int, int]]) -> list[list[object]]:
    rows = [(*key, *counts) for key, counts in sorted(moved.items(), key=lambda item: [str(part) for part in item[0]])]
    return [list(column) for column in zip(*rows, strict=True)]


def _days_after(hours: Iterable[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """The local midnights that end the days of `hours`, each with its province."""
    return {(province, at_local(local(hour).date() + timedelta(days=1), time())) for province, hour in hours}


def _days_without_snapshot() -> set[tuple[str, datetime]]:
    """Midnights after the last snapshot of each province: they were not over yet when their hours were folded."""
    last = BoardSnapshot.objects.filter(province_code=OuterRef("province_code")).order_by("-starts_at")
    since = Coalesce(Subquery(last.values("starts_at")[:1]), Value(datetime(2000, 1, 1, tzinfo=UTC)))
    recent = BoardDelta.objects.filter(is_folded=True, hour__gte=since)
    return _days_after(recent.values_list("province_code", "hour").distinct())


def _snapshot_days(wanted: set[tuple[str, datetime]], at: datetime) -> None:
    """Make the snapshots that are missing, earliest first: each is the one before it plus the hours between."""
    for province, starts_at in sorted(wanted):
        if starts_at > at:
            continue
        previous = (BoardSnapshot.objects.filter(province_code=province, starts_at__lte=starts_at)
                    .order_by("-starts_at").first())
        if previous is not None and previous.starts_at == starts_at:
            continue
        snapshot = BoardSnapshot.objects.create(province_code=province, starts_at=starts_at)
        with connection.cursor() as cursor:
            cursor.execute(_FILL_SNAPSHOT, {
                "new": snapshot.id, "previous": previous.id if previous else 0, "province": province,
                "since": previous.starts_at if previous else None, "starts_at": starts_at})
