"""Post many delivered parcels in one transaction of a few statements: the lines are those of posting one by one."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any, Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.operations.explanations import explanation_ids
from billing.operations.lines import account_ids
from billing.operations.periods import open_period
from billing.operations.posting import POSTAGE_JOB, ask_for_tariff
from billing.queries.rates import rate_book
from billing.records import DeliveredPostage, PostageCase
from billing.rules.plain_data import case_as_data, steps_as_data
from billing.rules.plans import Plan, postage_plan
from billing.rules.pricing import HEAVIEST_GRAMS
from billing.rules.rates import RateBook
from billing.settlement import statements as sql
from shared.calendar import LOCAL_ZONE
from shared.places import REFORM_DATE
from shared.transactions import operation

CHUNK: Final = 50_000
"""Parcels in one transaction: a stopped run loses at most the chunk it was in."""
_BEGINNING: Final = date(1, 1, 1)

type Fill = Callable[[CursorWrapper], None]
"""Puts parcels into the temporary table `billing_delivered` (statements.DELIVERED), each parcel once."""


def post_many(delivered: Iterable[DeliveredPostage], *, at: datetime) -> int:
    """Post whatever of `delivered` is not posted yet; returns how many lines were made."""
    return sum(post_chunk(fill=_copied(chunk), at=at) for chunk in batched(delivered, CHUNK, strict=False))


@operation
def post_chunk(*, fill: Fill, at: datetime) -> int:
    """Post what `fill` puts in; returns how many lines were made. What somebody else posts meanwhile is left out."""
    with connection.cursor() as cursor:
        cursor.execute(sql.EMPTY)
        cursor.execute(sql.SETTINGS)
        cursor.execute(sql.DELIVERED)
        fill(cursor)
        cursor.execute(sql.ALREADY_POSTED)
        book = rate_book()
        shared = _shared(book)
        cursor.execute(sql.CARDS)
        _open_months(cursor, shared)
        _price(cursor, book, shared)
        return _write(cursor, shared, at)


def _shared(book: RateBook) -> dict[str, Any]:
    """What makes two cases the same one: the weight steps, and the days on which any rule changes."""
    changes = sorted({_BEGINNING, REFORM_DATE, *book.days_of_change()})
    return {"heaviest": HEAVIEST_GRAMS, "steps": book.weight_steps(HEAVIEST_GRAMS), "changes": changes,
            "zone": LOCAL_ZONE.key}


def _price(cursor: CursorWrapper, book: RateBook, shared: dict[str, Any]) -> None:
    cursor.execute(sql.CASES, shared)
    cases = [PostageCase(*row) for row in cursor.fetchall()]
    plans = [postage_plan(case, book) for case in cases]
    accounts = account_ids(leg.account for plan in plans for leg in plan.legs)
    explained = explanation_ids([steps_as_data(plan.steps) for plan in plans])
    priced = zip(cases, plans, explained, strict=True)
    _copy(cursor, sql.COPY_CARDS, (_card(at, *each) for at, each in enumerate(priced)))
    _copy(cursor, sql.COPY_LEGS, ((at, accounts[leg.account.code], leg.amount.amount)
                                  for at, plan in enumerate(plans) for leg in plan.legs))


def _card(at: int, case: PostageCase, plan: Plan, explanation_id: int) -> tuple[object, ...]:
    return (at, case.operator_code, case.direction, case.zone, case.weight_grams, case.on, case.channel,
            case.province_code, case.managed_by_city, case.beneficiary_class, case.borne_by, bool(plan.legs),
            plan.rule, plan.reason_code, *(amount.amount for amount in plan.amounts[:4]), explanation_id,
            _told(case))


def _told(case: PostageCase) -> str:
    """What the evidence says of a case, as JSON left open for the two values that differ within a card."""
    told = {name: value for name, value in case_as_data(case).items() if name not in {"weight_grams", "on"}}
    return json.dumps(told, ensure_ascii=False).removesuffix("}")


def _open_months(cursor: CursorWrapper, shared: dict[str, Any]) -> None:
    cursor.execute(sql.MONTHS, shared)
    # In one order for everybody, so that two settlements never wait for one another crosswise.
    months = sorted(cursor.fetchall())
    _copy(cursor, sql.COPY_MONTHS, [
        (province, operator, month, open_period(province_code=province, operator_code=operator, wanted=month))
        for province, operator, month in months])


def _write(cursor: CursorWrapper, shared: dict[str, Any], at: datetime) -> int:
    who: dict[str, Any] = {"at": at, "kind": str(POSTAGE_JOB.kind), "actor": POSTAGE_JOB.id}
    cursor.execute(sql.ANALYSE)
    cursor.execute(sql.LINES, shared)
    wanted = cursor.rowcount
    cursor.execute(sql.ANALYSE_LINES)
    cursor.execute(sql.CHARGES, who)
    posted = int(cursor.rowcount)
    if posted < wanted:
        cursor.execute(sql.LEAVE_OUT)
    cursor.execute(sql.GROUPS, who)
    cursor.execute(sql.PLAN_AGAIN)
    cursor.execute(sql.LEGS)
    cursor.execute(sql.UNPRICED)
    for number, province, operator in cursor.fetchall():
        ask_for_tariff(reference=number, province_code=province, operator_code=operator, at=at)
    cursor.execute(sql.EMPTY)
    return posted


def _copied(chunk: Sequence[DeliveredPostage]) -> Fill:
    unique = {each.parcel_id: each for each in chunk}

    def fill(cursor: CursorWrapper) -> None:
        _copy(cursor, sql.COPY, (_row(each) for each in unique.values()))

    return fill


def _row(each: DeliveredPostage) -> tuple[object, ...]:
    case = each.case
    return (each.parcel_id, each.parcel_number, each.dossier_code, each.outlet_id, case.operator_code, case.direction,
            case.zone, case.weight_grams, case.on, case.channel, case.province_code, case.managed_by_city,
            case.beneficiary_class, each.delivered_at, each.relation,
            json.dumps(dict(each.evidence), ensure_ascii=False), case.borne_by)


def _copy(cursor: CursorWrapper, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
