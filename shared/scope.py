"""The second wall: PostgreSQL itself shows a connection only the rows of the actor it works for.

Queries are scoped first by the code (`seen_by`); row-level security stands behind them, so that a forgotten filter
shows nothing instead of everything. A web connection starts out seeing nothing; workers, commands and tests see
everything (their connections say so, config/settings.py). Policies are in the apps' migrations, made by `policy_sql`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import local
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from shared.actors import Actor
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

_NAMES: Final = ("scope", "outlet", "operator", "centre", "province", "home")
_SET: Final = "SELECT " + ", ".join(f"set_config('app.{name}', %s, false)" for name in _NAMES)
_RESET: Final = "; ".join(f"RESET app.{name}" for name in _NAMES)

# Reads what was before it sets; where all is seen, the other settings bound nothing.
_OPEN: Final = (
    "WITH before AS MATERIALIZED (SELECT coalesce(current_setting('app.scope', true), '') AS scope)"
    " SELECT scope FROM before, LATERAL (SELECT set_config('app.scope', 'all', false) WHERE scope IS NOT NULL) opened"
)

# Whether this thread's connection may see something else than at its beginning.
_entered: Final = local()


def settings_of(actor: Actor) -> Mapping[str, str]:
    """What bounds `actor`: exactly one of outlet, centre, operator and province, the narrowest that the role has.

    `home` is the province of a centre's staff, who also settle dossiers that have no receiving centre yet.
    """
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        return {"outlet": str(actor.outlet_id)}
    if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
        return {"centre": str(actor.centre_id), "home": actor.province_code}
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        return {"operator": str(actor.operator_id)}
    return {"province": actor.province_code}


def is_open() -> bool:
    """Whether this process's connections start out seeing everything."""
    return bool(settings.SESSION_SCOPE)


def enter(actor: Actor | None) -> None:
    """From now on this connection sees what `actor` may see; nothing when there is no actor."""
    _set({} if actor is None else settings_of(actor))


def leave() -> None:
    """Back to what the connection saw when it was opened; a connection that cannot go back is closed."""
    if not getattr(_entered, "is_set", False):
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_RESET)
    except DatabaseError:
        # Inside a broken transaction the settings vanish with it; outside one, a new connection starts afresh.
        if not connection.in_atomic_block:
            connection.close()
    _entered.is_set = False


@contextmanager
def everything() -> Iterator[None]:
    """See all rows for a moment: for what is checked by another secret, such as a tracking code or a signature."""
    _entered.is_set = True
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        (before,) = cursor.fetchone() or ("",)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.scope', %s, false)", [before])


def open_until_commit() -> None:
    """See all rows until the transaction ends: for machines that proved themselves by a signature. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', true)")


def _set(values: Mapping[str, str]) -> None:
    _entered.is_set = True
    with connection.cursor() as cursor:
        cursor.execute(_SET, [values.get(name, "") for name in _NAMES])


def policy_sql(table: str, *, columns: Mapping[str, str], also: str = "") -> str:
    """SQL that walls `table` off: a row is seen when one of `columns` (setting → column name) equals its setting.

    Setting names: "outlet", "operator", "centre", "province". Several columns may share a setting, joined by "|".
    `also` is one more condition in SQL. The table's owner is bound as well.
    """
    conditions = ["(SELECT current_setting('app.scope', true)) = 'all'"]
    for name, column_names in columns.items():
        cast = "" if name == "province" else "::uuid"
        value = f"(SELECT nullif(current_setting('app.{name}', true), ''){cast})"
        conditions += [f"{column} = {value}" for column in column_names.split("|")]
    if also:
        conditions.append(also)
    return (f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f" CREATE POLICY seen_by_actor ON {table} USING ({' OR '.join(conditions)});")


OPERATOR_BY_CODE: Final = (
    "operator_code = (SELECT code FROM agents_operator"
    " WHERE id = (SELECT nullif(current_setting('app.operator', true), '')::uuid))"
)
"""For tables below agents that keep an operator's code rather than its id."""


def policy_undo_sql(table: str) -> str:
    """SQL that takes the wall of `table` down again."""
    return (f"DROP POLICY seen_by_actor ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
            f" ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;")
