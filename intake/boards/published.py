"""The published board of a city: counted once a quarter of an hour for everybody, kept as plain data."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.cache import cache

from agents import public as agents
from intake.boards.figures import Unit
from intake.boards.national import facts_of
from intake.boards.reading import By, Line, lines_by
from intake.boards.rules import published as rules
from intake.boards.rules.counts import Counts
from intake.boards.rules.national import Facts, Share, index
from shared import scope

KEPT_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Published:
    """`data` is what the feed sends: coarse numbers and names, nobody's data."""

    data: Mapping[str, Any]
    made_at: datetime


def published(province_code: str, day: date, *, now: datetime) -> Published:
    """A city's board up to the end of `day`, which must be over.

    Late news changes a published day; what is kept is at most `KEPT_SECONDS` old.
    """
    key = f"published-board:{province_code}:{day.isoformat()}"
    kept = cache.get(key)
    if kept is None:
        kept = {"made_at": now.replace(microsecond=0).isoformat(), "data": _count(province_code, day)}
        cache.set(key, kept, KEPT_SECONDS)
    return Published(kept["data"], datetime.fromisoformat(kept["made_at"]))


def _count(province_code: str, day: date) -> dict[str, Any]:
    unit, as_of = Unit(province_code), rules.end_of(day)
    last = as_of - timedelta(microseconds=1)
    with scope.everything():
        centres, procedures = (lines_by(unit, last, by) for by in (By.CENTRE, By.PROCEDURE))
        standing = {centre.agency_code for centre in agents.centres_of_province(province_code, day)}
        groups = index(_coarse_facts(facts_of(unit, last)))
    total = sum((line.count for line in procedures), Counts())
    return {
        "schema_version": 1, "province_code": province_code, "day": day.isoformat(), "as_of": as_of.isoformat(),
        "fewest": rules.FEWEST, "rounded_to": rules.STEP, "total": rules.told(total),
        "centres": _lines(centres, standing), "procedures": _lines(procedures),
        "index": [{"name_vi": group.words.vi, "name_en": group.words.en, "most": group.most,
                   "points": None if group.points is None else round(group.points, 1)} for group in groups]}


def _lines(lines: Sequence[Line], standing: Collection[str] = ()) -> list[dict[str, Any]]:
    """By name: an order by number would say more than the numbers do.

    A line of which nothing is told would say that somebody was there, and from one day to the next who came first; only
    the `standing` have one whatever was counted.
    """
    told = [(line, rules.told(line.count)) for line in lines]
    return sorted(({"code": line.code, "commune_code": line.commune_code, "name_vi": line.name.vi,
                    "name_en": line.name.en, **numbers} for line, numbers in told
                   if line.code in standing or any(number is not None for number in numbers.values())),
                  key=lambda line: (line["name_vi"], line["code"]))


def _coarse_facts(facts: Facts) -> Facts:
    return Facts(*(_coarse(share) for share in (facts.in_time, facts.online, facts.satisfied, facts.e_results)))


def _coarse(share: Share) -> Share:
    """The share of told numbers; nothing where the base is too small for one."""
    part, base = rules.coarse(share.part), rules.coarse(share.base)
    if part is None or base is None or base < rules.SHARE_FROM:
        return Share(0, 0)
    return Share(min(part, base), base)
