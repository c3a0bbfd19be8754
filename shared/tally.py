"""Several counts in one statement: a page asks once how much waits at all places of its rail."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

_NOTHING: Final[tuple[str, tuple[Any, ...]]] = ("SELECT 0", ())


def tally(rows: Sequence[QuerySet[Any]]) -> list[int]:
    """How many each of `rows` finds, in their order; one query for all, none for none.

    Scope holds as it does for every query of the same connection: what the rows may not see is not counted.
    """
    if not rows:
        return []
    counts = [_count_of(each) for each in rows]
    statement = "SELECT " + ", ".join(f"({sql})" for sql, _params in counts)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _sql, params in counts for value in params])
        return [int(count) for count in cursor.fetchone() or ()]


def _count_of(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    unordered = rows if rows.query.is_sliced else rows.order_by()
    try:
        sql, params = unordered.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return _NOTHING
    return f"SELECT count(*) FROM ({sql}) AS found", tuple(params)  # noqa: S608  # Django's own SQL, its values apart
