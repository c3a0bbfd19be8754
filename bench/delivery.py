"""Carriers' events against floors in the same run: one by webhook, a hundred thousand by file.

The webhook's floor is a Django view without any middleware that reads one event and keeps it and the newest status in
one statement; the file's is COPY into a staging table and one merge for every ten thousand lines. Both keep less than
the project does: no raw message, no audit, no outbox, no contradictions. Runs on a database that may be thrown away.
"""

import io
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final

import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test.utils import override_settings

from bench.meter import Cost, cost_of, growth_of
from delivery.carriers.files import COLUMNS
from delivery.models.parcels import Parcel
from delivery.operations.files import ingest_open_file
from delivery.queries.verification import differences
from delivery.rules.codes import EVENT_CODES
from delivery.rules.signatures import sign
from shared import scope
from shared.calendar import LOCAL_ZONE

CARRIER: Final = "vnpost"
BOOKED_AT: Final = datetime(2026, 1, 5, 8, 0, tzinfo=LOCAL_ZONE)
LIFE: Final = ("EMA", "EDE", "EMG", "EDG", "EMI")
FLOOR_AT_ONCE: Final = 10_000
CODES: Final = ("EMA", "EDD", "EDE", "EMG", "EDG", "EMH", "EDF", "EDH")
_ids: Final = count(1)

_PARCELS: Final = """
    INSERT INTO delivery_parcel (id, number, booking_ref, carrier, operator_code, direction, outlet_id, centre_id,
        province_code, weight_grams, zone, sender_name, sender_address, recipient_name, recipient_phone,
        recipient_address, recipient_commune_id, origin_commune_id, pricing, tracking_code, booked_at, promised_date,
        state, state_at, attempts, summary, contradictions, told, is_sent_to_carrier, send_attempts, send_next_at,
        send_error{others})
    SELECT uuidv7(), 'PN' || lpad(n::text, 9, '0') || 'VN', 'bench:' || n, %(carrier)s, 'VNPOST', 'result', NULL,
           gen_random_uuid(), '01', 100, 'intra_province', 'x', 'x', 'x', '', 'x', c.code, c.code, '{{}}', 'BENCH' || n,
           %(booked)s, %(booked)s::date, 'booked', %(booked)s, 0, '{{}}', '{{}}', '{{}}', true, 0, %(booked)s, ''
           {values}
    FROM generate_series(0, %(count)s - 1) n, (SELECT code FROM shared_commune LIMIT 1) c
"""
_FLOOR_TABLES: Final = """
    DROP TABLE IF EXISTS floor_event, floor_parcel, floor_stage;
    CREATE TABLE floor_parcel (id bigint PRIMARY KEY, number text NOT NULL UNIQUE, code text NOT NULL DEFAULT '',
        at timestamptz NOT NULL DEFAULT '-infinity', key text NOT NULL DEFAULT '') WITH (fillfactor = 70);
    CREATE TABLE floor_event (carrier text NOT NULL, key text NOT NULL,
        parcel_id bigint NOT NULL REFERENCES floor_parcel, code text NOT NULL, at timestamptz NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(), place text,
        PRIMARY KEY (carrier, key));
    CREATE INDEX ON floor_event (parcel_id, at);
    CREATE UNLOGGED TABLE floor_stage (key text, number text, code text, at timestamptz, place text);
    INSERT INTO floor_parcel SELECT n, 'PN' || lpad(n::text, 9, '0') || 'VN' FROM generate_series(0, %(count)s - 1) n;
    ANALYZE floor_parcel
"""
_MERGE: Final = """
    WITH fresh AS (
        INSERT INTO floor_event (carrier, key, parcel_id, code, at, place)
        SELECT 'vnpost', s.key, p.id, s.code, s.at, s.place FROM floor_stage s JOIN floor_parcel p USING (number)
        ON CONFLICT DO NOTHING RETURNING parcel_id, code, at, key),
    newest AS (SELECT DISTINCT ON (parcel_id) * FROM fresh ORDER BY parcel_id, at DESC, key DESC)
    UPDATE floor_parcel p SET code = n.code, at = n.at, key = n.key FROM newest n
    WHERE p.id = n.parcel_id AND (n.at, n.key) > (p.at, p.key)
"""
_UNLIKE: Final = """
    SELECT count(*) FROM delivery_parcel p FULL JOIN floor_parcel f USING (number)
    WHERE (p.state, p.state_at) IS DISTINCT FROM (%s::json ->> f.code, f.at)
"""
FLOOR_ONE: Final = """
    WITH fresh AS (
        INSERT INTO floor_event (carrier, key, parcel_id, code, at, place)
        SELECT 'vnpost', %(event_id)s, id, %(code)s, %(occurred_at)s, %(office)s FROM floor_parcel
        WHERE number = %(number)s ON CONFLICT DO NOTHING RETURNING parcel_id, code, at, key)
    UPDATE floor_parcel p SET code = f.code, at = f.at, key = f.key FROM fresh f
    WHERE p.id = f.parcel_id AND (f.at, f.key) > (p.at, p.key)
"""


def webhook_event(events: int = 800, rounds: int = 3, history: tuple[int, int] = (5, 500)) -> dict[str, object]:
    """Microseconds of processor time of one event by webhook, its ratio to the floor's, and how flat it is."""
    fill(parcels=20_000)
    short, long = (_parcels_with_history(number, start) for number, start in zip(history, (0, 64), strict=True))
    seeded, spread = Random(5), [number_of(n) for n in range(20_000)]
    measured: dict[str, list[Cost]] = {"floor": [], "spread": [], "short": [], "long": []}
    for _ in range(rounds):
        for name, post, numbers, share in (
            ("floor", _floor_posts, spread, 1), ("spread", _posts, spread, 1), ("short", _posts, short, 2),
            ("long", _posts, long, 2)):  # fmt: skip
            measured[name].append(post([event_of(seeded.choice(numbers), seeded) for _ in range(events // share)]))
    cpu = {name: statistics.median(cost.cpu for cost in costs) * 1e6 for name, costs in measured.items()}
    per_event = {name: cpu[name] / (events if name in {"floor", "spread"} else events // 2) for name in cpu}
    flatness = per_event["long"] / per_event["short"]
    return {
        "events": events, "history": list(history), "cpu_us": {name: round(value) for name, value in per_event.items()},
        "ratio": round(per_event["spread"] / per_event["floor"], 2), "flatness": round(flatness, 2),
        "all_stand_right": differences() == []}  # fmt: skip


def carrier_file(events: int = 100_000, rounds: int = 3) -> dict[str, object]:
    """Microseconds of processor time of an event in a file, and the ratios to the floor's: first import and repeat."""
    parcels = max(1000, events // 5)
    rows = _rows(events, parcels)
    floor, first, again, growth = [], [], [], []
    with TemporaryFile() as file:
        file.write(_csv(rows).encode())
        for _ in range(rounds):
            fill(parcels=parcels)
            floor.append(cost_of(lambda: _floor_file(rows)))
            growth.append(growth_of(lambda: first.append(cost_of(lambda: _ingest(file)))))
            again.append(cost_of(lambda: _ingest(file)))
    costs = {name: statistics.median(each.cpu for each in found) for name, found in
             {"floor": floor, "first": first, "again": again}.items()}  # fmt: skip
    walls = statistics.median(each.wall for each in first) / statistics.median(each.wall for each in floor)
    return {
        "events": events, "cpu_us": {name: round(value / events * 1e6, 1) for name, value in costs.items()},
        "ratio": round(costs["first"] / costs["floor"], 2), "wall_ratio": round(walls, 2),
        "memory_growth_mb": round(max(growth) / 1e6, 1),
        "parcels_unlike_the_floor": _unlike_the_floor(), "all_stand_right": differences() == []}  # fmt: skip


def _ingest(file: BinaryIO) -> None:
    file.seek(0)
    ingest_open_file(carrier=CARRIER, file=file, at=BOOKED_AT + timedelta(days=60))


def _unlike_the_floor() -> int:
    """How many parcels do not stand where the floor's newest event leaves them."""
    states = {code: str(EVENT_CODES[code].state) for code in LIFE}
    with connection.cursor() as cursor:
        cursor.execute(_UNLIKE, [orjson.dumps(states).decode()])
        return int(cursor.fetchone()[0])


# --- data ------------------------------------------------------------------------------------------------------------


def number_of(n: int) -> str:
    return f"PN{n:09d}VN"


def fill(*, parcels: int, carrier: str = CARRIER) -> None:
    """So many parcels on both sides, none of which has an event."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_parcel, delivery_trackingevent, shared_inboxmessage CASCADE")
        scope.open_until_commit()
        others = _other_columns()
        sql = _PARCELS.format(others="".join(f", {name}" for name in others),
                              values="".join(f", %({name})s" for name in others))  # fmt: skip
        cursor.execute(sql, {"carrier": carrier, "booked": BOOKED_AT, "count": parcels, **others})
        cursor.execute(_FLOOR_TABLES, {"count": parcels})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE delivery_parcel")


def _other_columns() -> dict[str, Any]:
    """The parcel's columns that the statement does not name and that must hold something, with what they hold."""
    named = set(re.findall(r"[a-z_]+", _PARCELS.partition(")")[0]))
    fields = [field for field in Parcel._meta.concrete_fields if not field.null and not field.generated]
    return {str(field.column): field.get_default() for field in fields if field.column not in named}


def event_of(number: str, seeded: Random) -> dict[str, Any]:
    moment = BOOKED_AT + timedelta(seconds=seeded.randrange(2_500_000))
    return {"event_id": f"bench-{next(_ids)}", "number": number, "code": seeded.choice(CODES),
            "occurred_at": moment.isoformat(), "office": "Hà Nội"}  # fmt: skip


def _rows(events: int, parcels: int) -> list[dict[str, Any]]:
    """Lives of five events in random order, one line in ten told twice."""
    seeded = Random(3)
    rows = [_step(number_of(n % parcels), n // parcels, seeded) for n in range(events * 9 // 10)]
    rows += [rows[seeded.randrange(len(rows))] for _ in range(events - len(rows))]
    seeded.shuffle(rows)
    return rows


def _step(number: str, position: int, seeded: Random) -> dict[str, Any]:
    """The life's first, second … event; the fifth is the delivery."""
    moment = BOOKED_AT + timedelta(hours=6 * (position + 1), minutes=seeded.randrange(300))
    step = {"event_id": f"bench-{next(_ids)}", "number": number, "code": LIFE[position],
            "occurred_at": moment.isoformat(), "office": "Bưu cục Hà Nội", "receiver": ",,,"}  # fmt: skip
    return step | ({"receiver": "Nguyễn Thị Thử,self,cccd,signature"} if LIFE[position] == "EMI" else {})


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    out.write(",".join(COLUMNS) + "\n")
    for row in rows:
        receiver = row.get("receiver", ",,,")
        out.write(f"{row['event_id']},{row['number']},{row['code']},{row['occurred_at']},{row['office']},,{receiver}\n")
    return out.getvalue()


def _parcels_with_history(events: int, start: int, parcels: int = 40) -> list[str]:
    """Parcels that have so many events already."""
    seeded, numbers = Random(events), [number_of(start + n) for n in range(parcels)]
    rows = [event_of(number, seeded) for number in numbers for _ in range(events)]
    _ingest(io.BytesIO(_csv(rows).encode()))
    return numbers


# --- the two sides ---------------------------------------------------------------------------------------------------


def _posts(events: list[dict[str, Any]]) -> Cost:
    secret = settings.WARDPOST_CARRIER_SECRETS[CARRIER].split()[0]
    bodies = [orjson.dumps(event) for event in events]
    calls = [_environ(f"/api/v1/carriers/{CARRIER}/events", body, sign(body, secret=secret, at=int(time.time())))
             for body in bodies]  # fmt: skip
    # As on the web, where a stranger's connection sees nothing from the start.
    with override_settings(SESSION_SCOPE={}):
        return _served(WSGIHandler(), calls)


def _floor_posts(events: list[dict[str, Any]]) -> Cost:
    calls = [_environ("/", orjson.dumps(event), "") for event in events]
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="bench.floor_webhook"):
        return _served(WSGIHandler(), calls)


def _environ(path: str, body: bytes, signature: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost", "HTTP_WARDPOST_SIGNATURE": signature}  # fmt: skip


def _served(handler: Callable[..., Any], calls: Sequence[dict[str, Any]]) -> Cost:
    def serve(some: Sequence[dict[str, Any]]) -> Iterator[str]:
        for environ in some:
            statuses: list[str] = []
            answer = handler(environ, lambda status, _headers, into=statuses: into.append(status))
            answer.close()
            yield statuses[0][:3]

    warm, rest = calls[:20], calls[20:]
    told = set(serve(warm))
    cost = cost_of(lambda: told.update(serve(rest)))
    if not told <= {"200", "202"}:
        raise RuntimeError(f"The bench was answered {sorted(told)}.")
    return Cost(cost.wall * len(calls) / len(rest), cost.cpu * len(calls) / len(rest))


def _floor_file(rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), FLOOR_AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE floor_stage")
            portion = rows[start : start + FLOOR_AT_ONCE]
            lines = "".join("\t".join((*list(row.values())[:4], row["office"])) + "\n" for row in portion)
            with cursor.copy("COPY floor_stage FROM STDIN") as copy:
                copy.write(lines)
            cursor.execute(_MERGE)
