"""A city's year of handling for boards, and the floor they are held against: set-based, a slice of the year at a time.

Boards read steps and nothing else of a dossier, so steps are made without dossiers: that is how ten million of them
fit on a disk. Six in ten are filed at an outlet, 98 in 100 received within two hours, 88 decided within a week, one in
eight of these after its due moment; the others stay late or stuck. One reception in a hundred is said to have been
three days before it was told.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from django.db import connection

from agents.models.organisations import Outlet
from bench import ground, sample

PROVINCE: Final = sample.CITY
FIRST: Final = datetime(2025, 6, 30, 17, tzinfo=UTC)
"""A local midnight."""
DAYS: Final = 364
LAST: Final = FIRST + timedelta(days=DAYS)
OUTLETS: Final = 300
PROCEDURES: Final = 30
MORNING: Final = LAST - timedelta(days=1)
"""When the last day begins."""
_SLICE: Final = 200_000
"""Dossiers made in one statement: what it sorts stays small."""

_EMPTY: Final = """
    TRUNCATE intake_dossierstep, intake_boardstay, intake_boardcell, intake_boardtotal, intake_boardsnapshot,
             intake_boardmark RESTART IDENTITY
"""
_PLACES: Final = """
    DROP TABLE IF EXISTS bench_outlet, bench_procedure, bench_centre;
    CREATE UNLOGGED TABLE bench_outlet AS
        SELECT row_number() OVER (ORDER BY outlet.code) - 1 AS number, outlet.id, outlet.operator_id,
               centre.id AS centre
        FROM agents_outlet outlet JOIN agents_centre centre ON centre.commune_id = outlet.commune_id
        WHERE centre.province_id = '01' AND centre.level = 'commune' ORDER BY outlet.code LIMIT {outlets};
    CREATE UNLOGGED TABLE bench_centre AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS number, id FROM agents_centre
        WHERE province_id = '01' AND level = 'commune';
    CREATE UNLOGGED TABLE bench_procedure AS
        SELECT row_number() OVER (ORDER BY code) - 1 AS number, code FROM (
            SELECT DISTINCT code FROM intake_procedure ORDER BY code LIMIT {procedures}) AS codes;
    ANALYZE bench_outlet, bench_centre, bench_procedure
"""

# A dossier's numbers come from a hash of its own number: the same year in every run, in any slices.
_STEPS: Final = """
    INSERT INTO intake_dossierstep (
        dossier_id, machine, action, from_state, to_state, at, recorded_at, actor_kind, actor_id, actor_name, place,
        note, data, province_code, centre_id, outlet_id, operator_id, procedure_code, due_at)
    SELECT dossier, 'handling', action, before, after,
           at - CASE WHEN action = 'receive' AND n %% 100 = 7 THEN interval '3 days' ELSE '0' END, at,
           'job', 'bench', '', '', '', '{{}}', '01',
           COALESCE(at_outlet.centre, direct.id), at_outlet.id, at_outlet.operator_id, procedure.code,
           CASE WHEN action <> 'submit' THEN filed_at + interval '5 days' END
    FROM (SELECT overlay(lpad(to_hex(n), 32, '0') PLACING '7' FROM 13)::uuid AS dossier, n,
                 date_trunc('day', %(first)s + (n::float8 / %(count)s) * interval '{days} days', 'Asia/Ho_Chi_Minh')
                 + interval '7 hours 30 minutes' + (hashint8(n) & 1048575) * interval '30 milliseconds' AS filed_at,
                 abs(hashint8extended(n, 1) %% 100) AS chance, abs(hashint8extended(n, 2) %% 7200) AS seconds
          FROM generate_series(%(from)s::bigint, %(to)s::bigint) AS n) AS filed
    LEFT JOIN bench_outlet at_outlet ON n %% 10 < 6 AND at_outlet.number = (n / 10 * 6 + n %% 10) %% {outlets}
    JOIN bench_centre direct ON direct.number = (n * 7919) %% (SELECT count(*) FROM bench_centre)
    JOIN bench_procedure procedure ON procedure.number = abs(hashint8extended(n, 3)
                                      %% (SELECT count(*) FROM bench_procedure))
    CROSS JOIN LATERAL (VALUES
        ('submit', '', '1', filed_at, true),
        ('receive', '1', '2', filed_at + seconds * interval '1 second', chance < 98),
        ('resolve', '4', '9', filed_at + (3600 + seconds * CASE WHEN chance < 11 THEN 80 ELSE 57 END)
                              * interval '1 second', chance < 88)
    ) AS step(action, before, after, at, is_taken)
    WHERE is_taken AND at >= %(since)s AND at < %(until)s
    ORDER BY at, dossier
"""

_FLOOR: Final = """
    DROP TABLE IF EXISTS floor_step, floor_total;
    CREATE UNLOGGED TABLE floor_step AS
        SELECT centre_id AS centre, procedure_code AS procedure, (action = 'receive')::int AS received,
               (action = 'resolve')::int AS resolved, max(at) OVER (PARTITION BY dossier_id ORDER BY id) AS at
        FROM intake_dossierstep ORDER BY id;
    DELETE FROM floor_step WHERE received = 0 AND resolved = 0;
    CREATE INDEX ON floor_step (at);
    CREATE UNLOGGED TABLE floor_total AS
        WITH daily AS (SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, centre, procedure,
                              sum(received) AS received, sum(resolved) AS resolved
                       FROM floor_step GROUP BY 1, 2, 3),
             grid AS (SELECT * FROM (SELECT generate_series(min(day), max(day), interval '1 day')::date AS day
                                     FROM daily) d,
                                    (SELECT DISTINCT centre, procedure FROM daily) c)
        SELECT day + 1 AS day, centre, procedure,
               sum(coalesce(received, 0)) OVER so_far AS received, sum(coalesce(resolved, 0)) OVER so_far AS resolved
        FROM grid LEFT JOIN daily USING (day, centre, procedure)
        WINDOW so_far AS (PARTITION BY centre, procedure ORDER BY day) ORDER BY day;
    CREATE UNIQUE INDEX ON floor_total (day, centre, procedure);
    ANALYZE floor_step, floor_total
"""
FLOOR_REFRESH: Final = """
    WITH told AS (
        INSERT INTO floor_step
        SELECT centre_id, procedure_code, (action = 'receive')::int, (action = 'resolve')::int, recorded_at
        FROM intake_dossierstep WHERE id > %(last)s AND action IN ('receive', 'resolve') RETURNING *
    ), new AS (
        SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 1 AS day, centre, procedure, sum(received) AS received,
               sum(resolved) AS resolved
        FROM told GROUP BY 1, 2, 3
    )
    INSERT INTO floor_total AS kept
    SELECT coalesce(new.day, yesterday.day + 1), coalesce(new.centre, yesterday.centre),
           coalesce(new.procedure, yesterday.procedure), coalesce(new.received, 0) + coalesce(yesterday.received, 0),
           coalesce(new.resolved, 0) + coalesce(yesterday.resolved, 0)
    FROM new FULL JOIN (SELECT * FROM floor_total WHERE day = (SELECT max(day) FROM floor_total)) AS yesterday
      ON yesterday.day = new.day - 1 AND yesterday.centre = new.centre AND yesterday.procedure = new.procedure
    ON CONFLICT (day, centre, procedure) DO UPDATE
    SET received = excluded.received, resolved = excluded.resolved
"""
"""A day added to both tables of the floor, in one statement, as if nothing were ever told late."""


def fill(dossiers: int) -> None:
    """Make a year of so many dossiers anew, but for its last day; what boards derive is empty after it."""
    with ground.unchecked() as superuser:
        superuser.execute(_EMPTY)
        sample.make_network(superuser, max(10 * OUTLETS, Outlet.objects.count()))
        superuser.execute(_PLACES.format(outlets=OUTLETS, procedures=PROCEDURES).encode())
        for first in range(0, dossiers, _SLICE):
            _add_steps(superuser, range(first, min(first + _SLICE, dossiers)), dossiers, since=FIRST, until=MORNING)


def add_last_day(dossiers: int) -> None:
    """The steps of the year's last day, of old dossiers and new."""
    with ground.unchecked() as superuser:
        recent = range(max(0, dossiers - dossiers * 10 // DAYS), dossiers)
        _add_steps(superuser, recent, dossiers, since=MORNING, until=LAST)


def _add_steps(superuser: psycopg.Connection, numbers: range, count: int, *, since: datetime, until: datetime) -> None:
    if numbers:
        superuser.execute(_STEPS.format(outlets=OUTLETS, days=DAYS).encode(), {
            "first": FIRST, "since": since, "until": until, "from": numbers[0], "to": numbers[-1], "count": count})


def make_floor() -> None:
    """One narrow row a step in the order of time, and a complete total a day: what a report by hand would keep."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR)
