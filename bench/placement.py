"""Where outlets should stand, for the whole of Hà Nội: 126 communes, 300 candidate sites, 32 wanted, both questions.

Demand is the standard population of the former units that went into each commune; candidates are the points of former
communes. There is no floor to compare with: what counts is that the answer is proven, and in how many seconds.
"""

import csv
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import numpy as np

from agents.placement.ground import ways_km
from agents.placement.solving import Objective, Question, solve
from agents.placement.terms import Demand, Place
from bench.rounds import Result, facts_of
from bench.sizes import SMALL, Sizes
from config.runtime.paths import PROJECT

JOB: Final = "placement"
HANOI: Final = "01"
REACH_KM: Final = 3.0
_GOALS: Final = {"coverage.proven": "True", "distance.proven": "True"}


def run(sizes: Sizes) -> list[Result]:
    """Both questions once; a tiny run asks a third of them."""
    communes, sites, wanted = (42, 60, 8) if sizes is SMALL else (126, 300, 32)
    demands, places = list(_demands())[:communes], list(_places())
    spread = [places[at] for at in np.linspace(0, len(places) - 1, sites).astype(int)]
    figures = {str(objective): _figures(demands, spread, wanted, objective) for objective in Objective}
    return facts_of(JOB, figures, _GOALS)


def _figures(demands: list[Demand], places: list[Place], wanted: int, objective: Objective) -> dict[str, object]:
    started = time.perf_counter()
    question = Question(ways_km(demands, places), np.array([each.weight for each in demands]), 0, wanted, objective,
                        REACH_KM)
    answer = solve(question)
    return {"seconds": round(time.perf_counter() - started, 2), "proven": answer.is_proven,
            "communes": len(demands), "sites": len(places), "wanted": wanted, "value": round(answer.value, 3)}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (PROJECT / "reference_data" / "places" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _demands() -> Iterator[Demand]:
    units: dict[str, int] = {}
    for row in _rows("former_communes.csv"):
        code = row["default_successor"]
        units[code] = units.get(code, 0) + (15_000 if row["kind"] == "phuong" else 8_000)
    for row in _rows("communes.csv"):
        if row["province_code"] == HANOI:
            people = units.get(row["code"], 8_000)
            yield Demand(row["code"], row["name"], float(row["lat"]), float(row["lon"]), people, None, None,
                         Decimal(1), float(people))


def _places() -> Iterator[Place]:
    communes = {row["code"] for row in _rows("communes.csv") if row["province_code"] == HANOI}
    for row in _rows("former_communes.csv"):
        if row["default_successor"] in communes and row["lat"]:
            yield Place(f"site:{row['code']}", row["code"], row["name"], "", float(row["lat"]), float(row["lon"]))
