"""Drawing a test, marking it, and how long a certificate holds. Pure."""

import random
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

BASE_GROUP: Final = "acting"
"""Acting for a citizen and her consent: comes before every group of procedures."""
CUSTODY_GROUP: Final = "custody"
"""Hand-over and custody: shown in the coverage, asked for by no procedure."""
EXPIRES_SOON: Final = timedelta(days=30)
LEAST_NOTICE: Final = timedelta(days=7)
"""A city's gate is announced at least so long before it holds."""

type Paper = Sequence[Mapping[str, Any]]
"""The questions of one attempt, each with its options in the order shown and `right`, the index of the right one."""


class Standing(StrEnum):
    """Where somebody stands with a group."""

    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"
    NONE = "none"


def draw(bank: Sequence[Mapping[str, Any]], *, how_many: int, seed: int) -> list[dict[str, Any]]:
    """`how_many` different questions of the bank, and their options shuffled; the same seed gives the same paper."""
    chance = random.Random(seed)  # noqa: S311  # fairness, not secrecy: the seed is kept with the attempt
    paper = []
    for question in chance.sample(list(bank), min(how_many, len(bank))):
        order = list(range(len(question["options"])))
        chance.shuffle(order)
        paper.append({**question, "options": [question["options"][each] for each in order],
                      "right": order.index(question["right"])})
    return paper


def right_answers(paper: Paper, answers: Mapping[str, int]) -> int:
    """`answers`: question code → index of the chosen option; what is left out is wrong."""
    return sum(answers.get(question["code"]) == question["right"] for question in paper)


def has_passed(right: int, asked: int, pass_percent: int) -> bool:
    return asked > 0 and 100 * right >= pass_percent * asked


def may_try_from(failed_at: datetime | None, wait_hours: int) -> datetime | None:
    """When the next attempt may begin after the last one that failed; None: at once."""
    return None if failed_at is None else failed_at + timedelta(hours=wait_hours)


def valid_until(issued_on: date, months: int) -> date:
    """The first day on which a certificate no longer holds: the same day `months` later, or the last of that month."""
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def standing(until: date | None, on: date) -> Standing:
    """`until`: the first day on which the certificate no longer holds; None: there is none."""
    if until is None:
        return Standing.NONE
    if until <= on:
        return Standing.EXPIRED
    return Standing.ENDING if until - on <= EXPIRES_SOON else Standing.VALID


def needed_for(group: str, taught: Collection[str]) -> tuple[str, ...]:
    """The groups of which a certificate is asked before a procedure of `group`: the base, and its own where taught."""
    return tuple(each for each in dict.fromkeys((BASE_GROUP, group)) if each in taught and each != CUSTODY_GROUP)


def last_day(until: date) -> date:
    """The last day on which a certificate that holds until `until` (exclusive) holds."""
    return until - timedelta(days=1)
