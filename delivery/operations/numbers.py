"""Parcel numbers: allotted to operators in ranges, passed on to outlets, given out one by one, never twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from agents import public as agents
from delivery.errors import MayNotHandNumbers, NumberPoolExhausted, NumberPoolNotFound, NumberRangeTaken, NumbersRefused
from delivery.models.parcels import NumberPool
from delivery.rules.number_forms import FORMS, form_of
from shared import audit, work
from shared.actors import Actor
from shared.calendar import CLOSING, at_local, local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

LOW_WATER: Final = 500
"""With this many numbers left the operator must ask for a new range; a busy outlet uses a hundred a day."""
OUTLET_LOW_WATER: Final = 50
"""With this many left of an outlet's own numbers it gets more; until then it takes those of its operator."""
LAST_SERIAL: Final = 99_999_999
MAY_HAND_OUT: Final = frozenset({Role.OPERATOR_HQ, Role.ADMINISTRATOR})
KINDS: Final = ("number-pool-low", "number-pool-empty")


@operation
def allot_numbers(
    *, operator_code: str, first_serial: int, last_serial: int, by: Actor, at: datetime, service: str = "RR"
) -> NumberPool:
    """Give an operator the serials from `first_serial` to `last_serial`. The same range again changes nothing.

    Raises:
        MayNotHandNumbers: `by` is neither of this operator's headquarters nor an administrator.
        NumbersRefused: that is no range of serials, or no service.
        NumberRangeTaken: a part of the range was allotted before.
    """
    _must_answer_for(operator_code, by)
    _check_range(service, first_serial, last_serial)
    bounds = {"first_serial": first_serial, "last_serial": last_serial}
    asked = {"operator_code": operator_code, "service": service, **bounds}
    known = NumberPool.objects.filter(**asked, outlet_id=None, recalled_at=None).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            pool = NumberPool.objects.create(
                **asked, form=form_of(operator_code).code, next_serial=first_serial, allotted_at=at)
    except IntegrityError as error:
        if "number_pool_ranges_apart" not in str(error):
            raise
        raise NumberRangeTaken(_("Choose a range that no operator holds.")) from error
    audit.record(
        actor=by, action="numbers.allot", object_type="number_pool", object_id=pool.id, at=at, after=asked
    )
    _settle_warnings(operator_code, service, None, by, at)
    return pool


@operation
def hand_numbers_to_outlet(*, pool_id: int, outlet_id: UUID, count: int, by: Actor, at: datetime) -> NumberPool:
    """Set `count` numbers of an operator's range aside for one of its outlets: the last ones that are still free.

    Raises:
        NumberPoolNotFound: no such range, or another operator's.
        NumbersRefused: there are not so many left, it is an outlet's already, or the outlet is another operator's.
    """
    pool = _locked(pool_id, by)
    outlet = next((each for each in agents.outlets_of_operator(_operator_id(pool.operator_code))
                   if each.id == outlet_id), None)
    wrong = ErrorCollector()
    if outlet is None:
        wrong.add("/outlet_id", "unknown", _("Choose an outlet of this operator."))
    if pool.outlet_id is not None:
        wrong.add("/pool_id", "taken", _("These numbers are an outlet's already."))
    if not 1 <= count <= pool.left:
        wrong.add("/count", "range", _("Between 1 and the %(left)s numbers that are left.") % {"left": pool.left})
    wrong.raise_if_any(NumbersRefused)
    given = _cut_off_the_end(pool, count, outlet_id, at)
    audit.record(
        actor=by, action="numbers.hand_to_outlet", object_type="number_pool", object_id=given.id, at=at,
        after={"outlet_id": str(outlet_id), "first_serial": given.first_serial, "last_serial": given.last_serial},
    )  # fmt: skip
    _settle_warnings(given.operator_code, given.service, outlet_id, by, at)
    _warn(pool.operator_code, pool.service, None, at)
    return given


def _cut_off_the_end(pool: NumberPool, count: int, outlet_id: UUID, at: datetime) -> NumberPool:
    if count == pool.size:
        pool.outlet_id, pool.allotted_at = outlet_id, at
        pool.save(update_fields=["outlet_id", "allotted_at"])
        return pool
    last = pool.last_serial
    pool.last_serial = last - count
    pool.save(update_fields=["last_serial"])
    return _sibling(pool, last - count + 1, last, outlet_id=outlet_id, allotted_at=at)


@operation
def recall_numbers(*, pool_id: int, reason: str, by: Actor, at: datetime, first_serial: int | None = None,
                   last_serial: int | None = None) -> NumberPool:
    """Take numbers that were not given yet out of use for ever: all that are left of the range, or those between.

    Recalled numbers keep their row, so that they are never allotted again; parcels that have a number keep it.

    Raises:
        NumberPoolNotFound: no such range, or another operator's.
        NumbersRefused: there is no reason, or those numbers are not all free.
    """
    pool = _locked(pool_id, by)
    first = pool.next_serial if first_serial is None else first_serial
    last = pool.last_serial if last_serial is None else last_serial
    why = clean(reason)[:200]
    wrong = ErrorCollector()
    if not why:
        wrong.add("/reason", "required", _("Say why; whoever finds such a label later will ask."))
    if pool.recalled_at is not None or not pool.next_serial <= first <= last <= pool.last_serial:
        wrong.add("/first_serial", "range", _("Only numbers that no parcel has yet can be recalled."))
    wrong.raise_if_any(NumbersRefused)
    recalled = _set_apart(pool, first, last)
    recalled.recalled_at, recalled.recalled_because = at, why
    recalled.save(update_fields=["recalled_at", "recalled_because"])
    audit.record(
        actor=by, action="numbers.recall", object_type="number_pool", object_id=recalled.id, at=at,
        after={"first_serial": first, "last_serial": last}, reason=why,
    )  # fmt: skip
    _warn(pool.operator_code, pool.service, pool.outlet_id, at)
    return recalled


def _set_apart(pool: NumberPool, first: int, last: int) -> NumberPool:
    """The serials from `first` to `last` as a row of their own; what lies before and behind keeps its own."""
    begin, end, following = pool.first_serial, pool.last_serial, pool.next_serial
    pieces = [(a, b) for a, b in ((begin, first - 1), (first, last), (last + 1, end)) if a <= b]
    rows = {}
    for index, (a, b) in enumerate(pieces):
        if index == 0:
            pool.last_serial, pool.next_serial = b, min(following, b + 1)
            pool.save(update_fields=["last_serial", "next_serial"])
            rows[a] = pool
        else:
            rows[a] = _sibling(pool, a, b, outlet_id=pool.outlet_id, allotted_at=pool.allotted_at)
    return rows[first]


def _sibling(pool: NumberPool, first: int, last: int, *, outlet_id: UUID | None,
             allotted_at: datetime | None) -> NumberPool:
    return NumberPool.objects.create(
        operator_code=pool.operator_code, service=pool.service, form=pool.form, first_serial=first, next_serial=first,
        last_serial=last, outlet_id=outlet_id, allotted_at=allotted_at)


def next_number(operator_code: str, service: str, at: datetime, outlet_id: UUID | None = None) -> str:
    """Take the next number: the outlet's own, else the operator's; its pool stays locked until the transaction ends.

    Raises:
        NumberPoolExhausted: no range has a number left.
    """
    pool = _lock_pool(operator_code, service, outlet_id)
    number = FORMS[pool.form].number(service, pool.next_serial)
    pool.next_serial += 1
    pool.save(update_fields=["next_serial"])
    if pool.left <= low_water(pool.outlet_id):
        _warn(operator_code, service, pool.outlet_id, at)
    return number


def lock_numbers(operator_code: str, service: str, outlet_id: UUID | None = None) -> None:
    """Wait until nobody else books with the numbers that the outlet would take next.

    Raises:
        NumberPoolExhausted: no range has a number left.
    """
    _lock_pool(operator_code, service, outlet_id)


def _lock_pool(operator_code: str, service: str, outlet_id: UUID | None) -> NumberPool:
    """The first range with numbers left, locked. Waiting for the lock may use the range up, so look again."""
    mine = Q(outlet_id=None) if outlet_id is None else Q(outlet_id=None) | Q(outlet_id=outlet_id)
    pools = _open_pools(operator_code, service).filter(mine, next_serial__lte=F("last_serial"))
    in_turn = pools.order_by(F("outlet_id").asc(nulls_last=True), "first_serial")
    while (candidate := in_turn.values_list("id", flat=True).first()) is not None:
        pool = pools.select_for_update().filter(id=candidate).first()
        if pool is not None:
            return pool
    raise NumberPoolExhausted(
        _("Ask the operator's headquarters to allot a new range of numbers."), operator=operator_code, service=service
    )


def _open_pools(operator_code: str, service: str) -> QuerySet[NumberPool]:
    return NumberPool.objects.filter(operator_code=operator_code, service=service, recalled_at=None)


def numbers_left(operator_code: str, service: str, outlet_id: UUID | None = None) -> int:
    """Of the operator's common ranges, or of those of one outlet."""
    left = Sum(F("last_serial") - F("next_serial") + 1, default=0)
    pools = _open_pools(operator_code, service).filter(outlet_id=outlet_id)
    return int(pools.aggregate(left=left)["left"])


def low_water(outlet_id: UUID | None) -> int:
    return LOW_WATER if outlet_id is None else OUTLET_LOW_WATER


def _warn(operator_code: str, service: str, outlet_id: UUID | None, at: datetime) -> None:
    left = numbers_left(operator_code, service, outlet_id)
    if left >= low_water(outlet_id):
        return
    due = at_local(work_calendar().next_working(local(at).date()), CLOSING)
    work.open_item(
        kind="number-pool-low" if left else "number-pool-empty",
        reference=_reference(operator_code, service, outlet_id),
        owner_role="operator_hq", owner_place=operator_code, at=at, due_at=due, detail={"left": left},
    )  # fmt: skip


def _settle_warnings(operator_code: str, service: str, outlet_id: UUID | None, by: Actor, at: datetime) -> None:
    if numbers_left(operator_code, service, outlet_id) < low_water(outlet_id):
        return
    for kind in KINDS:
        work.close_item(kind=kind, reference=_reference(operator_code, service, outlet_id), by=by.id, at=at,
                        outcome="a new range was allotted")


def _reference(operator_code: str, service: str, outlet_id: UUID | None) -> str:
    outlet = f":{agents.get_outlet(outlet_id).code}" if outlet_id is not None else ""
    return f"{operator_code}:{service}{outlet}"


def _locked(pool_id: int, by: Actor) -> NumberPool:
    pool = NumberPool.objects.select_for_update().filter(id=pool_id).first()
    if pool is None or not answers_for(pool.operator_code, by):
        raise NumberPoolNotFound
    return pool


def answers_for(operator_code: str, by: Actor) -> bool:
    """Whether `by` hands out this operator's numbers: its headquarters, an administrator, the house itself."""
    if by.kind == "job" or by.role == Role.ADMINISTRATOR:
        return True
    return by.role == Role.OPERATOR_HQ and any(
        each.code == operator_code and each.id == by.operator_id for each in _operators())


def _must_answer_for(operator_code: str, by: Actor) -> None:
    if not answers_for(operator_code, by):
        raise MayNotHandNumbers


def _check_range(service: str, first: int, last: int) -> None:
    wrong = ErrorCollector()
    if not (len(service) == 2 and service.isascii() and service.isalpha() and service.isupper()):
        wrong.add("/service", "not-a-service", _("A service is two capital letters, such as RR or EH."))
    if not 0 <= first <= LAST_SERIAL:
        wrong.add("/first_serial", "range", _("A serial has at most eight digits."))
    if not first <= last <= LAST_SERIAL:
        wrong.add("/last_serial", "range", _("The last serial follows the first and has at most eight digits."))
    wrong.raise_if_any(NumbersRefused)


def _operators() -> Iterable[agents.OperatorInfo]:
    return agents.operators()


def _operator_id(operator_code: str) -> UUID:
    return next(each.id for each in _operators() if each.code == operator_code)
