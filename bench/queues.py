"""The pages that people work from, over few dossiers and over a million: a centre's queue, a counter's day, search.

Asked in process, through every middleware. What a page takes must depend on what it shows, not on what there is: each
figure over all dossiers stands beside the same page's over the first hundredth of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models.organisations import Centre, Outlet
from agents.models.people import StaffAccount
from bench import ground, sample
from bench.meter import Meter
from bench.pages import staff
from bench.rounds import Fact, Result
from bench.sizes import Sizes
from bench.web import postgres_pid
from shared.roles import Role

JOB: Final = "queues"
FEW: Final = 100
"""The first measure is taken over this part of the dossiers."""

_CITIZENS: Final = """
    INSERT INTO intake_citizen (id, full_name, search_key, national_id_masked, birth_date, birth_precision, sex, phone,
                                email, commune_id, street, registered_at_outlet_id, registered_at, version)
    SELECT uuidv7(), initcap(name), name, '', '1950-01-01'::date + (n %% 20000)::int, 'day', 'female',
           '+849' || lpad((n %% 100000000)::text, 8, '0'), '', o.commune_id, n || ' đường Thử Nghiệm', o.id, now(), 1
    FROM (SELECT n, %(families)s::text[] AS f, %(middles)s::text[] AS m, %(givens)s::text[] AS g
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) names
    CROSS JOIN LATERAL (SELECT f[1 + n %% cardinality(f)] || ' ' || m[1 + n * 7 %% cardinality(m)] || ' '
                               || g[1 + n * 31 %% cardinality(g)] || ' ' || g[1 + n * 17 %% cardinality(g)] AS name) w
    JOIN bench_outlet o ON o.number = n %% %(outlets)s
"""
_DOSSIERS: Final = """
    INSERT INTO intake_dossier (
        id, client_ref, agent_ref, code, procedure_id, procedure_code, citizen_id, province_code, outlet_id,
        operator_id, receiving_centre_id, authority_centre_id, route, channel, copies, result_choice, collect_reason,
        delivery_name, delivery_phone, delivery_street, beneficiary_class, fee, quote, filing, presented, note,
        handling, money, result, sync, created_at, submitted_at, forwarded_at, received_at, clock_started_at, due_at,
        term_minutes, resolved_at, closed_at, version)
    SELECT uuidv7(), gen_random_uuid(), 'Q' || lpad(n::text, 9, '0'),
           CASE WHEN state > 1 THEN 'H26.' || k.number || '-' || to_char(at, 'YYMMDD') || '-' || n END,
           p.id, p.code, c.id, '01', o.id, o.operator_id, k.id, k.id, '{}', 'online', 1, 'home', '', '', '', '', '', 0,
           '{}', '{}', '[]', '', state, 'nothing_due', CASE state WHEN 10 THEN 'delivered' ELSE 'not_ready' END,
           'not_connected', at, at, at, CASE WHEN state > 1 THEN at END, CASE WHEN state > 1 THEN at END,
           CASE WHEN state > 1 THEN at + interval '5 days' END, 1440, CASE state WHEN 10 THEN at END,
           CASE state WHEN 10 THEN at END, 4
    FROM (SELECT n, CASE WHEN n %% 50 > 1 THEN 10 WHEN n %% 250 = 0 THEN 1 WHEN n %% 2 = 0 THEN 4 ELSE 2 END AS state,
                 now() - (n %% 400) * interval '1 day' AS at
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) d
    JOIN bench_person c ON c.number = d.n * 7919 %% %(people)s
    JOIN bench_outlet o ON o.id = c.outlet_id
    JOIN bench_centre k ON k.number = d.n / 50 %% %(centres)s
    JOIN bench_procedure p ON p.number = d.n * 31 %% 30
"""
_FAMILIES: Final = ("nguyen", "tran", "le", "pham", "hoang", "phan", "vu", "dang", "bui", "do", "ho", "ngo", "duong")
_MIDDLES: Final = ("thi", "van", "huu", "duc", "ngoc", "minh", "thanh", "quang", "xuan", "kim", "thu")
_GIVENS: Final = ("an", "binh", "chau", "dung", "giang", "hai", "hanh", "hoa", "hung", "khanh", "lan", "linh", "long",
                  "mai", "nam", "nga", "phuong", "quan", "son", "tam", "thao", "trang", "tuan", "uyen", "vinh", "yen",
                  "cuong", "dat", "hieu")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as one person opens it; with `typed` it is a search."""

    name: str
    client: Client
    path: str
    typed: str = ""

    def look(self) -> None:
        """Open the page.

        Raises:
            AssertionError: it does not answer with a page.
        """
        answer = (self.client.post(self.path, {"q": self.typed}) if self.typed else self.client.get(self.path))
        if answer.status_code not in {200, 302}:
            raise AssertionError(f"{self.path}: {answer.status_code}")


def run(sizes: Sizes) -> list[Result]:
    """Fill a hundredth and look, fill the rest and look again."""
    with ground.unchecked() as superuser:
        sample.make_network(superuser, sizes.outlets)
        centres = _number_the_ground(superuser)
        _fill(superuser, 1, sizes.dossiers // FEW, centres)
    pages = _pages()
    few = {page.name: _cost(page, sizes.pages) for page in pages}
    with ground.unchecked() as superuser:
        _fill(superuser, sizes.dossiers // FEW + 1, sizes.dossiers, centres)
    return [fact for page in pages for fact in _facts(page, few[page.name], _cost(page, sizes.pages), sizes)]


def _number_the_ground(superuser: psycopg.Connection) -> int:
    """Tables that turn a number into an outlet, a centre, a procedure; the number of the city's centres."""
    superuser.execute("""
        CREATE UNLOGGED TABLE IF NOT EXISTS bench_outlet AS
            SELECT row_number() OVER (ORDER BY o.code) - 1 AS number, o.id, o.operator_id, o.commune_id
            FROM agents_outlet o JOIN shared_commune c ON c.code = o.commune_id
            WHERE c.province_id = '01' AND o.status = 'active' ORDER BY o.code LIMIT 400;
        CREATE UNLOGGED TABLE IF NOT EXISTS bench_centre AS
            SELECT row_number() OVER (ORDER BY agency_code) - 1 AS number, id FROM agents_centre
            WHERE province_id = '01';
        CREATE UNLOGGED TABLE IF NOT EXISTS bench_procedure AS
            SELECT row_number() OVER (ORDER BY code) - 1 AS number, id, code FROM intake_procedure;
        CREATE UNLOGGED TABLE IF NOT EXISTS bench_person (number bigint PRIMARY KEY, id uuid, outlet_id uuid);
        GRANT SELECT ON bench_outlet, bench_centre, bench_procedure, bench_person TO PUBLIC""")
    return _count(superuser, "bench_centre")


def _count(superuser: psycopg.Connection, table: str) -> int:
    row = superuser.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608 - our own name
    return int(row[0]) if row else 0


def _fill(superuser: psycopg.Connection, first: int, last: int, centres: int) -> None:
    """Dossiers number `first` to `last`, of a citizen for every three of them; a fiftieth of them is still open."""
    people = _count(superuser, "bench_person")
    superuser.execute(_CITIZENS, {
        "first": people, "last": max(last // 3, 1), "outlets": _count(superuser, "bench_outlet"),
        "families": list(_FAMILIES), "middles": list(_MIDDLES), "givens": list(_GIVENS)})
    superuser.execute("""
        INSERT INTO bench_person SELECT row_number() OVER (ORDER BY id) - 1, id, registered_at_outlet_id
        FROM intake_citizen WHERE street LIKE '%% đường Thử Nghiệm' AND registered_at_outlet_id IS NOT NULL
        ON CONFLICT (number) DO NOTHING""")
    superuser.execute(_DOSSIERS, {"first": first, "last": last, "people": _count(superuser, "bench_person"),
                                  "centres": centres})


def _pages() -> Sequence[Page]:
    """The same pages in both measures: of one centre, of one outlet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_centre WHERE number = 1")
        centre = Centre.objects.get(id=cursor.fetchone()[0])
        cursor.execute("SELECT id FROM bench_outlet WHERE number = 1")
        outlet = Outlet.objects.get(id=cursor.fetchone()[0])
        cursor.execute("SELECT code, agent_ref FROM intake_dossier WHERE outlet_id = %s AND code IS NOT NULL"
                       " AND agent_ref LIKE 'Q%%' ORDER BY agent_ref LIMIT 1", [outlet.id])
        code, agent_ref = cursor.fetchone()
        cursor.execute("SELECT phone FROM intake_citizen WHERE registered_at_outlet_id = %s ORDER BY id LIMIT 1",
                       [outlet.id])
        phone = cursor.fetchone()[0]
    clerk = _at_work(staff("bench-q-clerk", Role.OUTLET_CLERK, outlet=outlet))
    officer = _at_work(staff("bench-q-officer", Role.CENTRE_OFFICER, centre=centre))
    search = reverse("search")
    return (
        Page("counter's day", clerk, reverse("intake:counter")),
        Page("centre's arrivals and queue", officer, reverse("intake:inbox")),
        Page("search: a whole code", clerk, search, code), Page("search: our own reference", clerk, search, agent_ref),
        Page("search: a name without accents", clerk, search, "nguyen thi mai"),
        Page("search: a common family name", clerk, search, "nguyen"),
        Page("search: a phone number", clerk, search, phone),
        Page("search: the end of a code", clerk, search, code[-6:]),
        Page("search: a name, at the centre", officer, search, "nguyen thi mai"),
        Page("search: nothing there", officer, search, "zzyzx khong co"),
    )


def _at_work(who: StaffAccount) -> Client:
    client = Client(headers={"Host": "localhost"})
    client.force_login(who)
    return client


def _cost(page: Page, times: int) -> Mapping[str, float]:
    for _ in range(2):
        page.look()
    with CaptureQueriesContext(connection) as queries:
        page.look()
    asked = [each["sql"] for each in queries.captured_queries if each["sql"] not in {"BEGIN", "COMMIT"}]
    with Meter([postgres_pid()], with_self=True) as meter:
        for _ in range(times):
            page.look()
    return {"statements": len(asked), "cpu": meter.cpu / times * 1000, "wall": meter.wall / times * 1000}


def _facts(page: Page, few: Mapping[str, float], many: Mapping[str, float], sizes: Sizes) -> list[Result]:
    return [
        Fact(JOB, f"{page.name}: statements", many["statements"], f"{few['statements']}, as over few"),
        Fact(JOB, f"{page.name}: CPU ms over {sizes.dossiers} dossiers", round(many["cpu"], 1)),
        Fact(JOB, f"{page.name}: wall ms", round(many["wall"], 1)),
        Fact(JOB, f"{page.name}: CPU against over {sizes.dossiers // FEW}", round(many["cpu"] / few["cpu"], 2),
             "≤ 1.5, more where more is shown"),
    ]
