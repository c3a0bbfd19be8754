"""The cases of a measure: counted for every outlet of a city at once, or listed for one. Always the same SQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from agents.quality import ports
from agents.quality.models import ScoreAppeal
from agents.quality.ports import Fault, Source
from agents.quality.rules import SPARES, Counted, Measure, forward_limit, month_bounds
from shared.calendar import MORNING, SAME_DAY_CUTOFF, at_local, local
from shared.working_days import work_calendar

MOST_LISTED: Final = 500
_AROUND: Final = timedelta(days=31)
"""Further than the time of a case reaches over the ends of its month."""

_MARKED: Final = """
    WITH fault AS (SELECT * FROM unnest(%(fault_no)s::int[], %(fault_outlet)s::uuid[], %(fault_since)s::timestamptz[],
                                        %(fault_until)s::timestamptz[]) AS f(no, outlet_id, since, until)),
         spare AS (SELECT * FROM unnest(%(spare_outlet)s::uuid[], %(spare_key)s::text[]) AS s(outlet_id, key)),
         unit AS ({source}),
         marked AS (
            SELECT unit.*, hit.no AS fault_no,
                   NOT ok AND hit.no IS NULL AND EXISTS (
                       SELECT 1 FROM spare WHERE spare.outlet_id = unit.outlet_id
                       AND (spare.key = '' OR spare.key = unit.key)) AS is_spared
            FROM unit LEFT JOIN LATERAL (
                SELECT fault.no FROM fault WHERE NOT unit.ok AND fault.since <= unit.until AND fault.until >= unit.since
                AND (fault.outlet_id IS NULL OR fault.outlet_id = unit.outlet_id)
                ORDER BY fault.since, fault.no LIMIT 1) hit ON TRUE
            WHERE unit.outlet_id IS NOT NULL AND (%(outlet)s::uuid IS NULL OR unit.outlet_id = %(outlet)s::uuid))
"""
_COUNT: Final = """
    SELECT outlet_id, ok, fault_no, is_spared, count(*), coalesce(sum(amount), 0)::bigint
    FROM marked GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_LIST: Final = """
    SELECT key, subject, reference, ok, amount, since, fault_no, is_spared FROM marked
    ORDER BY ok, fault_no IS NOT NULL, is_spared, since NULLS LAST, key LIMIT %(most)s
"""
_MISSES: Final = """
    SELECT key FROM marked WHERE NOT ok AND fault_no IS NULL AND NOT is_spared AND key = ANY(%(keys)s::text[])
"""
_LAST: Final = " SELECT max(since) FROM marked"


@dataclass(frozen=True, slots=True)
class Period:
    """What is counted: a city's time, as it is known at `now`."""

    province_code: str
    since: datetime
    until: datetime
    now: datetime

    @classmethod
    def of_month(cls, province_code: str, month: date, now: datetime) -> "Period":
        return cls(province_code, *month_bounds(month), now)

    @property
    def params(self) -> dict[str, Any]:
        days = [local(self.since).date() + timedelta(days=n) for n in range((self.until - self.since).days + 1)]
        calendar = work_calendar()
        return {"province": self.province_code, "since": self.since, "until": self.until, "now": self.now,
                "today": local(self.now).date(), "days": days,
                "limits_early": [forward_limit(local(at_local(day, MORNING[0])), calendar) for day in days],
                "limits_late": [forward_limit(local(at_local(day, SAME_DAY_CUTOFF)), calendar) for day in days]}


@dataclass(frozen=True, slots=True)
class Found:
    """One outlet's cases of one measure."""

    counted: Counted
    amount: int
    by_fault: Mapping[int, int]
    """Number of the fault → how many misses it took out."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `fault` and `is_spared` say why a miss does not count."""

    key: str
    subject: UUID | None
    reference: str
    is_met: bool
    amount: int
    at: datetime | None
    fault: Fault | None
    is_spared: bool

    @property
    def counts_against(self) -> bool:
        return not (self.is_met or self.is_spared or self.fault is not None)


def spared(month: date, measure: Measure, province_code: str) -> list[tuple[UUID, str]]:
    """Outlet and key of what waits for a decision or was upheld; an empty key spares every miss."""
    rows = ScoreAppeal.objects.filter(province_code=province_code, score__month=month, measure=measure,
                                      state__in=sorted(SPARES)).values_list("outlet_id", "cases").order_by("id")
    return [(outlet_id, key) for outlet_id, cases in rows for key in (cases or [""])]


def faults_in(period: Period) -> tuple[Fault, ...]:
    """What was down meanwhile, as far as it is known; its order numbers them.

    A case of the month may have begun before it, and its time may run out after it.
    """
    since, until = period.since - _AROUND, min(period.until + _AROUND, max(period.now, period.since))
    return tuple(ports.faults_of(period.province_code, since, until))


@dataclass(frozen=True, slots=True)
class Look:
    """What is counted or listed: a period, for all outlets of the city or one, with what is taken out."""

    period: Period
    faults: Sequence[Fault] = ()
    spares: Sequence[tuple[UUID, str]] = ()
    outlet_id: UUID | None = None


def count(measure: Measure, look: Look) -> dict[UUID, Found]:
    """Every outlet that has a case, in one statement."""
    found: dict[UUID, Found] = {}
    for outlet, is_met, fault, is_spared, cases, amount in _rows(_COUNT, measure, look):
        before = found.get(outlet) or Found(Counted(), 0, {})
        kind = "met" if is_met else "faulty" if fault is not None else "spared" if is_spared else "missed"
        by_fault = dict(before.by_fault) | ({fault: cases} if fault is not None else {})
        counted = replace(before.counted, **{kind: getattr(before.counted, kind) + cases})
        found[outlet] = Found(counted, before.amount + amount, by_fault)
    return found


def listed(measure: Measure, look: Look) -> list[Case]:
    """One outlet's cases, misses first; at most MOST_LISTED."""
    return [Case(key, subject, reference, is_met, amount, since,
                 look.faults[fault] if fault is not None else None, is_spared)
            for key, subject, reference, is_met, amount, since, fault, is_spared in _rows(_LIST, measure, look)]


def misses(measure: Measure, look: Look, keys: Collection[str]) -> set[str]:
    """Those of the keys that count against the outlet."""
    return {key for key, in _rows(_MISSES, measure, look, keys)}


def last_at(measure: Measure, look: Look) -> datetime | None:
    """When the newest case was."""
    found = next(iter(_rows(_LAST, measure, look)), (None,))
    newest: datetime | None = found[0]
    return newest


def _rows(select: str, measure: Measure, look: Look, keys: Collection[str] = ()) -> Iterator[tuple[Any, ...]]:
    source: Source | None = ports.source_of(measure)
    if source is None:
        return
    faults, spares = look.faults, look.spares
    params = look.period.params | dict(source.params) | {
        "outlet": look.outlet_id, "most": MOST_LISTED, "keys": list(keys),
        "fault_no": list(range(len(faults))), "fault_outlet": [each.outlet_id for each in faults],
        "fault_since": [each.since for each in faults], "fault_until": [each.until for each in faults],
        "spare_outlet": [outlet for outlet, _ in spares], "spare_key": [key for _, key in spares]}
    with connection.cursor() as cursor:
        # The source is a constant of the house, registered when it starts; nothing of a request is in it.
        cursor.execute(_MARKED.replace("{source}", source.sql) + select, params)
        yield from cursor.fetchall()
