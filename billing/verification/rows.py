"""Reading the books for the verifier: by its own SQL, one row after another, however many there are."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction

_AT_ONCE: Final = 2000

type Values = Sequence[Any] | Mapping[str, Any]


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything inside is read as it stood at one moment, and no statement is hurried."""
    is_inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not is_inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


_BY_KEYS: Final = ("enable_hashjoin", "enable_mergejoin", "enable_sort", "enable_seqscan", "enable_presorted_aggregate")
"""The last one, or legs put in order would be looked for in an index of all legs that has that order."""


@contextmanager
def by_keys() -> Iterator[None]:
    """Join row by row along the keys: hashing whole tables would cost their memory, and hold up the first row.

    Whatever statistics there are: books that were just filled may still be thought empty, and be scanned for each row.
    """
    with _without(*_BY_KEYS):
        yield


@contextmanager
def in_one_pass() -> Iterator[None]:
    """Read each table once and never again for each row of another, whatever statistics there are."""
    with _without("enable_nestloop"):
        yield


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {way} = off" for way in ways))
        yield
        cursor.execute("; ".join(f"SET LOCAL {way} = on" for way in ways))


def stream(question: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of `question`, a few thousand in memory at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(question, values)
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some


def rows(question: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """All rows of a question with few answers."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def one(question: str, values: Values = ()) -> Any:
    """The one value of a question that has one."""
    return rows(question, values)[0][0]
