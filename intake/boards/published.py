"""The published board of a city: counted once a week for everybody, kept as plain data until the next week is told."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from agents import public as agents
from intake.boards.figures import Unit
from intake.boards.models import PublishedBoard
from intake.boards.national import facts_of
from intake.boards.reading import By, Line, lines_by
from intake.boards.rules import published as rules
from intake.boards.rules.counts import Counts
from intake.boards.rules.national import Facts, Share, index
from shared import scope
from shared.crypto import blind_index
from shared.transactions import operation


def published(province_code: str, day: date, *, now: datetime) -> PublishedBoard:
    """A city's board up to the end of `day`, a published Sunday; counted now when nobody has since the last one."""
    edition = rules.last_day(now)
    with scope.everything():
        kept = PublishedBoard.objects.filter(province_code=province_code, day=day, edition=edition).first()
        return kept or publish(province_code=province_code, day=day, edition=edition, at=now)


def publish_weeks(province_codes: Iterable[str], *, at: datetime) -> None:
    """Have the last published week of each province counted, so that its first reader need not wait."""
    for province_code in province_codes:
        published(province_code, rules.last_day(at), now=at)


@operation
def publish(*, province_code: str, day: date, edition: date, at: datetime) -> PublishedBoard:
    """Keep the board of a week as it is known now; whoever counts it at the same time keeps the same."""
    board, is_new = PublishedBoard.objects.get_or_create(province_code=province_code, day=day, defaults={
        "edition": edition, "made_at": at, "data": {}})
    if is_new or board.edition < edition:
        board = PublishedBoard.objects.select_for_update().get(id=board.id)
        if not board.data or board.edition < edition:
            board.data, board.edition, board.made_at = _count(province_code, day), edition, at.replace(microsecond=0)
            board.save()
    return board


def _count(province_code: str, day: date) -> dict[str, Any]:
    unit, as_of = Unit(province_code), rules.end_of(day)
    last = as_of - timedelta(microseconds=1)
    with scope.everything():
        centres, procedures = (lines_by(unit, last, by) for by in (By.CENTRE, By.PROCEDURE))
        standing = {centre.agency_code for centre in agents.centres_of_province(province_code, day)}
        groups = index(_coarse_facts(facts_of(unit, last), partial(shift_of, province_code, "index", "")))
    total = sum((line.count for line in procedures), Counts())
    return {
        "schema_version": 1, "province_code": province_code, "day": day.isoformat(), "as_of": as_of.isoformat(),
        "fewest": rules.FEWEST, "rounded_to": rules.STEP,
        "total": rules.told(total, partial(shift_of, province_code, "city", "")),
        "centres": _lines(centres, partial(shift_of, province_code, "centre"), standing),
        "procedures": _lines(procedures, partial(shift_of, province_code, "procedure")),
        "index": [{"name_vi": group.words.vi, "name_en": group.words.en, "most": group.most,
                   "points": None if group.points is None else round(group.points, 1)} for group in groups]}


def shift_of(province_code: str, kind: str, code: str, measure: str) -> int:
    """Where a number is rounded up: by a key that outlives restarts and years, since a second one would tell more."""
    digest = blind_index(f"{province_code}\x00{kind}\x00{code}\x00{measure}", bound_to="published-board")
    return int.from_bytes(digest[:8]) % rules.STEP


def _lines(lines: Sequence[Line], shift: Callable[[str, str], int],
           standing: Collection[str] = ()) -> list[dict[str, Any]]:
    """By name: an order by number would say more than the numbers do.

    A line of which nothing is told would say that somebody was there, and from one week to the next who came first;
    only the `standing` have one whatever was counted.
    """
    told = [(line, rules.told(line.count, partial(shift, line.code))) for line in lines]
    return sorted(({"code": line.code, "commune_code": line.commune_code, "name_vi": line.name.vi,
                    "name_en": line.name.en, **numbers} for line, numbers in told
                   if line.code in standing or any(number is not None for number in numbers.values())),
                  key=lambda line: (line["name_vi"], line["code"]))


def _coarse_facts(facts: Facts, shift: rules.Shift) -> Facts:
    return Facts(*(_coarse(getattr(facts, name), name, shift)
                   for name in ("in_time", "online", "satisfied", "e_results")))


def _coarse(share: Share, name: str, shift: rules.Shift) -> Share:
    """The share of told numbers; nothing where the base is too small for one."""
    part = rules.coarse(share.part, shift(f"{name} part"))
    base = rules.coarse(share.base, shift(f"{name} base"))
    if part is None or base is None or base < rules.SHARE_FROM:
        return Share(0, 0)
    return Share(min(part, base), base)
