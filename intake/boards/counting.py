"""Counting steps into stays and cells: what is new since the last time, or everything there is.

Both are set-based: Python steers and holds a number. The second goes through all dossiers in portions of about
as many steps each, so what it sorts stays small however many there are.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

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
    cells_of,
    stays_of,
    stays_where,
)

PORTION: Final = 200_000
"""Steps of whole dossiers counted at once when everything is made again."""
KEY: Final = f"cut, province_code, {PLACE_COLUMNS}"
_NONE: Final = UUID(int=0)

_STAYS: Final = ", ".join(STAY_COLUMNS)
_ADDED: Final = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in MEASURES)
_MOVED: Final = ", ".join(f"{name} = excluded.{name}" for name in STAY_COLUMNS if name != "step_id")
_AFTER_AND_BEFORE: Final = """(
    SELECT 1 AS sign, {stays} FROM board_fresh
    UNION ALL
    SELECT -1 AS sign, {stays} FROM intake_boardstay WHERE dossier_id IN (SELECT dossier_id FROM board_fresh))"""

_FRESH: Final = f"""
    CREATE TEMPORARY TABLE board_fresh ON COMMIT DROP AS
    {stays_of(PENDING.format(first="ORDER BY step.id LIMIT %(limit)s"))};
    ANALYZE board_fresh;
    CREATE TEMPORARY TABLE board_change ON COMMIT DROP AS {cells_of(_AFTER_AND_BEFORE.format(stays=_STAYS))};
    ANALYZE board_change
"""

_ADD_TO_CELLS: Final = f"""
    INSERT INTO intake_boardcell AS kept (cut, province_code, hour, {PLACE_COLUMNS}, {COLUMNS})
    SELECT cut, province_code, hour, {PLACE_COLUMNS}, {COLUMNS} FROM board_change
    ORDER BY cut, province_code, hour, {PLACE_COLUMNS}
    ON CONFLICT (cut, province_code, hour, {PLACE_COLUMNS}) DO UPDATE SET {_ADDED}
"""  # noqa: S608  # constants of intake.boards.statements

_ADD_TO_LATER_SNAPSHOTS: Final = f"""
    INSERT INTO intake_boardtotal AS kept (snapshot_id, {KEY}, {COLUMNS})
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

_PORTION: Final = f"""
    CREATE TEMPORARY TABLE board_fresh ON COMMIT DROP AS
    SELECT 1 AS sign, * FROM ({stays_where("dossier_id > %(after)s AND dossier_id <= %(upto)s")}) AS stay;
    ANALYZE board_fresh;
    CREATE TEMPORARY TABLE board_change ON COMMIT DROP AS {cells_of("board_fresh")};
    INSERT INTO intake_boardstay ({_STAYS}) SELECT {_STAYS} FROM board_fresh ORDER BY step_id;
    {_ADD_TO_CELLS}
"""  # noqa: S608

_END_OF_PORTION: Final = """
    SELECT COALESCE((SELECT dossier_id FROM intake_dossierstep WHERE dossier_id > %(after)s
                     ORDER BY dossier_id OFFSET %(steps)s LIMIT 1),
                    (SELECT dossier_id FROM intake_dossierstep WHERE dossier_id > %(after)s
                     ORDER BY dossier_id DESC LIMIT 1))
"""
_HOURS_CHANGED: Final = "SELECT DISTINCT province_code, hour FROM board_change WHERE cut = %s"
_DROP: Final = "DROP TABLE IF EXISTS board_fresh, board_change"


def count_new(*, floor: int, limit: int) -> tuple[int, Sequence[tuple[str, datetime]]]:
    """Count the earliest `limit` steps above `floor` that have no stay yet.

    Returns how many stays were looked at, and the hours that changed, each with its province.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_FRESH, {"floor": floor, "limit": limit})
        cursor.execute(_ADD_TO_CELLS)
        cursor.execute(_ADD_TO_LATER_SNAPSHOTS)
        cursor.execute(_KEEP_STAYS)
        cursor.execute(_HOURS_CHANGED, [Cut.PROVINCE])
        hours = cursor.fetchall()
        return _dropped(cursor), hours


def count_all(*, portion: int = PORTION) -> int:
    """Count every step into empty tables; returns how many stays there are."""
    counted, after = 0, _NONE
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute("SET LOCAL work_mem = '64MB'")
        while (upto := _end_of_portion(cursor, after, portion)) is not None:
            cursor.execute(_PORTION, {"after": after, "upto": upto})
            counted, after = counted + _dropped(cursor), upto
    return counted


def _end_of_portion(cursor: CursorWrapper, after: UUID, steps: int) -> UUID | None:
    cursor.execute(_END_OF_PORTION, {"after": after, "steps": steps})
    found: tuple[UUID | None] = cursor.fetchone()
    return found[0]


def _dropped(cursor: CursorWrapper) -> int:
    """How many stays were fresh; they and their changes are forgotten."""
    cursor.execute("SELECT count(*) FROM board_fresh")
    (counted,) = cursor.fetchone()
    cursor.execute(_DROP)
    return int(counted)
