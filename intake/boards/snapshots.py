"""Snapshots: the sum of all cells up to a local midnight, for days after which something was counted."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db import connection
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from intake.boards.counting import KEY
from intake.boards.models import BoardCell, BoardSnapshot
from intake.boards.statements import COLUMNS, IS_SOMETHING, SUMS, Cut
from shared.calendar import at_local, local

_FILL: Final = f"""
    INSERT INTO intake_boardtotal (snapshot_id, {KEY}, {COLUMNS})
    SELECT %(new)s, {KEY}, {SUMS} FROM (
        SELECT {KEY}, {COLUMNS} FROM intake_boardtotal WHERE snapshot_id = %(previous)s
        UNION ALL
        SELECT {KEY}, {COLUMNS} FROM intake_boardcell
        WHERE cut = ANY(%(cuts)s) AND province_code = %(province)s AND hour < %(starts_at)s
          AND hour >= COALESCE(%(since)s, '-infinity'::timestamptz)) AS lines
    GROUP BY {KEY} HAVING {IS_SOMETHING}
"""  # noqa: S608  # constants of intake.boards.statements
_CUTS: Final = [cut.value for cut in Cut if cut is not Cut.PROVINCE]


def take_snapshots(at: datetime, *, also: Iterable[tuple[str, datetime]] = ()) -> None:
    """Make the snapshots that are missing of days that are over at `at`, and of the midnights `also`.

    Earliest first: each is the one before it plus the hours between.
    """
    over = sorted(each for each in {*also, *_days_without_snapshot()} if each[1] <= at)
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


def days_after(hours: Iterable[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """The local midnights that end the days of `hours`, each with its province."""
    return {(province, at_local(local(hour).date() + timedelta(days=1), time())) for province, hour in hours}


def _days_without_snapshot() -> set[tuple[str, datetime]]:
    """Midnights after the last snapshot of each province: they were not over yet when their hours were counted."""
    last = BoardSnapshot.objects.filter(province_code=OuterRef("province_code")).order_by("-starts_at")
    since = Coalesce(Subquery(last.values("starts_at")[:1]), Value(datetime(2000, 1, 1, tzinfo=UTC)))
    recent = BoardCell.objects.filter(cut=Cut.PROVINCE, hour__gte=since)
    return days_after(recent.values_list("province_code", "hour").distinct())


def _snapshot(province: str, starts_at: datetime, previous: BoardSnapshot | None) -> BoardSnapshot:
    snapshot = BoardSnapshot.objects.create(province_code=province, starts_at=starts_at)
    asked: dict[str, Any] = {
        "new": snapshot.id, "previous": previous.id if previous else 0, "province": province,
        "since": previous.starts_at if previous else None, "starts_at": starts_at, "cuts": _CUTS}
    with connection.cursor() as cursor:
        cursor.execute(_FILL, asked)
    return snapshot
