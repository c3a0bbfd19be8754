"""S10 numbers: allotted to operators in ranges, given out one by one, never twice."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from delivery.errors import NumberPoolExhausted, NumberRangeTaken
from delivery.models.parcels import NumberPool
from shared import audit, work
from shared.actors import Actor
from shared.calendar import CLOSING, at_local, local
from shared.identifiers import s10_number
from shared.transactions import operation
from shared.working_days import work_calendar

LOW_WATER: Final = 500
"""With this many numbers left the operator must ask for a new range; a busy outlet uses a hundred a day."""


@operation
def allot_numbers(
    *, operator_code: str, first_serial: int, last_serial: int, by: Actor, at: datetime, service: str = "RR"
) -> NumberPool:
    """Give an operator the S10 serials from `first_serial` to `last_serial`. The same range again changes nothing.

    Raises:
        NumberRangeTaken: a part of the range was allotted before.
    """
    bounds = {"first_serial": first_serial, "last_serial": last_serial}
    asked = {"operator_code": operator_code, "service": service, **bounds}
    known = NumberPool.objects.filter(**asked).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            pool = NumberPool.objects.create(**asked, next_serial=first_serial)
    except IntegrityError as error:
        if "number_pool_ranges_apart" not in str(error):
            raise
        raise NumberRangeTaken(_("Choose a range that no operator holds.")) from error
    audit.record(
        actor=by, action="numbers.allot", object_type="number_pool", object_id=pool.id, at=at, after=asked
    )
    for kind in ("number-pool-low", "number-pool-empty"):
        reference = f"{operator_code}:{service}"
        work.close_item(kind=kind, reference=reference, by=by.id, at=at, outcome="a new range was allotted")
    return pool


def next_number(operator_code: str, service: str, at: datetime) -> str:
    """Take the operator's next S10 number; its pool stays locked until the caller's transaction ends.

    Raises:
        NumberPoolExhausted: no range has a number left.
    """
    pool = _lock_pool(operator_code, service)
    number = s10_number(service, pool.next_serial)
    pool.next_serial += 1
    pool.save(update_fields=["next_serial"])
    if pool.last_serial - pool.next_serial < LOW_WATER:
        _warn(operator_code, service, at)
    return number


def lock_numbers(operator_code: str, service: str) -> None:
    """Wait until nobody else books for this operator.

    Raises:
        NumberPoolExhausted: no range has a number left.
    """
    _lock_pool(operator_code, service)


def _lock_pool(operator_code: str, service: str) -> NumberPool:
    """The first range with numbers left, locked. Waiting for the lock may use the range up, so look again."""
    pools = NumberPool.objects.filter(operator_code=operator_code, service=service, next_serial__lte=F("last_serial"))
    while (candidate := pools.order_by("first_serial").values_list("id", flat=True).first()) is not None:
        pool = pools.select_for_update().filter(id=candidate).first()
        if pool is not None:
            return pool
    raise NumberPoolExhausted(
        _("Ask the operator's headquarters to allot a new range of numbers."), operator=operator_code, service=service
    )


def numbers_left(operator_code: str, service: str) -> int:
    left = Sum(F("last_serial") - F("next_serial") + 1, default=0)
    pools = NumberPool.objects.filter(operator_code=operator_code, service=service)
    return int(pools.aggregate(left=left)["left"])


def _warn(operator_code: str, service: str, at: datetime) -> None:
    left = numbers_left(operator_code, service)
    if left >= LOW_WATER:
        return
    due = at_local(work_calendar().next_working(local(at).date()), CLOSING)
    work.open_item(
        kind="number-pool-low" if left else "number-pool-empty", reference=f"{operator_code}:{service}",
        owner_role="operator_hq", owner_place=operator_code, at=at, due_at=due, detail={"left": left},
    )  # fmt: skip
