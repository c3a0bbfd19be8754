"""Keeping what boards are read from: counting new steps, making it all again, repairing what differs.

Nothing here runs inside a step: the traces are the queue, and a board adds what is not counted yet by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from intake.boards.counting import count_all, count_new
from intake.boards.models import BoardCell, BoardMark, BoardSnapshot, BoardStay, BoardTotal
from intake.boards.snapshots import days_after, take_snapshots
from intake.boards.truth import Difference, differences
from shared import work
from shared.roles import Role
from shared.transactions import operation

AT_ONCE: Final = 20_000
"""Steps counted in one transaction."""
SETTLES_AFTER: Final = timedelta(minutes=5)
DIFFERED: Final = "boards-differed"
TOLD: Final = 5
_LOCK: Final = 0x626F617264  # "board"

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
    counted, hours = count_new(floor=mark.floor, limit=AT_ONCE)
    _settle()
    take_snapshots(at, also=days_after(hours))
    return counted


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
    counted = count_all()
    _settle()
    take_snapshots(at)
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


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"settles_after": SETTLES_AFTER.total_seconds()})
