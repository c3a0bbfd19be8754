"""Days that differ from "Monday to Friday are worked"."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

from django.utils.translation import gettext as _
from pydantic import Field

from config.reference_data.problems import Problem, ReferenceDataRefused
from config.reference_data.reading import Sourced, read_rows
from config.reference_data.rules import Certainty, Day, LegalBasis, Strict
from config.reference_data.storing import Outcome, store
from shared import working_days
from shared.calendar import WorkCalendar
from shared.models.calendar import CalendarDay

FILE: Final = "calendar_days.json"

DayName = Annotated[str, Field(min_length=2, max_length=120)]


class CalendarRow(Strict):
    date: Day
    is_working: bool
    name_vi: DayName
    name_en: DayName
    legal_basis: LegalBasis
    confidence: Certainty


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the calendar; the answer stores it."""
    rows = read_rows(CalendarRow, folder, [FILE])
    _refuse_idle_or_twice(rows)
    return lambda: _store(rows)


def _refuse_idle_or_twice(rows: list[Sourced[CalendarRow]]) -> None:
    plain, first = WorkCalendar(), dict[object, int]()
    problems: list[Problem] = []
    for sourced in rows:
        day = sourced.row.date
        if plain.is_working(day) == sourced.row.is_working:
            problems.append(sourced.problem(
                _("date: %(day)s is like this without being named. Remove the row or correct the date.")
                % {"day": day}))
        other = first.setdefault(day, sourced.number)
        if other != sourced.number:
            problems.append(sourced.problem(
                _("date: %(day)s already stands in row %(other)d. Keep one of them.") % {"day": day, "other": other}))
    if problems:
        raise ReferenceDataRefused(problems)


def _store(rows: list[Sourced[CalendarRow]]) -> Outcome:
    outcome = store(CalendarDay, [sourced.row.model_dump() for sourced in rows], key=["date"])
    working_days.forget()
    return outcome
