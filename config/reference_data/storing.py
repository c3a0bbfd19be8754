"""Rows into a table in a few statements, whatever their number: COPY to a temporary table, UPDATE, INSERT.

Rows that are already as wanted are not touched. Rules the files no longer name stay: what was once in force
explains old money, so it is ended with `valid_to`, never removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.types.json import Jsonb

from config.reference_data.problems import Problem, ReferenceDataRefused


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows of a kind the files held, and what was done to the database."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.rows + other.rows, self.added + other.added, self.changed + other.changed,
                       self.removed + other.removed)

    @property
    def is_unchanged(self) -> bool:
        return not (self.added or self.changed or self.removed)


def store(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    part_of: str = "",
    fixed: Sequence[str] = (),
) -> Outcome:
    """Make the table of `model` hold `rows`, found again by `key`; must run inside a transaction.

    All rows name the same columns (database names). Versions that exist are ended before newer ones are added.
    With `part_of`, rows of the same parent (that column) which are not among `rows` are removed.

    Raises:
        ReferenceDataRefused: a row would change one of its `fixed` columns.
    """
    if not rows:
        return Outcome()
    columns = list(rows[0])
    others = [column for column in columns if column not in key]
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        _stage(cursor, table, columns, rows)
        if fixed:
            _refuse_changes(cursor, model, key, fixed)
        removed = _remove(cursor, table, key, part_of) if part_of else 0
        changed = _update(cursor, table, key, others) if others else 0
        added = _insert(cursor, table, columns, key)
        cursor.execute("DROP TABLE staged")
    return Outcome(len(rows), added, changed, removed)


def _stage(cursor: Any, table: sql.Identifier, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    names = _list(columns)
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE staged AS SELECT {} FROM {} WITH NO DATA").format(names, table))
    cursor.execute("ALTER TABLE staged ADD COLUMN staged_order integer GENERATED ALWAYS AS IDENTITY")
    with cursor.copy(sql.SQL("COPY staged ({}) FROM STDIN").format(names)) as copy:
        for row in rows:
            copy.write_row([_plain(row[column]) for column in columns])


def _plain(value: object) -> object:
    """JSON columns come as dictionaries or lists of them, array columns as tuples."""
    if isinstance(value, tuple):
        return list(value)
    return Jsonb(value) if isinstance(value, dict | list) else value


def _refuse_changes(cursor: Any, model: type[models.Model], key: Sequence[str], fixed: Sequence[str]) -> None:
    cursor.execute(sql.SQL("SELECT {names} FROM {table} AS kept JOIN staged ON {same} WHERE {differs}").format(
        names=_list(key, "kept"), table=sql.Identifier(model._meta.db_table), same=_same(key), differs=_differs(fixed)))
    problems = [
        Problem(model._meta.db_table, None, _(
            "%(rule)s is in the database with other figures. A version that exists is not rewritten: end it with "
            "valid_to and add the new figures as a new version; or, while nothing was charged by it, load with "
            "--correct."
        ) % {"rule": " ".join(map(str, found))})
        for found in cursor.fetchall()
    ]
    if problems:
        raise ReferenceDataRefused(problems)


def _remove(cursor: Any, table: sql.Identifier, key: Sequence[str], part_of: str) -> int:
    cursor.execute(sql.SQL(
        "DELETE FROM {table} AS kept WHERE {parent} IN (SELECT {parent} FROM staged)"
        " AND NOT EXISTS (SELECT FROM staged WHERE {same})"
    ).format(table=table, parent=sql.Identifier(part_of), same=_same(key)))
    return int(cursor.rowcount)


def _update(cursor: Any, table: sql.Identifier, key: Sequence[str], others: Sequence[str]) -> int:
    assignments = sql.SQL(", ").join(sql.SQL("{0} = staged.{0}").format(sql.Identifier(name)) for name in others)
    cursor.execute(sql.SQL("UPDATE {table} AS kept SET {assignments} FROM staged WHERE {same} AND {differs}").format(
        table=table, assignments=assignments, same=_same(key), differs=_differs(others)))
    return int(cursor.rowcount)


def _insert(cursor: Any, table: sql.Identifier, columns: Sequence[str], key: Sequence[str]) -> int:
    cursor.execute(sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {staged} FROM staged"
        " WHERE NOT EXISTS (SELECT FROM {table} AS kept WHERE {same}) ORDER BY staged_order"
    ).format(table=table, names=_list(columns), staged=_list(columns, "staged"), same=_same(key)))
    return int(cursor.rowcount)


def _same(key: Sequence[str]) -> sql.Composed:
    return sql.SQL(" AND ").join(sql.SQL("kept.{0} = staged.{0}").format(sql.Identifier(name)) for name in key)


def _differs(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL("({}) IS DISTINCT FROM ({})").format(_list(columns, "kept"), _list(columns, "staged"))


def _list(columns: Sequence[str], table: str = "") -> sql.Composed:
    prefix = (table,) if table else ()
    return sql.SQL(", ").join(sql.Identifier(*prefix, column) for column in columns)
