"""The nearest outlets through the API, against a bare web server with the same index and against a full sort."""

import json
from collections.abc import Sequence
from datetime import date
from random import Random
from statistics import median
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from bench import ground, sample, web
from bench.filing_rows import Statement
from bench.meter import Meter
from bench.rounds import Fact, Result, Run, compare
from bench.sizes import Sizes
from bench.web import postgres_pid, request
from shared.calendar import local
from shared.geo import distance_km

JOB: Final = "nearest"
LIMIT: Final = 5
SORTED: Final = 200
"""How many the full sort hands over for exact measuring: far more than could change places on the ellipsoid."""

_KNN: Final = """
    SELECT code, name, ll_to_earth(latitude, longitude) <-> ll_to_earth(%(latitude)s, %(longitude)s) AS metres
    FROM agents_outlet
    WHERE status = 'active' AND agreement_from <= current_date
      AND (agreement_until IS NULL OR agreement_until > current_date) AND tasks @> ARRAY['file_online']::varchar[]
    ORDER BY metres LIMIT 5
"""
_FULL_SORT: Final = """
    SELECT code, latitude, longitude FROM agents_outlet
    WHERE status = 'active' AND agreement_from <= %(day)s AND (agreement_until IS NULL OR agreement_until > %(day)s)
      AND tasks @> ARRAY['file_online']::varchar[]
    ORDER BY sin(radians(latitude - %(latitude)s) / 2) ^ 2 + cos(radians(latitude)) * cos(radians(%(latitude)s))
             * sin(radians(longitude - %(longitude)s) / 2) ^ 2
    LIMIT %(limit)s
"""
type Point = tuple[float, float]


def run(sizes: Sizes) -> list[Result]:
    """Rounds among the smaller number of outlets, then the same searches among the larger."""
    with ground.unchecked() as superuser:
        sample.make_network(superuser, sizes.outlets)
    machine = sample.make_machines(1)[0]
    web.floor_runs(JOB, Statement(_KNN, {}))
    seeded = Random(11)
    floor, project = web.floor(sizes.processes), web.project(sizes.processes)

    def ask() -> Run:
        return project.run([_search(each, machine.token) for each in _points(sizes.searches, seeded)])

    def ask_floor() -> Run:
        return floor.run([_floor_search(each) for each in _points(sizes.searches, seeded)])

    ask(), ask_floor()
    ratios = compare(JOB, project=ask, floors={"web server, one statement": ask_floor},
                     goals={"web server, one statement": "CPU ≤ 1.8"}, rounds=sizes.rounds)
    points = _points(sizes.points, Random(13))
    _, bodies = project.ask([_search(each, machine.token) for each in points], keep=True)
    return [*ratios, *_equality(points, bodies), *_flatness(sizes, ask)]


def _points(many: int, seeded: Random) -> list[Point]:
    """Random places in the box around Vietnam, a third of which lie in the sea."""
    return [(seeded.uniform(8.6, 23.2), seeded.uniform(102.3, 109.4)) for _ in range(many)]


def _search(point: Point, token: str) -> str:
    where = f"latitude={point[0]:.5f}&longitude={point[1]:.5f}"
    return request("GET", f"/api/v1/outlets/nearest?{where}&limit={LIMIT}&procedure_code=1.001193",
                   headers={"Authorization": f"Bearer {token}"})


def _floor_search(point: Point) -> str:
    return request("GET", f"/api/nearest?latitude={point[0]:.5f}&longitude={point[1]:.5f}")


def _equality(points: Sequence[Point], bodies: Sequence[str]) -> list[Result]:
    """Every answer against the full sort over all outlets, measured exactly."""
    day = local(timezone.now()).date()
    with Meter([postgres_pid()], with_self=True) as meter:
        expected = [_sorted(_rounded(point), day) for point in points]
    equal = sum([each["code"] for each in json.loads(body)["items"]] == codes
                for body, codes in zip(bodies, expected, strict=True))
    return [Fact(JOB, f"answers equal to the full sort, of {len(points)}", equal, str(len(points))),
            Fact(JOB, "CPU of a full sort with exact measuring, µs", round(meter.cpu / len(points) * 1e6))]


def _rounded(point: Point) -> Point:
    """As the request says it."""
    return round(point[0], 5), round(point[1], 5)


def _sorted(point: Point, day: date) -> list[str]:
    asked: dict[str, Any] = {"latitude": point[0], "longitude": point[1], "day": day, "limit": SORTED}
    with connection.cursor() as cursor:
        cursor.execute(_FULL_SORT, asked)
        measured = sorted((distance_km(point, (latitude, longitude)), code)
                          for code, latitude, longitude in cursor.fetchall())
    return [code for _, code in measured[:LIMIT]]


def _flatness(sizes: Sizes, ask: Any) -> list[Result]:
    few: list[Run] = [ask() for _ in range(sizes.rounds)]
    with ground.unchecked() as superuser:
        sample.make_network(superuser, sizes.more_outlets)
    ask()
    many: list[Run] = [ask() for _ in range(sizes.rounds)]
    ratio = median(each.cpu_us for each in many) / median(each.cpu_us for each in few)
    return [Fact(JOB, f"CPU among {sizes.more_outlets:,} outlets against {sizes.outlets:,}", round(ratio, 2), "≤ 1.3")]

