"""The slow truth: every figure counted from the steps one by one, without anything that boards keep."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from intake.boards.figures import Key, Unit, read_figures
from intake.boards.rules.counts import MEASURES, STUCK_AFTER, Counts
from intake.boards.statements import CUT_PLACES, PLACES, Cut

_TRUTH: Final = """
WITH told AS (
    SELECT step.*, max(at) OVER (PARTITION BY dossier_id ORDER BY id) AS counted_at,
           max(at) OVER whole AS moved_at, bool_or(action = 'forward') OVER whole AS is_forwarded,
           id = max(id) OVER whole AS is_last
    FROM intake_dossierstep step
    WHERE procedure_code <> '' AND at <= %(as_of)s
      AND NOT EXISTS (SELECT FROM intake_dossierstep earlier
                      WHERE earlier.dossier_id = step.dossier_id AND earlier.id < step.id
                        AND earlier.procedure_code <> '' AND earlier.at > %(as_of)s)
    WINDOW whole AS (PARTITION BY dossier_id)
), seen AS (
    SELECT *, is_last AND to_state = '1' AS is_filed, is_last AND to_state IN ('2', '4') AS is_in_hand,
           is_last AND to_state = '8' AS is_stopped
    FROM told
)
SELECT centre_id, outlet_id, operator_id, procedure_code,
       count(*) FILTER (WHERE action = 'submit'),
       count(*) FILTER (WHERE action = 'receive'),
       count(*) FILTER (WHERE action = 'resolve'),
       count(*) FILTER (WHERE action = 'resolve' AND due_at < counted_at),
       count(*) FILTER (WHERE action = 'return') - count(*) FILTER (WHERE action = 'reopen'),
       count(*) FILTER (WHERE action IN ('refuse', 'withdraw')),
       count(*) FILTER (WHERE is_filed AND outlet_id IS NOT NULL AND NOT is_forwarded),
       count(*) FILTER (WHERE is_filed AND (outlet_id IS NULL OR is_forwarded)),
       count(*) FILTER (WHERE is_in_hand),
       count(*) FILTER (WHERE is_last AND to_state IN ('5', '6')),
       count(*) FILTER (WHERE is_stopped),
       count(*) FILTER (WHERE is_last AND to_state = '9'),
       count(*) FILTER (WHERE is_in_hand AND due_at < %(as_of)s),
       count(*) FILTER (WHERE (is_filed OR is_in_hand OR is_stopped) AND moved_at <= %(stuck_before)s)
FROM seen WHERE province_code = %(province)s GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that a board gives otherwise than the steps do."""

    province_code: str
    as_of: datetime
    cut: Cut
    places: Key
    measure: str
    truth: int
    found: int

    def __str__(self) -> str:
        places = ", ".join(f"{value}" for value in self.places) or "whole province"
        return (f"{self.province_code} as of {self.as_of.isoformat()}, {places}: {self.measure} is {self.truth} by the"
                f" steps and {self.found} on the board")


def slow_counts(province_code: str, as_of: datetime) -> Mapping[Key, Counts]:
    """By centre, outlet, operator and procedure, as finely as steps tell; a full scan."""
    with connection.cursor() as cursor:
        cursor.execute(_TRUTH, {"province": province_code, "as_of": as_of, "stuck_before": as_of - STUCK_AFTER})
        found = {tuple(row[:4]): Counts(*row[4:]) for row in cursor.fetchall()}
    return {key: counts for key, counts in found.items() if counts}


def differences(province_code: str, moments: Iterable[datetime]) -> Sequence[Difference]:
    """Where boards and steps disagree, in every cut and at each moment; empty is how it should be."""
    found: list[Difference] = []
    for as_of in moments:
        truth = slow_counts(province_code, as_of)
        for cut in Cut:
            if cut is not Cut.PROVINCE:
                found += _compared(province_code, as_of, cut, truth)
    return found


def _compared(province_code: str, as_of: datetime, cut: Cut, truth: Mapping[Key, Counts]) -> Iterable[Difference]:
    places = tuple(name for name in PLACES if name in CUT_PLACES[cut])
    expected = summed(truth, places)
    board = read_figures(Unit(province_code), as_of, groups={places: cut}).by[places]
    for key in sorted(expected.keys() | board.keys(), key=str):
        right, given = expected.get(key, Counts()), board.get(key, Counts())
        for measure, one, other in zip(MEASURES, astuple(right), astuple(given), strict=True):
            if one != other:
                yield Difference(province_code, as_of, cut, key, measure, one, other)


def summed(truth: Mapping[Key, Counts], places: Sequence[str]) -> Mapping[Key, Counts]:
    """The finest counts added up to some of the places."""
    at = [PLACES.index(name) for name in places]
    sums: defaultdict[Key, Counts] = defaultdict(Counts)
    for key, counts in truth.items():
        sums[tuple(key[each] for each in at)] += counts
    return {key: counts for key, counts in sums.items() if counts}


def first_and_last(province_code: str) -> tuple[datetime, datetime] | None:
    """The moments of the earliest and the latest counted step; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at), max(at) FROM intake_dossierstep WHERE province_code = %s"
                       " AND procedure_code <> ''", [province_code])
        row: tuple[Any, Any] = cursor.fetchone()
    return (row[0], row[1]) if row[0] is not None else None
