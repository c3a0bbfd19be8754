"""Which month a line counts in. A month that was prepared takes no more lines: they go to the next open one."""

from datetime import date
from hashlib import blake2b

from django.db import connection

from billing.models.statements import Statement, StatementState
from billing.rules.periods import month_after


def open_period(*, province_code: str, operator_code: str, wanted: date) -> date:
    """`wanted`, or the first open month after it, held open until the caller's transaction ends.

    Many may post into a month at once; preparing its statement waits for them, and they for it.
    """
    period = wanted
    while True:
        hold_open(province_code=province_code, operator_code=operator_code, period=period)
        month = Statement.objects.filter(province_id=province_code, operator_code=operator_code, period=period)
        state = month.values_list("state", flat=True).first()
        if state is None:
            Statement.objects.bulk_create(
                [Statement(province_id=province_code, operator_code=operator_code, period=period)],
                ignore_conflicts=True)
        if state in {None, StatementState.OPEN}:
            return period
        period = month_after(period)


def hold_open(*, province_code: str, operator_code: str, period: date) -> None:
    _lock("pg_advisory_xact_lock_shared", province_code, operator_code, period)


def hold_alone(*, province_code: str, operator_code: str, period: date) -> None:
    """Wait until nobody posts into the month any more, and keep others out until the transaction ends."""
    _lock("pg_advisory_xact_lock", province_code, operator_code, period)


def _lock(function: str, *key: object) -> None:
    digest = blake2b("|".join(("billing-period", *map(str, key))).encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int.from_bytes(digest, signed=True)])
