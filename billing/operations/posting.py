"""A delivered parcel's postage and an outlet's work enter the books, once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError

from billing.operations.lines import Line, is_posted, line_of_act, line_of_parcel, post, told_twice
from billing.queries.rates import rate_book
from billing.records import CompensableAct, DeliveredPostage
from billing.rules.plans import Plan, compensation_plan, postage_plan
from shared import work
from shared.actors import Actor, job
from shared.calendar import local
from shared.roles import Role
from shared.transactions import operation

POSTAGE_JOB: Final = job("post_postage")
WORK_JOB: Final = job("record_act")
UNPRICED: Final = "parcel-without-tariff"
"""Work item of finance: a delivered parcel for which no tariff has a price."""


def post_postage(delivered: DeliveredPostage, *, at: datetime) -> None:
    """Post what the trip cost whom, in the month of its delivery. The same parcel told again changes nothing."""
    _once(line_of_parcel(delivered), postage_plan(delivered.case, rate_book()), by=POSTAGE_JOB, at=at)


def record_act(act: CompensableAct, *, at: datetime) -> None:
    """Count the work and accrue what its norm pays. The same act told again changes nothing."""
    plan = compensation_plan(task=act.task, province_code=act.province_code, operator_code=act.operator_code,
                             on=local(act.happened_at).date(), book=rate_book(),
                             evidence=act.evidence)
    _once(line_of_act(act), plan, by=WORK_JOB, at=at)


def _once(line: Line, plan: Plan, *, by: Actor, at: datetime) -> None:
    """Two tellers at the same moment: the database keeps the first, and the second has nothing left to say."""
    try:
        _post(line, plan, by=by, at=at)
    except IntegrityError as error:
        if not told_twice(error):
            raise


@operation
def _post(line: Line, plan: Plan, *, by: Actor, at: datetime) -> None:
    if is_posted(line):
        return
    post(line, plan, by=by, at=at)
    if plan.reason_code == "no-tariff":
        ask_for_tariff(reference=line.parcel_number, province_code=line.province_code,
                       operator_code=line.operator_code, at=at)


def ask_for_tariff(*, reference: str, province_code: str, operator_code: str, at: datetime) -> None:
    """Give finance the parcel `reference`, for which no tariff has a price."""
    work.open_item(kind=UNPRICED, reference=reference, owner_role=Role.FINANCE_REVIEWER, owner_place=province_code,
                   at=at, due_at=at + timedelta(days=3), detail={"operator_code": operator_code})
