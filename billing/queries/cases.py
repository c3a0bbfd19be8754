"""What the amounts of lines depend on, as one JSON value beside the kind: lines that say the same are priced once.

Postage that differs only in grams within one weight step, and anything that differs only in the day within one state of
the rules, costs the same.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from billing.rules.plain_data import WORK_FACTS, case_from_data
from billing.rules.plans import COMPENSATION, POSTAGE, Plan, compensation_plan, postage_plan
from billing.rules.pricing import HEAVIEST_GRAMS
from billing.rules.rates import RateBook
from shared.calendar import LOCAL_ZONE
from shared.places import REFORM_DATE

_BEGINNING: Final = date(1, 1, 1)
_GRAMS: Final = "(c.evidence -> 'case' ->> 'weight_grams')::int"
LOCAL_DAY: Final = "(c.occurred_at AT TIME ZONE %(zone)s)::date"
POSTAGE_DAY: Final = "(c.evidence -> 'case' ->> 'on')::date"


def _state(day: str) -> str:
    return f"(%(changes)s::date[])[width_bucket({day}, %(changes)s::date[])]"


KIND: Final = "split_part(c.kind, '#', 1)"
WHAT: Final = f"""CASE WHEN c.kind LIKE 'postage%%' THEN c.evidence -> 'case' || jsonb_build_object(
        'on', {_state(POSTAGE_DAY)}, 'weight_grams', CASE WHEN {_GRAMS} BETWEEN 1 AND %(heaviest)s
            THEN (%(steps)s::int[])[width_bucket({_GRAMS} - 1, %(steps)s::int[]) + 1] ELSE {_GRAMS} END)
    ELSE jsonb_build_object('operator_code', c.operator_code, 'on', {_state(LOCAL_DAY)})
        || coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(c.evidence) WHERE key = ANY(%(facts)s)),
                    '{{}}')
    END"""  # noqa: S608  # our own fragments
"""Of `billing_charge c`; together with KIND it says what a line of this kind costs. Parameters: `shared_by`."""


def shared_by(book: RateBook) -> dict[str, Any]:
    """What makes two cases the same one by the rules of `book`: its weight steps and the days on which one changes."""
    norms = {day for norm in book.norms for day in (norm.valid_from, norm.valid_to) if day is not None}
    return {"heaviest": HEAVIEST_GRAMS, "steps": book.weight_steps(HEAVIEST_GRAMS), "zone": LOCAL_ZONE.key,
            "changes": sorted({_BEGINNING, REFORM_DATE, *book.days_of_change(), *norms}), "facts": list(WORK_FACTS)}


def plan_of(kind: str, what: Mapping[str, Any], *, province_code: str, book: RateBook) -> Plan:
    """What a line of `kind` that says `what` comes to by `book`."""
    day = date.fromisoformat(what["on"])
    if kind == POSTAGE:
        return postage_plan(case_from_data(what), book)
    return compensation_plan(task=kind.removeprefix(COMPENSATION), province_code=province_code,
                             operator_code=what["operator_code"], on=day, book=book, evidence=what)


def loaded(what: Any) -> dict[str, Any]:
    """`what` as a cursor gives it."""
    data: dict[str, Any] = json.loads(what) if isinstance(what, str) else dict(what)
    return data


def dumped(what: Mapping[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False)
