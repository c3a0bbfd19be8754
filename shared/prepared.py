"""Statements that the server keeps ready, several of them in one message: for what is asked many times a second.

Planning a short statement over walled tables costs PostgreSQL more than running it, and each message to and fro costs
as much again. Everything else goes through Django's own cursors.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, Final

import psycopg
from django.db import connection

type Statement = tuple[str, Mapping[str, Any]]
"""SQL with `%(name)s`, and their values as PostgreSQL is to get them: nothing is written into the text."""

_AT_ONCE: Final = 1
"""Prepared when it is seen for the first time."""


def run(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """Run them in order, in the transaction that is open; the rows of each.

    Raises:
        django.db.Error: as Django's cursors do; the others of the message are not run.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    line = connection.connection
    line.prepare_threshold = _AT_ONCE
    if connection.queries_logged:
        connection.queries_log.extend({"sql": sql, "time": "0"} for sql, _values in statements)
    with connection.wrap_database_errors:
        cursors = [psycopg.Cursor(line) for _statement in statements]
        with line.pipeline() if len(statements) > 1 else nullcontext():
            for cursor, (sql, values) in zip(cursors, statements, strict=True):
                cursor.execute(sql, values)
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
