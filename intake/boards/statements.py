"""The SQL of boards, put together from parts: stays out of steps, changes out of stays, cells out of changes.

Nothing here comes from a request; what a reader asks for is bound as a parameter.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from intake.boards.rules.counts import MEASURES, STUCK_AFTER, Flow, Stage
from intake.rules.states import Handling, HandlingAction


class Cut(StrEnum):
    """Which places a line names. A question is answered from the cut that has its places and no more."""

    PROVINCE = "p"
    CENTRE_PROCEDURE = "c"
    CENTRE_OUTLET = "o"
    OPERATOR_PROCEDURE = "r"


PLACES: Final = ("centre_id", "outlet_id", "operator_id", "procedure_code")
CUT_PLACES: Final[Mapping[Cut, frozenset[str]]] = {
    Cut.PROVINCE: frozenset(),
    Cut.CENTRE_PROCEDURE: frozenset({"centre_id", "procedure_code"}),
    Cut.CENTRE_OUTLET: frozenset({"centre_id", "outlet_id", "operator_id"}),
    Cut.OPERATOR_PROCEDURE: frozenset({"operator_id", "procedure_code"}),
}

STAY_COLUMNS: Final = ("step_id", "dossier_id", "province_code", *PLACES, "stage", "flow", "from_at", "until_at",
                       "due_at", "late_at", "stuck_at")
_STAGES: Final = ("at_outlet", "on_the_way", "in_hand", "with_citizen", "stopped", "result_waiting")
_H, _A = Handling, HandlingAction

SUMS: Final = ", ".join(f"SUM({name})::int AS {name}" for name in MEASURES)
COLUMNS: Final = ", ".join(MEASURES)
PLACE_COLUMNS: Final = ", ".join(PLACES)
IS_SOMETHING: Final = " OR ".join(f"SUM({name}) <> 0" for name in MEASURES)

_STAGE: Final = f"""CASE
    WHEN to_state = '{_H.REGISTERED:d}' AND outlet_id IS NOT NULL AND NOT is_forwarded THEN {Stage.AT_OUTLET:d}
    WHEN to_state = '{_H.REGISTERED:d}' THEN {Stage.ON_THE_WAY:d}
    WHEN to_state IN ('{_H.RECEIVED:d}', '{_H.IN_PROGRESS:d}') THEN {Stage.IN_HAND:d}
    WHEN to_state IN ('{_H.SUPPLEMENT_ASKED:d}', '{_H.PAYMENT_ASKED:d}') THEN {Stage.WITH_CITIZEN:d}
    WHEN to_state = '{_H.STOPPED:d}' THEN {Stage.STOPPED:d}
    WHEN to_state = '{_H.RESOLVED:d}' THEN {Stage.RESULT_WAITING:d}
    ELSE {Stage.OVER:d} END"""
_FLOW: Final = f"""CASE action
    WHEN '{_A.SUBMIT}' THEN {Flow.FILED:d} WHEN '{_A.RECEIVE}' THEN {Flow.RECEIVED:d}
    WHEN '{_A.RESOLVE}' THEN {Flow.RESOLVED:d} WHEN '{_A.RETURN}' THEN {Flow.RETURNED:d}
    WHEN '{_A.REFUSE}' THEN {Flow.ENDED:d} WHEN '{_A.WITHDRAW}' THEN {Flow.ENDED:d}
    WHEN '{_A.REOPEN}' THEN {Flow.REOPENED:d} ELSE {Flow.NOTHING:d} END"""
_CAN_BE_STUCK: Final = (Stage.AT_OUTLET, Stage.ON_THE_WAY, Stage.IN_HAND, Stage.STOPPED)

PENDING: Final = """
    SELECT DISTINCT dossier_id FROM (
        SELECT step.dossier_id FROM intake_dossierstep step
        WHERE step.id > %(floor)s AND step.procedure_code <> ''
          AND NOT EXISTS (SELECT FROM intake_boardstay stay WHERE stay.step_id = step.id)
        {first}) AS uncounted
"""
"""Dossiers with a step that has no stay yet; `{first}` may keep to the earliest steps."""


def stays_of(dossiers: str) -> str:
    """All stays of the dossiers that the query `dossiers` names, out of their steps."""
    return stays_where(f"dossier_id IN ({dossiers})")


def stays_where(condition: str) -> str:
    """All stays of the dossiers that `condition` on a step names, out of their steps.

    A step told after a later one counts from then: moments of one dossier never run backwards.
    """
    stuck = ", ".join(f"{stage:d}" for stage in _CAN_BE_STUCK)
    seconds = int(STUCK_AFTER.total_seconds())
    late = "GREATEST(from_at, due_at + interval '1 microsecond')"
    return f"""
        SELECT step_id, dossier_id, province_code, {PLACE_COLUMNS}, stage, flow, from_at, until_at, due_at,
               CASE WHEN stage = {Stage.IN_HAND:d} AND {late} < COALESCE(until_at, 'infinity') AND due_at IS NOT NULL
                    THEN {late} END AS late_at,
               CASE WHEN stage IN ({stuck}) AND from_at + interval '{seconds} s' < COALESCE(until_at, 'infinity')
                    THEN from_at + interval '{seconds} s' END AS stuck_at
        FROM (SELECT id AS step_id, dossier_id, province_code, {PLACE_COLUMNS}, {_STAGE} AS stage, {_FLOW} AS flow,
                     from_at, lead(from_at) OVER (PARTITION BY dossier_id ORDER BY id) AS until_at, due_at
              FROM (SELECT id, dossier_id, province_code, {PLACE_COLUMNS}, action, to_state, due_at,
                           max(at) OVER so_far AS from_at,
                           bool_or(action = '{_A.FORWARD}') OVER so_far AS is_forwarded
                    FROM intake_dossierstep
                    WHERE procedure_code <> '' AND {condition}
                    WINDOW so_far AS (PARTITION BY dossier_id ORDER BY id)) AS told) AS placed
    """  # noqa: S608  # constants of this module


def changes_of(stays: str) -> str:
    """What each stay of the relation `stays` (with a column `sign`, 1 or -1) changes, and at which moment."""
    return f"""
        SELECT change.moment, stay.province_code, {", ".join(f"stay.{name}" for name in PLACES)},
               {", ".join(f"stay.sign * change.{name} AS {name}" for name in MEASURES)}
        FROM {stays} AS stay CROSS JOIN LATERAL (VALUES
            ({_row("stay.from_at", _began())}),
            ({_row("stay.until_at", _ended())}),
            ({_row("stay.late_at", {"late": "1"})}),
            ({_row("stay.stuck_at", {"stuck": "1"})})
        ) AS change(moment, {COLUMNS})
        WHERE change.moment IS NOT NULL
    """  # noqa: S608  # constants of this module


def changes_between(start: str, end: str) -> str:
    """What the stays that are kept of a province change from `start` to `end`; each kind of moment by its own index."""
    return " UNION ALL ".join(f"""
        SELECT {_row(f"stay.{moment}", values, PLACES)} FROM intake_boardstay stay
        WHERE stay.province_code = %(province)s AND stay.{moment} BETWEEN {start} AND {end}
        """ for moment, values in (  # noqa: S608  # constants of this module
            ("from_at", _began()), ("until_at", _ended()), ("late_at", {"late": "1"}), ("stuck_at", {"stuck": "1"})))


def _row(moment: str, values: Mapping[str, str], places: Sequence[str] = ()) -> str:
    return ", ".join([moment, *(f"stay.{name}" for name in places), *(values.get(name, "0") for name in MEASURES)])


def _began() -> dict[str, str]:
    flows = {"filed": Flow.FILED, "received": Flow.RECEIVED, "resolved": Flow.RESOLVED, "ended": Flow.ENDED}
    counted = {name: f"(stay.flow = {flow:d})::int" for name, flow in flows.items()}
    return counted | _stages("") | {
        "resolved_late": f"(stay.flow = {Flow.RESOLVED:d} AND stay.due_at IS NOT NULL"
                         " AND stay.due_at < stay.from_at)::int",
        "returned": f"(stay.flow = {Flow.RETURNED:d})::int - (stay.flow = {Flow.REOPENED:d})::int"}


def _ended() -> dict[str, str]:
    return _stages("-") | {"late": "-(stay.late_at IS NOT NULL)::int", "stuck": "-(stay.stuck_at IS NOT NULL)::int"}


def _stages(sign: str) -> dict[str, str]:
    return {name: f"{sign}(stay.stage = {stage:d})::int" for stage, name in enumerate(_STAGES, start=1)}


def cells_of(stays: str) -> str:
    """What `stays` (with a column `sign`) change within each hour, a line for every cut that the change is told in."""
    sets = ", ".join(
        f"({', '.join(['province_code', 'hour', *(name for name in PLACES if name in CUT_PLACES[cut])])})"
        for cut in Cut)
    cuts = " ".join(f"WHEN {_left_out(cut)} THEN '{cut}'" for cut in Cut)
    return f"""
        SELECT CASE GROUPING({PLACE_COLUMNS}) {cuts} END AS cut, province_code, hour, centre_id, outlet_id,
               operator_id, COALESCE(procedure_code, '') AS procedure_code, {SUMS}
        FROM (SELECT *, date_trunc('hour', moment, 'UTC') AS hour FROM ({changes_of(stays)}) AS told) AS change
        GROUP BY GROUPING SETS ({sets}) HAVING {IS_SOMETHING}
    """  # noqa: S608  # constants of this module


def _left_out(cut: Cut) -> int:
    """What GROUPING() answers for a line of this cut: a bit for each place that it does not name."""
    return sum(1 << (len(PLACES) - 1 - at) for at, name in enumerate(PLACES) if name not in CUT_PLACES[cut])
