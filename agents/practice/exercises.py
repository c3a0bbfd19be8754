"""What can be practised. Apps above know dossiers and money: they register exercises whose steps look at what was done.

An exercise is a story, the made-up people in it, and steps. A step is done when its check finds it in the practice
database; nobody ticks anything off.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise

from agents.practice.people import MadeUp

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Try:
    """What a check may ask about: whose try it is, at which outlet, since when, about whom."""

    outlet_id: UUID
    account_id: UUID
    since: datetime
    people: Sequence[MadeUp]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done. `hint` says where, for whoever asks."""

    code: str
    words: Words
    hint: Words
    is_done: Callable[[Try], bool]


@dataclass(frozen=True, slots=True)
class Exercise:
    """Steps are looked at in their order: a later one counts once those before it are done."""

    code: str
    title: Words
    story: Words
    steps: tuple[Step, ...]
    start: str
    """The name of the page where it begins."""
    minutes: int
    people: int = 1


_exercises: Final[dict[str, Exercise]] = {}


def register(exercise: Exercise) -> None:
    """Offer an exercise; registering the same code again replaces it."""
    _exercises[exercise.code] = exercise


def exercises() -> list[Exercise]:
    return list(_exercises.values())


def exercise_of(code: str) -> Exercise | None:
    return _exercises.get(code)


type Furnish = Callable[[UUID, datetime], None]
_furnishers: Final[list[Furnish]] = []


def register_furnisher(furnish: Furnish) -> None:
    """Let an app above give a practice outlet what its work needs, e.g. parcel numbers; called inside no operation."""
    _furnishers.append(furnish)


def furnish(outlet_id: UUID, at: datetime) -> None:
    for each in _furnishers:
        each(outlet_id, at)
