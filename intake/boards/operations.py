"""Keeping what boards are read from: counting new steps, making it all again, repairing what differs.

Nothing here runs inside a step: the traces are the queue, and a board adds what is not counted yet by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db import connection
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from intake.boards.models import BoardCell, BoardMark, BoardSnapshot, BoardStay, BoardTotal
from intake.boards.rules.counts import MEASURES
from intake.boards.statements import (
    COLUMNS,
    IS_SOMETHING,
    PENDING,
    PLACE_COLUMNS,
    PLACES,
    STAY_COLUMNS,
    SUMS,
    Cut,
    changes_of,
    in_cuts,
    stays_of,
)
from intake.boards.truth import Difference, differences
from shared import work
from shared.calendar import at_local, local
from shared.roles import Role
from shared.transactions import operation

AT_ONCE: Final = 20_000
"""Steps counted in one transaction."""
SETTLES_AFTER: Final = timedelta(minutes=5)
DIFFERED: Final = "boards-differed"
TOLD: Final = 5
_LOCK: Final = 0x626F617264  # "board"

_KEY: Final = f"cut, province_code, {PLACE_COLUMNS}"
_STAYS: Final = ", ".join(STAY_COLUMNS)
_ADDED: Final = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in MEASURES)
_MOVED: Final = ", ".join(f"{name} = excluded.{name}" for name in STAY_COLUMNS if name != "step_id")

_FRESH: Final = f"""
    CREATE TEMPORARY TABLE board_fresh ON COMMIT DROP AS
    {stays_of(PENDING.format(first="ORDER BY step.id LIMIT %(limit)s"))};
    ANALYZE board_fresh;
    CREATE TEMPORARY TABLE board_change ON COMMIT DROP AS
    WITH both_ways AS (
        SELECT 1 AS sign, {_STAYS} FROM board_fresh
        UNION ALL
        SELECT -1 AS sign, {_STAYS} FROM intake_boardstay
        WHERE dossier_id IN (SELECT dossier_id FROM board_fresh)
    ), change AS (
        SELECT province_code, date_trunc('hour', moment, 'UTC') AS moment, {PLACE_COLUMNS}, {SUMS}
        FROM ({changes_of("both_ways")}) AS told GROUP BY 1, 2, {PLACE_COLUMNS} HAVING {IS_SOMETHING}
    )
    SELECT cut, province_code, moment AS hour, {PLACE_COLUMNS}, {SUMS}
    FROM ({in_cuts("change", tuple(Cut))}) AS line GROUP BY cut, province_code, hour, {PLACE_COLUMNS}
    HAVING {IS_SOMETHING}
"""  # noqa: S608  # constants of intake.boards.statements

_ADD_TO_CELLS: Final = f"""
    INSERT INTO intake_boardcell AS kept (cut, province_code, hour, {PLACE_COLUMNS}, {COLUMNS})
    SELECT cut, province_code, hour, {PLACE_COLUMNS}, {COLUMNS} FROM board_change
    ON CONFLICT (cut, province_code, hour, {PLACE_COLUMNS}) DO UPDATE SET {_ADDED}
"""  # noqa: S608

_ADD_TO_LATER_SNAPSHOTS: Final = f"""
    INSERT INTO intake_boardtotal AS kept (snapshot_id, {_KEY}, {COLUMNS})
    SELECT snapshot.id, change.cut, change.province_code, {", ".join(f"change.{name}" for name in PLACES)}, {SUMS}
    FROM board_change change
    JOIN intake_boardsnapshot snapshot
      ON snapshot.province_code = change.province_code AND snapshot.starts_at > change.hour
    WHERE change.cut <> '{Cut.PROVINCE}'
    GROUP BY snapshot.id, change.cut, change.province_code, {", ".join(f"change.{name}" for name in PLACES)}
    HAVING {IS_SOMETHING}
    ON CONFLICT (snapshot_id, cut, {PLACE_COLUMNS}) DO UPDATE SET {_ADDED}
"""  # noqa: S608

_KEEP_STAYS: Final = f"""
    INSERT INTO intake_boardstay AS kept ({_STAYS}) SELECT {_STAYS} FROM board_fresh
    ON CONFLICT (step_id) DO UPDATE SET {_MOVED}
    WHERE (kept.until_at, kept.late_at, kept.stuck_at) IS DISTINCT FROM
          (excluded.until_at, excluded.late_at, excluded.stuck_at)
"""  # noqa: S608

_FILL_SNAPSHOT: Final = f"""
    INSERT INTO intake_boardtotal (snapshot_id, {_KEY}, {COLUMNS})
    SELECT %(new)s, {_KEY}, {SUMS} FROM (
        SELECT {_KEY}, {COLUMNS} FROM intake_boardtotal WHERE snapshot_id = %(previous)s
        UNION ALL
        SELECT {_KEY}, {COLUMNS} FROM intake_boardcell
        WHERE cut = ANY(%(cuts)s) AND province_code = %(province)s AND hour < %(starts_at)s
          AND hour >= COALESCE(%(since)s, '-infinity'::timestamptz)) AS lines
    GROUP BY {_KEY} HAVING {IS_SOMETHING}
"""  # noqa: S608

_HOURS_CHANGED: Final = "SELECT DISTINCT province_code, hour FROM board_change WHERE cut = %s"
_IN_CUTS_OF_TOTALS: Final = [cut.value for cut in Cut if cut is not Cut.PROVINCE]

_SETTLE: Final = """
    UPDATE intake_boardmark AS mark
    SET floor = CASE WHEN is_settled THEN seen.candidate ELSE seen.floor END,
        candidate = CASE WHEN is_open AND NOT is_settled THEN seen.candidate ELSE last END,
        candidate_xid = CASE WHEN is_open AND NOT is_settled THEN seen.candidate_xid ELSE ahead END,
        candidate_at = CASE WHEN is_open AND NOT is_settled THEN seen.candidate_at ELSE now() END
    FROM (SELECT *, is_open AND behind >= candidate_xid
                 AND candidate_at < now() - %(settles_after)s * interval '1 second'
                 AND NOT EXISTS (SELECT FROM intake_dossierstep step
                                 WHERE step.id > known.floor AND step.id <= known.candidate
                                   AND step.procedure_code <> ''
                                   AND NOT EXISTS (SELECT FROM intake_boardstay WHERE step_id = step.id)) AS is_settled
          FROM (SELECT id AS mark_id, floor, candidate, candidate_xid, candidate_at, ahead, behind,
                       candidate_at IS NOT NULL AND candidate_xid <= ahead AS is_open,
                       (SELECT COALESCE(max(id), 0) FROM intake_dossierstep) AS last
                FROM intake_boardmark,
                     (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS ahead,
                             pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS behind) AS now_running
               ) AS known) AS seen
    WHERE mark.id = seen.mark_id
"""
"""The floor follows the last step seen, once every transaction that ran then has ended: a step may be committed after
a later one. A mark whose transaction lies ahead comes from another database (a restored copy): it starts again."""


_LONG_SETTLED: Final = """
    SELECT COALESCE((SELECT id FROM intake_dossierstep WHERE recorded_at < now() - interval '1 hour'
                     ORDER BY id DESC LIMIT 1), 0)
"""
"""No transaction runs for an hour: every step up to this one is there."""


@operation
def keep_up(*, at: datetime) -> int:
    """Count the earliest steps that are not counted yet, and take snapshots of days that are over at `at`.

    Readers see the same figures before, during and after. Returns how many stays were looked at; 0: nothing is left.
    """
    _alone()
    mark, _made = BoardMark.objects.get_or_create(id=1)
    return _count(at, floor=mark.floor)


@operation
def rebuild(*, at: datetime) -> int:
    """Forget everything derived and count all steps again; nobody waits for it. Returns how many stays there are.

    Readers see what was before until it is done. A step committed meanwhile is counted afterwards, like any new one.
    """
    _alone()
    mark, _made = BoardMark.objects.get_or_create(id=1)
    with connection.cursor() as cursor:
        for model in (BoardTotal, BoardSnapshot, BoardCell, BoardStay):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  # our own tables
        cursor.execute(_LONG_SETTLED)
        (settled,) = cursor.fetchone()
    counted = _count(at, floor=0, limit=None)
    BoardMark.objects.filter(id=1).update(floor=max(mark.floor, settled))
    return counted


def compare(*, at: datetime, moments: Mapping[str, Iterable[datetime]]) -> Sequence[Difference]:
    """What boards give otherwise than the steps do at `moments` of each province."""
    return [each for province, asked in moments.items() for each in differences(province, asked)]


def repair(*, at: datetime, moments: Mapping[str, Iterable[datetime]]) -> Sequence[Difference]:
    """Compare boards with the steps at `moments` of each province; make everything again where they differ.

    Returns what differed. An administrator gets work, with the first of it in words: a difference has a cause.
    """
    found = compare(at=at, moments=moments)
    if found:
        rebuild(at=at)
        _tell(found, at=at)
    return found


@operation
def _tell(found: Sequence[Difference], *, at: datetime) -> None:
    work.open_item(kind=DIFFERED, reference="boards", owner_role=Role.ADMINISTRATOR, owner_place="", at=at,
                   due_at=at + timedelta(days=1), detail={
                       "differences": len(found), "first": [str(each) for each in found[:TOLD]]})


def _alone() -> None:
    """One counting at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _count(at: datetime, *, floor: int, limit: int | None = AT_ONCE) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS board_fresh, board_change")
        cursor.execute(_FRESH, {"floor": floor, "limit": limit})
        cursor.execute(_ADD_TO_CELLS)
        cursor.execute(_ADD_TO_LATER_SNAPSHOTS)
        cursor.execute(_KEEP_STAYS)
        cursor.execute("SELECT count(*) FROM board_fresh")
        (counted,) = cursor.fetchone()
        cursor.execute(_HOURS_CHANGED, [Cut.PROVINCE])
        hours = cursor.fetchall()
        cursor.execute("DROP TABLE board_fresh, board_change")
        cursor.execute(_SETTLE, {"settles_after": SETTLES_AFTER.total_seconds()})
    _snapshot_days(_days_after(hours) | _days_without_snapshot(), at)
    return int(counted)


def _days_after(hours: Iterable[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """The local midnights that end the days of `hours`, each with its province."""
    return {(province, at_local(local(hour).date() + timedelta(days=1), time())) for province, hour in hours}


def _days_without_snapshot() -> set[tuple[str, datetime]]:
    """Midnights after the last snapshot of each province: they were not over yet when their hours were counted."""
    last = BoardSnapshot.objects.filter(province_code=OuterRef("province_code")).order_by("-starts_at")
    since = Coalesce(Subquery(last.values("starts_at")[:1]), Value(datetime(2000, 1, 1, tzinfo=UTC)))
    recent = BoardCell.objects.filter(cut=Cut.PROVINCE, hour__gte=since)
    return _days_after(recent.values_list("province_code", "hour").distinct())


def _snapshot_days(wanted: set[tuple[str, datetime]], at: datetime) -> None:
    """Make the snapshots that are missing, earliest first: each is the one before it plus the hours between."""
    over = sorted(each for each in wanted if each[1] <= at)
    for province, days in groupby(over, key=itemgetter(0)):
        missing = [starts_at for _province, starts_at in days]
        there = list(BoardSnapshot.objects.filter(province_code=province, starts_at__lte=missing[-1])
                     .order_by("starts_at"))
        previous: BoardSnapshot | None = None
        for starts_at in missing:
            while there and there[0].starts_at <= starts_at:
                previous = there.pop(0)
            if previous is None or previous.starts_at != starts_at:
                previous = _snapshot(province, starts_at, previous)


def _snapshot(province: str, starts_at: datetime, previous: BoardSnapshot | None) -> BoardSnapshot:
    snapshot = BoardSnapshot.objects.create(province_code=province, starts_at=starts_at)
    asked: dict[str, Any] = {
        "new": snapshot.id, "previous": previous.id if previous else 0, "province": province,
        "since": previous.starts_at if previous else None, "starts_at": starts_at, "cuts": _IN_CUTS_OF_TOTALS}
    with connection.cursor() as cursor:
        cursor.execute(_FILL_SNAPSHOT, asked)
    return snapshot
