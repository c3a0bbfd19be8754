"""Pages that people look at all day: how many statements they take, whatever they show, and what they cost.

In process, through every middleware: no web server between, so a page costs a little more in real life.
"""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from bench import ground, sample
from bench.meter import Meter
from bench.rounds import Fact, Result
from bench.sizes import Sizes
from bench.web import postgres_pid
from shared.roles import Role

JOB: Final = "pages"
_DOSSIERS: Final = """
    INSERT INTO intake_dossier (
        id, client_ref, agent_ref, procedure_id, procedure_code, citizen_id, province_code, outlet_id, operator_id,
        clerk_id, receiving_centre_id, authority_centre_id, route, channel, copies, result_choice, collect_reason,
        delivery_name, delivery_phone, delivery_street, beneficiary_class, fee, quote, filing, presented, note,
        handling, money, result, sync, created_at, submitted_at, forwarded_at, version)
    SELECT uuidv7(), gen_random_uuid(), 'P' || %(first)s + n, p.id, p.code, c.id, '01', o.id, o.operator_id,
           %(clerk)s, k.id, k.id, '{}', 'online', 1, 'home', '', '', '', '', '', 0, '{}', '{}', '[]', '', 1,
           'nothing_due', 'not_ready', 'not_connected', now(), now(), now(), 2
    FROM generate_series(1, %(count)s::int) n
    CROSS JOIN (SELECT id, code FROM intake_procedure WHERE code = '1.001193' LIMIT 1) p
    CROSS JOIN (SELECT * FROM agents_outlet WHERE id = %(outlet)s) o
    CROSS JOIN LATERAL (SELECT id FROM intake_citizen WHERE registered_at_outlet_id = o.id LIMIT 1) c
    CROSS JOIN LATERAL (SELECT id FROM agents_centre WHERE commune_id = o.commune_id LIMIT 1) k
"""
_CITIZEN: Final = """
    INSERT INTO intake_citizen (id, full_name, search_key, national_id_masked, birth_precision, sex, phone, email,
                                commune_id, street, registered_at_outlet_id, registered_at, version)
    SELECT uuidv7(), 'Nguyễn Thị Thử', 'nguyen thi thu', '', 'day', 'female', '', '', commune_id, '1 đường Thử Nghiệm',
           id, now(), 1 FROM agents_outlet WHERE id = %s
"""


def run(sizes: Sizes) -> list[Result]:
    """The counter's day with 25 and with 250 dossiers, and the finance department's month."""
    with ground.unchecked() as superuser:
        sample.make_network(superuser, sizes.outlets)
    outlet = Outlet.objects.filter(commune__province_id=sample.CITY, status="active").order_by("-code")[:1].get()
    clerk = staff("bench-clerk", Role.OUTLET_CLERK, outlet=outlet)
    reviewer = staff("bench-reviewer", Role.FINANCE_REVIEWER, province_id=sample.CITY)
    with ground.unchecked() as superuser:
        superuser.execute(_CITIZEN, [outlet.id])
    facts: list[Result] = []
    there = 0
    for many in (25, 250):
        with ground.unchecked() as superuser:
            superuser.execute(_DOSSIERS, {"first": 1000 * many, "count": many - there, "outlet": outlet.id,
                                          "clerk": clerk.id})
        there = many
        facts += _page(f"counter's day, {many} dossiers", clerk, reverse("intake:counter"), sizes.pages, "≤ 6")
    facts += _page("finance month", reviewer, reverse("billing:month"), sizes.pages, "")
    return facts


def staff(username: str, role: Role, **place: object) -> StaffAccount:
    """An account of `role` that nobody can sign in to by a password."""
    return StaffAccount.objects.create(username=username, display_name=username, role=role,
                                       password=make_password(None), **place)


def _page(name: str, who: StaffAccount, path: str, times: int, goal: str) -> list[Result]:
    client = Client(headers={"Host": "localhost"})
    client.force_login(who)
    look: Callable[[], object] = lambda: _look(client, path)  # noqa: E731 - named for what it does
    for _ in range(3):
        look()
    with CaptureQueriesContext(connection) as queries:
        size = _look(client, path)
    asked = [each["sql"] for each in queries.captured_queries if each["sql"] not in {"BEGIN", "COMMIT"}]
    with Meter([postgres_pid()], with_self=True) as meter:
        walls = [_timed(look) for _ in range(times)]
    figures: Mapping[str, float] = {
        "statements": len(asked), "kB": round(size / 1000, 1), "CPU ms": round(meter.cpu / times * 1000, 1),
        "p50 ms": round(median(walls) * 1000, 1)}
    return [Fact(JOB, f"{name}: {what}", value, goal if what == "statements" else "")
            for what, value in figures.items()]


def _timed(look: Callable[[], object]) -> float:
    started = time.perf_counter()
    look()
    return time.perf_counter() - started


def _look(client: Client, path: str) -> int:
    answer = client.get(path, follow=True)
    if answer.status_code != 200:
        raise AssertionError(f"{path}: {answer.status_code}")
    return len(answer.content)
