"""The bare sums of a board as of a moment, in one statement, so that they are one instant's truth.

A figure is the last snapshot before the moment, plus the hours since, plus what the stays of the moment's own hour
change, plus the difference that the steps make which nobody has counted yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from intake.boards.rules.counts import Counts
from intake.boards.statements import (
    COLUMNS,
    PLACE_COLUMNS,
    PLACES,
    STAY_COLUMNS,
    SUMS,
    Cut,
    changes_between,
    changes_of,
    stays_of,
)
from shared import prepared

HOURS_SHOWN: Final = timedelta(days=3)
_KEEP_PLAN: Final = "SELECT set_config('plan_cache_mode', 'force_generic_plan', false)"
_PLAN_FREELY: Final = "SELECT set_config('plan_cache_mode', 'auto', false)"

type Key = tuple[Any, ...]
"""The values of the places that a sum is grouped by, in their order."""
type Places = tuple[str, ...]

_STAYS: Final = ", ".join(STAY_COLUMNS)
_UNCOUNTED: Final = """
    SELECT DISTINCT dossier_id FROM intake_dossierstep step
    WHERE step.id = ANY(ARRAY(SELECT generate_series(COALESCE((SELECT floor FROM intake_boardmark WHERE id = 1), 0) + 1,
                                                     (SELECT max(id) FROM intake_dossierstep))))
      AND step.procedure_code <> '' AND NOT EXISTS (SELECT FROM intake_boardstay stay WHERE stay.step_id = step.id)
"""
# The steps since the mark are named one by one, as the hours below: of a range the planner expects a third of all.
PENDING_STAYS: Final = f"""
    pending AS MATERIALIZED ({_UNCOUNTED}),
    fresh AS MATERIALIZED ({stays_of("SELECT dossier_id FROM pending")})
"""  # noqa: S608  # constants of intake.boards.statements
"""Two common table expressions: dossiers with steps that nobody has counted yet, and all their stays."""
LIVE_STAYS: Final = f"""
    SELECT {_STAYS} FROM intake_boardstay
    WHERE NOT EXISTS (SELECT FROM pending WHERE pending.dossier_id = intake_boardstay.dossier_id) AND {{where}}
    UNION ALL SELECT {_STAYS} FROM fresh WHERE {{where}}
"""  # noqa: S608  # constants of intake.boards.statements
"""Every stay as the steps have it now; `{where}` is a condition on a stay."""

_TAIL: Final = f"""(SELECT 1 AS sign, {_STAYS} FROM fresh UNION ALL
    SELECT -1 AS sign, {_STAYS} FROM intake_boardstay WHERE dossier_id IN (SELECT dossier_id FROM pending))"""  # noqa: S608
_ANSWER: Final = f"""
WITH base AS (
    SELECT id, starts_at FROM intake_boardsnapshot
    WHERE province_code = %(province)s AND starts_at <= %(cut_at)s ORDER BY starts_at DESC LIMIT 1
), since AS (
    SELECT generate_series(
        COALESCE((SELECT starts_at FROM base), (SELECT min(hour) FROM intake_boardcell
                                                WHERE cut = '{Cut.PROVINCE}' AND province_code = %(province)s)),
        %(cut_at)s::timestamptz - interval '1 hour', interval '1 hour') AS hour
), {PENDING_STAYS}, change AS MATERIALIZED (
    SELECT moment, {PLACE_COLUMNS}, {COLUMNS} FROM ({changes_of(_TAIL)}) AS tail
    WHERE province_code = %(province)s AND moment <= %(as_of)s
    UNION ALL {changes_between("%(cut_at)s", "%(as_of)s")}
), line AS (
    SELECT cut, {PLACE_COLUMNS}, {COLUMNS} FROM intake_boardtotal
    WHERE snapshot_id = (SELECT id FROM base) AND cut = ANY(%(cuts)s)
    UNION ALL
    SELECT cut, {PLACE_COLUMNS}, {COLUMNS} FROM intake_boardcell
    WHERE cut = ANY(%(cuts)s) AND province_code = %(province)s AND hour = ANY(ARRAY(SELECT hour FROM since))
    UNION ALL
    SELECT cut, {PLACE_COLUMNS}, {COLUMNS} FROM change, unnest(%(cuts)s::text[]) AS cut
)
SELECT NULL::timestamptz AS hour, cut, GROUPING({{grouped}}), {{grouped}}, {SUMS}
FROM line WHERE {{where}} GROUP BY GROUPING SETS ({{sets}})
"""  # noqa: S608
# Hours are named one by one: of a range that begins where a row says, the planner takes a third of the table.
_BY_HOUR: Final = f"""
UNION ALL
SELECT hour, NULL, NULL, {{no_places}}, {SUMS} FROM (
    SELECT hour, {PLACE_COLUMNS}, {COLUMNS} FROM intake_boardcell
    WHERE cut = %(hour_cut)s AND province_code = %(province)s AND hour >= %(since)s AND hour < %(cut_at)s
    UNION ALL
    SELECT date_trunc('hour', moment, 'UTC'), {PLACE_COLUMNS}, {COLUMNS} FROM change WHERE moment >= %(since)s) AS hours
WHERE {{where}} GROUP BY hour
"""  # noqa: S608

_OF_AN_OUTLET: Final = f"""
WITH {PENDING_STAYS}, live AS ({LIVE_STAYS})
SELECT procedure_code, {SUMS} FROM ({changes_of("(SELECT 1 AS sign, * FROM live)")}) AS told
WHERE moment <= %(as_of)s GROUP BY procedure_code
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Unit:
    """What a board is about: a province, and within it a centre, an operator, an outlet, or an outlet at a centre."""

    province_code: str
    centre_id: UUID | None = None
    operator_id: UUID | None = None
    outlet_id: UUID | None = None

    @property
    def places(self) -> dict[str, UUID]:
        named = {"centre_id": self.centre_id, "operator_id": self.operator_id, "outlet_id": self.outlet_id}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums for each asked grouping, and for each hour of the last days; empty where nothing was counted."""

    by: Mapping[Places, Mapping[Key, Counts]]
    by_hour: Mapping[datetime, Counts]


def read_figures(unit: Unit, as_of: datetime, *, groups: Mapping[Places, Cut], with_hours: bool = False) -> Figures:
    """The sums of `unit` as of a moment (inclusive). A group's cut must name the group's places and the unit's."""
    grouped = [name for name in PLACES if any(name in group for group in groups)]
    asked = _asked(unit, as_of) | {
        "cuts": sorted({str(cut) for cut in groups.values()}),
        "hour_cut": Cut.CENTRE_OUTLET if unit.places else Cut.PROVINCE}
    statement = (f"{_ANSWER}{_BY_HOUR}" if with_hours else _ANSWER).format(
        where=_where(unit), grouped=", ".join(grouped), no_places=", ".join(["NULL"] * len(grouped)),
        sets=", ".join(f"({', '.join(('cut', *group))})" for group in groups))
    by: dict[Places, dict[Key, Counts]] = {group: {} for group in groups}
    by_hour: dict[datetime, Counts] = {}
    wanted = {(str(cut), _mask(group, grouped)): group for group, cut in groups.items()}
    for hour, cut, mask, *rest in _asked_of_a_kept_plan(statement, asked):
        counts = Counts(*rest[len(grouped):])
        if hour is not None:
            by_hour[hour] = counts
        elif counts and (group := wanted.get((cut, mask))) is not None:
            by[group][tuple(rest[grouped.index(name)] for name in group)] = counts
    return Figures(by, {hour: counts for hour, counts in sorted(by_hour.items()) if counts})


def procedures_of_outlet(unit: Unit, as_of: datetime) -> Mapping[str, Counts]:
    """What an outlet's dossiers are about, from its stays one by one: no cut has outlets and procedures together."""
    where = f"province_code = %(province)s AND {_where(unit)}"
    with connection.cursor() as cursor:
        cursor.execute(_OF_AN_OUTLET.format(where=where), _asked(unit, as_of))
        found = {code: Counts(*counts) for code, *counts in cursor.fetchall()}
    return {code: counts for code, counts in found.items() if counts}


def _asked_of_a_kept_plan(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Planning costs five times what such an answer does, and one plan fits all moments."""
    *_set, rows, _reset = prepared.run((_KEEP_PLAN, {}), (statement, asked), (_PLAN_FREELY, {}))
    return rows


def _mask(group: Places, grouped: Sequence[str]) -> int:
    """What GROUPING() answers for a row of this grouping: a bit for each place that it leaves out."""
    return sum(1 << (len(grouped) - 1 - at) for at, name in enumerate(grouped) if name not in group)


def _where(unit: Unit) -> str:
    return " AND ".join(["true", *(f"{name} = %({name})s" for name in unit.places)])


def _asked(unit: Unit, as_of: datetime) -> dict[str, Any]:
    cut_at = as_of.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return {"province": unit.province_code, "as_of": as_of, "cut_at": cut_at, "since": cut_at - HOURS_SHOWN,
            **unit.places}
