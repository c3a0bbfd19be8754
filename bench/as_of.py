"""Boards of a city over a growing number of dossiers: a past moment, two moments, one centre, and a day's new steps.

The floor is what a report by hand would keep on the same server: one narrow row a step and a complete total a day of
two figures, read by the day's total and the steps of the day so far. The project answers fourteen figures, to the
second, from its own tables. Both keep their plans. Growth is what a question costs over the most dossiers against the
fewest. Every figure in every cut must be what a count of all steps one by one gives, before and after the new day.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from random import Random
from typing import Any, Final
from uuid import UUID

from django.db import connection

from agents.models.organisations import Centre
from bench import board_ground as city
from bench.meter import cost_of, growth_of
from bench.rounds import Fact, Ratio, Result, Run, compare
from bench.sizes import Sizes
from intake.boards.figures import Unit, read_figures
from intake.boards.operations import keep_up, rebuild
from intake.boards.statements import Cut
from intake.boards.truth import differences, slow_counts
from shared import prepared

JOB: Final = "board"
UNIT: Final = Unit(city.PROVINCE)
_CENTRES, _PROCEDURES = ("centre_id",), ("procedure_code",)
_AFTER: Final = city.LAST + timedelta(minutes=1)
_FLOOR: Final = "report by hand"
_GOALS: Final = {"a past moment": "≤ 2×", "two moments compared": "≤ 2×", "one centre": "≤ 2×", "a day's steps": "–"}
_TABLES: Final = ("boardcell", "boardstay", "boardsnapshot", "boardtotal", "dossierstep")

_BY_HAND: Final = """
    SELECT {groups}, sum(received), sum(resolved) FROM (
        SELECT centre, procedure, received, resolved FROM floor_total WHERE day = %(day)s
        UNION ALL
        SELECT centre, procedure, received, resolved FROM floor_step WHERE at >= %(midnight)s AND at <= %(as_of)s) q
    WHERE {where} GROUP BY GROUPING SETS ({sets})
"""

type Question = Callable[[datetime], object]


def run(sizes: Sizes) -> list[Result]:
    """Each amount in a city made anew; empty tables afterwards are nobody's concern."""
    results: list[Result] = []
    costs: dict[str, list[float]] = {}
    for dossiers in sizes.board_dossiers:
        for each in _one_amount(dossiers, sizes):
            results.append(each)
            if isinstance(each, Ratio):
                costs.setdefault(each.job.split(", ")[1], []).append(each.cpu_us)
    for name, (first, *_others, last) in ((name, each) for name, each in costs.items() if len(each) > 1):
        results.append(Fact(JOB, f"{name}: cost over {sizes.board_dossiers[-1]:,} against {sizes.board_dossiers[0]:,}",
                            round(last / first, 2), "≤ 1.5×" if name != "a day's steps" else "≤ 1.25× a step"))
    return results


def _one_amount(dossiers: int, sizes: Sizes) -> Iterator[Result]:
    amount = f"board of {dossiers:,}"
    began = time.perf_counter()
    city.fill(dossiers)
    yield Fact(JOB, f"{amount}: steps made, seconds", round(time.perf_counter() - began, 1))
    yield from _loaded(amount)
    city.make_floor()
    _vacuum()
    for name, (ours, by_hand) in _questions().items():
        yield from compare(
            f"{JOB}, {name}, {dossiers:,}", project=partial(_asked, ours, sizes.moments),
            floors={_FLOOR: partial(_asked, by_hand, sizes.moments)}, goals={_FLOOR: _GOALS[name]},
            rounds=sizes.rounds)
    yield from _proved(amount, "a year", [_moments(7)[0], city.MORNING])
    yield from _a_day_more(amount, dossiers)
    yield from _proved(amount, "one day more", [_AFTER, city.LAST - timedelta(days=2)])


def _loaded(amount: str) -> Iterator[Result]:
    began, counted = time.perf_counter(), 0

    def load() -> None:
        nonlocal counted
        counted = rebuild(at=city.MORNING)

    grown = growth_of(load)
    taken = time.perf_counter() - began
    yield Fact(JOB, f"{amount}: everything made again, seconds", round(taken, 1))
    yield Fact(JOB, f"{amount}: steps counted a second", round(counted / taken))
    yield Fact(JOB, f"{amount}: our process grew while it was made, MB", round(grown / 1e6), "≤ 50")


# --- questions ------------------------------------------------------------------------------------------------------


def _questions() -> Mapping[str, tuple[Question, Question]]:
    """Ours and the floor's, name by name."""
    centre = Centre.objects.filter(province_id=city.PROVINCE, level="commune").order_by("id").values_list(
        "id", flat=True)[:1].get()
    return {
        "a past moment": (_page, _page_by_hand),
        "two moments compared": (_two, _two_by_hand),
        "one centre": (partial(_centre, centre), partial(_centre_by_hand, centre)),
    }


def _page(moment: datetime) -> object:
    """What the page asks first: by centre, by procedure, and the hours of three days."""
    return read_figures(UNIT, moment, groups={_CENTRES: Cut.CENTRE_OUTLET, _PROCEDURES: Cut.OPERATOR_PROCEDURE},
                        with_hours=True)


def _two(moment: datetime) -> object:
    return [read_figures(UNIT, each, groups={_CENTRES: Cut.CENTRE_OUTLET})
            for each in (moment - timedelta(days=1), moment)]


def _centre(centre: UUID, moment: datetime) -> object:
    return read_figures(Unit(city.PROVINCE, centre), moment, groups={_PROCEDURES: Cut.CENTRE_PROCEDURE})


def _page_by_hand(moment: datetime) -> object:
    return _by_hand(moment, "centre, procedure", "(centre), (procedure)")


def _two_by_hand(moment: datetime) -> object:
    return [_by_hand(each, "centre", "(centre)") for each in (moment - timedelta(days=1), moment)]


def _centre_by_hand(centre: UUID, moment: datetime) -> object:
    return _by_hand(moment, "procedure", "(procedure)", where="centre = %(centre)s", centre=centre)


def _by_hand(moment: datetime, groups: str, sets: str, *, where: str = "true", **more: Any) -> object:
    midnight = (moment + timedelta(hours=7)).replace(hour=0, minute=0, second=0, microsecond=0)
    (rows,) = prepared.run((_BY_HAND.format(groups=groups, sets=sets, where=where), {
        "day": midnight.date(), "midnight": midnight - timedelta(hours=7), "as_of": moment, **more}))
    return rows


def _asked(question: Question, times: int) -> Run:
    moments, latencies = _moments(times), []

    def ask() -> None:
        for moment in moments:
            began = time.perf_counter()
            question(moment)
            latencies.append(time.perf_counter() - began)

    question(moments[0])
    cost = cost_of(ask)
    return Run(times, cost.wall, cost.cpu, latencies)


def _moments(times: int) -> list[datetime]:
    """Moments of working hours, in every part of the year; the same in every run."""
    random = Random(7)  # no secret
    days = cycle(range(20, city.DAYS - 1, 17))
    return [city.FIRST + timedelta(days=next(days), hours=random.randrange(8, 17), minutes=random.randrange(60))
            for _ in range(times)]


# --- a day more, and the truth --------------------------------------------------------------------------------------


def _a_day_more(amount: str, dossiers: int) -> Iterator[Result]:
    """Once: a day cannot be taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM intake_dossierstep")
        (last,) = cursor.fetchone()
    city.add_last_day(dossiers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_dossierstep WHERE id > %s", [last])
        (steps,) = cursor.fetchone()
    if not steps:
        return
    by_hand = cost_of(lambda: _refresh_by_hand(last))
    calls: list[int] = []
    ours = cost_of(lambda: calls.extend(iter(lambda: keep_up(at=_AFTER), 0)))
    yield from compare(f"{JOB}, a day's steps, {dossiers:,}", project=lambda: Run(steps, ours.wall, ours.cpu),
                       floors={_FLOOR: lambda: Run(steps, by_hand.wall, by_hand.cpu)},
                       goals={_FLOOR: _GOALS["a day's steps"]}, rounds=1)
    yield Fact(JOB, f"{amount}: steps of that day, and transactions they were counted in", f"{steps} in {len(calls)}")


def _refresh_by_hand(last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(city.FLOOR_REFRESH, {"last": last})


def _proved(amount: str, when: str, moments: Sequence[datetime]) -> Iterator[Result]:
    began = time.perf_counter()
    for moment in moments:
        slow_counts(city.PROVINCE, moment)
    slow = (time.perf_counter() - began) / len(moments)
    began = time.perf_counter()
    for moment in moments:
        _page(moment)
    fast = (time.perf_counter() - began) / len(moments)
    wrong = len(differences(city.PROVINCE, moments))
    yield Fact(JOB, f"{amount}, {when}: figures of every cut not equal to a count of all steps", wrong, "0")
    yield Fact(JOB, f"{amount}, {when}: times faster than that count", round(slow / fast, 1), "≥ 100 from 1,000,000 on")


def _vacuum() -> None:
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE intake_{table}")
