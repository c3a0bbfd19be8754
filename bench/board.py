"""The board as of any moment over many dossiers, against a floor in plain SQL on the same server in the same run.

The floor keeps a complete snapshot a day and one narrow row a step, as a hand-written report would, and answers with
the day's snapshot and the steps of the day so far. The project answers from its own tables, through `read_figures`,
for the province that holds all the dossiers: the worst case. Both must give what a scan of all steps gives.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from django.db import connection, transaction

from agents.models.organisations import Centre, CentreLevel
from intake.boards.figures import Figures, Unit, read_figures
from intake.boards.operations import rebuild
from intake.boards.rules.counts import Counts
from intake.boards.statements import Cut
from intake.models.citizens import Citizen
from intake.models.procedures import Procedure
from shared.models.places import Commune

PROVINCE: Final = "01"
FIRST: Final = datetime(2025, 7, 1, tzinfo=UTC)
LAST: Final = datetime(2026, 6, 30, tzinfo=UTC)
PROCEDURES: Final = 30
PAIR: Final = ("centre_id", "procedure_code")

_DOSSIERS: Final = """
    INSERT INTO intake_dossier (
        id, client_ref, agent_ref, code, procedure_id, procedure_code, citizen_id, province_code, receiving_centre_id,
        authority_centre_id, route, channel, copies, result_choice, collect_reason, delivery_name, delivery_phone,
        delivery_street, beneficiary_class, fee, quote, filing, presented, note, handling, money, result, sync,
        created_at, submitted_at, forwarded_at, received_at, clock_started_at, due_at, resolved_at, version)
    SELECT uuidv7(), gen_random_uuid(), 'B' || n, 'H26.' || c.number || '-bench-' || n, p.id, p.code, %(citizen)s,
           %(province)s, c.id, c.id, '{}', 'online', 1, 'collect', '', '', '', '', '', 0, '{}', '{}', '[]', '', 9,
           'nothing_due', 'not_by_post', 'not_connected', at, at, at, at, at, at, at, 4
    FROM (SELECT n, %(first)s + (n::float8 / %(count)s) * (%(last)s - %(first)s) AS at
          FROM generate_series(1, %(count)s::bigint) n) days
    JOIN bench_centre c ON c.number = (n * 7919) %% %(centres)s
    JOIN bench_procedure p ON p.number = (n * 104729 / %(centres)s) %% %(procedures)s
"""

_STEPS: Final = """
    INSERT INTO intake_dossierstep (dossier_id, machine, action, from_state, to_state, at, recorded_at, actor_kind,
                                    actor_id, actor_name, place, note, data, province_code, centre_id,
                                    procedure_code, due_at)
    SELECT id, 'handling', action, before, after, received_at + shift, received_at + shift, 'job', 'bench', '', '', '',
           '{}',
           province_code, receiving_centre_id, procedure_code, received_at + interval '3 hours'
    FROM intake_dossier,
         (VALUES ('receive', '1', '2', interval '0'),
                 ('resolve', '4', '9', interval '3 hours 20 minutes')) s(action, before, after, shift)
    WHERE province_code = %s AND agent_ref LIKE 'B%%'
    ORDER BY received_at + shift
"""

_FLOOR: Final = """
    DROP TABLE IF EXISTS floor_step, floor_total;
    CREATE UNLOGGED TABLE floor_step AS
        SELECT d.receiving_centre_id AS centre, d.procedure_id AS procedure, (s.action = 'receive')::int AS received,
               (s.action = 'resolve')::int AS resolved, s.at
        FROM intake_dossierstep s JOIN intake_dossier d ON d.id = s.dossier_id ORDER BY s.at;
    CREATE INDEX ON floor_step USING brin (at) WITH (pages_per_range = 32);
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
        WINDOW so_far AS (PARTITION BY centre, procedure ORDER BY day);
    CREATE INDEX ON floor_total (day);
    ANALYZE floor_step, floor_total
"""

_FLOOR_ANSWER: Final = """
    SELECT centre, procedure, sum(received), sum(resolved) FROM (
        SELECT centre, procedure, received, resolved FROM floor_total WHERE day = %(day)s
        UNION ALL
        SELECT centre, procedure, received, resolved FROM floor_step WHERE at >= %(midnight)s AND at <= %(as_of)s) q
    GROUP BY 1, 2
"""

_SCAN: Final = """
    SELECT sum(received), sum(resolved) FROM floor_step WHERE at <= %s
"""


def as_of_board(dossiers: int = 1_000_000, rounds: int = 3, questions: int = 60) -> dict[str, object]:
    """Milliseconds of the median answer, its ratio to the floor's, and whether every answer was exact.

    Fills the database it is given; run it on one that may be thrown away.
    """
    began = time.perf_counter()
    centres = _fill(dossiers)
    filled = time.perf_counter()
    rows = rebuild(at=LAST + timedelta(days=2))
    rebuilt = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR)
        for table in ("boardcell", "boardstay", "boardsnapshot", "boardtotal", "dossier", "dossierstep"):
            cursor.execute(f"VACUUM ANALYZE intake_{table}")
    moments = _moments(rounds, questions)
    floor = [_timed(_floor_answer, each) for each in moments]
    project = [_timed(answer, each) for each in moments]
    ours, theirs = statistics.median(project), statistics.median(floor)
    return {
        "dossiers": dossiers, "centres": centres, "stays": rows, "p50_ms": round(ours, 2),
        "floor_p50_ms": round(theirs, 2), "ratio": round(ours / theirs, 2), "is_exact": _is_exact(moments[0][:5]),
        "fill_seconds": round(filled - began, 1), "rebuild_seconds": round(rebuilt - filled, 1),
    }


def answer(moment: datetime) -> Figures:
    """By centre and procedure, with the hours of three days: what the page asks first."""
    return read_figures(Unit(PROVINCE), moment, cut=Cut.CENTRE_PROCEDURE, groups=[PAIR], with_hours=True)


def pairs(moment: datetime) -> dict[Any, Counts]:
    return dict(answer(moment).by[PAIR])


def _fill(count: int) -> int:
    citizen = Citizen.objects.create(
        full_name="Bench", search_key="bench", commune=Commune.objects.filter(province_id=PROVINCE)[:1].get(),
        registered_at=FIRST)
    communes = list(Commune.objects.filter(province_id=PROVINCE).order_by("code"))
    known = set(Centre.objects.values_list("commune_id", flat=True))
    Centre.objects.bulk_create([
        Centre(agency_code=f"H26.{number}", name=f"Centre {number}", authority_name=f"Authority {number}",
               level=CentreLevel.COMMUNE, province_id=PROVINCE, commune=commune, latitude=commune.latitude,
               longitude=commune.longitude, open_from=date(2025, 7, 1))
        for number, commune in enumerate(communes) if commune.code not in known])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_centre ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY id) - 1"
                       " AS number FROM agents_centre WHERE province_id = %s AND level = 'commune'", [PROVINCE])
        cursor.execute("CREATE TEMP TABLE bench_procedure ON COMMIT DROP AS SELECT id, code, row_number() OVER"
                       " (ORDER BY id) - 1 AS number FROM intake_procedure ORDER BY id LIMIT %s", [PROCEDURES])
        cursor.execute(_DOSSIERS, {
            "citizen": citizen.id, "province": PROVINCE, "first": FIRST, "last": LAST, "count": count,
            "centres": len(communes), "procedures": min(PROCEDURES, Procedure.objects.count())})
        cursor.execute(_STEPS, [PROVINCE])
    return len(communes)


def _moments(rounds: int, questions: int) -> list[list[datetime]]:
    """So many for each round, at random over the year."""
    random = Random(7)  # the same questions in every run
    minutes = int((LAST - FIRST).total_seconds() // 60)
    return [[FIRST + timedelta(minutes=random.randrange(minutes)) for _ in range(questions)] for _ in range(rounds)]


def _timed(answer: Callable[[datetime], Any], moments: list[datetime]) -> float:
    """The median milliseconds of an answer."""
    taken = []
    for moment in moments:
        began = time.perf_counter()
        answer(moment)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def _floor_answer(moment: datetime) -> Any:
    midnight = (moment + timedelta(hours=7)).replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR_ANSWER, {
            "day": midnight.date(), "midnight": midnight - timedelta(hours=7), "as_of": moment})
        return cursor.fetchall()


def _is_exact(moments: list[datetime]) -> bool:
    for moment in moments:
        with connection.cursor() as cursor:
            cursor.execute(_SCAN, [moment])
            scanned = cursor.fetchone()
        ours = sum(pairs(moment).values(), Counts())
        floor = _floor_answer(moment)
        told = (sum(row[2] for row in floor), sum(row[3] for row in floor))
        if not (ours.received, ours.resolved) == tuple(scanned) == told:
            return False
    return True
