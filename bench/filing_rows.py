"""What one submission writes, as rows: read once from a real one, written again by the floors, key by key.

The floors write the very columns and values of the project's own rows into the project's own tables, with every index,
foreign key, check, trigger and wall in place; only what must differ (ids, references, keys) differs.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from shared.identifiers import spoken_code
from shared.ids import uuid7

ATTACH: Final = ("UPDATE intake_document SET dossier_id = %(dossier)s, component = CASE id WHEN %(first)s"
                 " THEN 'to_khai' ELSE 'giay_chung_sinh' END WHERE id IN (%(first)s, %(second)s)")
CITIZEN: Final = "SELECT id, full_name, phone, street, commune_id FROM intake_citizen WHERE id = %(citizen)s"

# Table: the column that names the dossier, and whether the database numbers its rows.
_TABLES: Final = (("intake_dossier", "id", False), ("intake_dossierstep", "dossier_id", True),
                  ("shared_auditentry", "object_id", True), ("shared_outboxmessage", "stream", True),
                  ("shared_idempotencykey", "", True))


@dataclass(frozen=True, slots=True)
class Statement:
    """An INSERT with its constant values; `varying` names the values that each filing brings."""

    sql: str
    constants: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filing:
    """What a request says."""

    client_ref: str
    citizen_id: str
    session_id: str
    documents: tuple[str, str]
    key: str


def read_statements(connection: psycopg.Connection, dossier_id: str, key: str) -> list[Statement]:
    """One INSERT for each table that the submission of `dossier_id` under the Idempotency-Key `key` wrote to."""
    wheres = {"intake_dossier": ("id = %s", dossier_id), "intake_dossierstep": ("dossier_id = %s", dossier_id),
              "shared_auditentry": ("object_id = %s", dossier_id),
              "shared_outboxmessage": ("stream = %s", f"dossier:{dossier_id}"),
              "shared_idempotencykey": ("key = %s", key)}
    found = []
    for table, _column, is_numbered in _TABLES:
        where, value = wheres[table]
        query = f"SELECT to_jsonb(t) FROM {table} t WHERE {where}"  # noqa: S608 - constants of this module
        rows = [row for (row,) in connection.execute(query.encode(), [value])]
        found.append(_insert(table, rows, is_numbered=is_numbered))
    return found


def _insert(table: str, rows: Sequence[dict[str, Any]], *, is_numbered: bool) -> Statement:
    constants: dict[str, Any] = {}
    columns = [name for name in rows[0] if not (is_numbered and name == "id")]
    tuples = []
    for number, row in enumerate(rows):
        marks = []
        for name in columns:
            varying = _varying(table, name)
            mark = varying or f"{table}_{number}_{name}"
            if not varying:
                constants[mark] = json.dumps(row[name]) if isinstance(row[name], dict | list) else row[name]
            marks.append(f"%({mark})s")
        tuples.append(f"({', '.join(marks)})")
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(tuples)}"  # noqa: S608 - read from the catalogue
    return Statement(sql, constants)


def _varying(table: str, column: str) -> str:
    dossier = next(name for each, name, _ in _TABLES if each == table)
    if column == dossier:
        return "stream" if table == "shared_outboxmessage" else "dossier"
    names = {"client_ref": "client_ref", "agent_ref": "agent_ref", "citizen_id": "citizen", "session_id": "session"}
    if table == "intake_dossier":
        return names.get(column, "")
    return "key" if (table, column) == ("shared_idempotencykey", "key") else ""


def values_of(filing: Filing) -> dict[str, str]:
    """What varies, for one filing."""
    dossier = str(uuid7())
    return {"dossier": dossier, "stream": f"dossier:{dossier}", "client_ref": filing.client_ref,
            "agent_ref": spoken_code(), "citizen": filing.citizen_id, "session": filing.session_id, "key": filing.key,
            "first": filing.documents[0], "second": filing.documents[1]}


def one_statement(statements: Sequence[Statement]) -> Statement:
    """Everything a filing reads and writes as a single statement."""
    parts = [f"w{number} AS ({each.sql} RETURNING 1)" for number, each in enumerate(statements)]
    parts.append(f"attached AS ({ATTACH} RETURNING 1)")
    constants = {name: value for each in statements for name, value in each.constants.items()}
    return Statement(f"WITH {', '.join(parts)} {CITIZEN}", constants)


def in_order(statements: Sequence[Statement]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A statement at a time: the citizen is looked up, each table gets its rows, the papers are attached."""
    yield CITIZEN, {}
    for each in statements:
        yield each.sql, each.constants
    yield ATTACH, {}
