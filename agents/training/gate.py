"""May this person take a dossier of this group? Asked by intake at each dossier, so it must cost next to nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import get_language

from agents.models.people import StaffAccount
from agents.training.models import Course
from agents.training.queries import courses_on, gate_rows, newest_ends
from agents.training.rules import needed_for
from shared import practice

_KEPT_SECONDS: Final = 30.0
_kept: tuple[float, Mapping[str, date | None]] | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """A certificate that is asked for and does not hold. `expired_on` is None when there never was one."""

    group: str
    course_code: str
    title_vi: str
    title_en: str
    expired_on: date | None = None

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether somebody may take dossiers of a group. `holds_from`: since when the city asks; None: it does not."""

    lacks: tuple[Lack, ...] = ()
    holds_from: date | None = None

    @property
    def is_open(self) -> bool:
        return not self.lacks


_OPEN: Final = Admission()


def may_take(account_id: UUID, group: str, on: date) -> Admission:
    """Whether the person may take a dossier of a procedure group (a procedure's `field`) on a local day.

    Open wherever the gate of her outlet's city does not hold, and for whoever works at no outlet. A process remembers
    the gates for half a minute, so that a city without one costs no query. In practice it is open: one practises for
    the certificate.
    """
    if practice.is_on():
        return _OPEN
    gates = {code: day for code, day in _gates().items() if day is not None and day <= on}
    if not gates:
        return _OPEN
    city = StaffAccount.objects.filter(id=account_id).values_list("outlet__commune__province_id", flat=True).first()
    if city not in gates:
        return _OPEN
    return Admission(_lacks(account_id, group, on), gates[city])


def holds_from(province_code: str) -> date | None:
    """Since when a city asks for certificates; None: it does not."""
    return _gates().get(province_code)


def _lacks(account_id: UUID, group: str, on: date) -> tuple[Lack, ...]:
    courses = {course.group: course for course in courses_on(on).defer("lessons", "questions")}
    ends = newest_ends([account_id])
    return tuple(_lack(courses[each], ends.get((account_id, each))) for each in needed_for(group, courses)
                 if ends.get((account_id, each), date.min) <= on)


def _lack(course: Course, ended: date | None) -> Lack:
    return Lack(course.group, course.code, course.title_vi, course.title_en, ended)


def _gates() -> Mapping[str, date | None]:
    global _kept  # noqa: PLW0603  # one memory a process, as agents/site_days.py
    now = time.monotonic()
    if _kept is None or now - _kept[0] > _KEPT_SECONDS:
        _kept = (now, {row.province_id: row.holds_from for row in gate_rows()})
    return _kept[1]


def forget() -> None:
    """Ask the database again: after a gate was set, and between tests."""
    global _kept  # noqa: PLW0603  # see above
    _kept = None
