"""Courses: lessons and the questions that tests are drawn from."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Self

from django.contrib.staticfiles import finders
from pydantic import Field, model_validator

from agents.practice.exercises import exercise_of
from agents.training.models import Course
from config.reference_data.problems import ReferenceDataRefused
from config.reference_data.reading import Sourced, files_in, read_rows
from config.reference_data.rules import DatedRow, Strict, refuse_broken_periods
from config.reference_data.storing import Outcome, store

FOLDER: Final = "courses"

Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", min_length=2, max_length=40)]
Title = Annotated[str, Field(min_length=3, max_length=120)]
Said = Annotated[str, Field(min_length=3, max_length=600)]
Text = Annotated[str, Field(min_length=20, max_length=4000)]
StaticFile = Annotated[str, Field(pattern=r"^(|agents/training/[a-z0-9_-]+\.(svg|png|jpg|webm|mp4))$", max_length=100)]


class Lesson(Strict):
    """`text_*`: paragraphs, one a line. `picture` and `video` are files of our own, never of another machine."""

    title_vi: Title
    title_en: Title
    text_vi: Text
    text_en: Text
    picture: StaticFile = ""
    picture_vi: Annotated[str, Field(max_length=300)] = ""
    picture_en: Annotated[str, Field(max_length=300)] = ""
    video: StaticFile = ""


class Question(Strict):
    """`options`: Vietnamese and English; `right` is the index of the one right answer."""

    code: Slug
    text_vi: Said
    text_en: Said
    options: Annotated[tuple[tuple[Said, Said], ...], Field(min_length=3, max_length=5)]
    right: Annotated[int, Field(strict=True, ge=0, le=4)]
    why_vi: Said
    why_en: Said
    source: Annotated[str, Field(min_length=8, max_length=200)]

    @model_validator(mode="after")
    def _has_its_answer(self) -> Self:
        if self.right >= len(self.options):
            raise ValueError("right: there is no such option")
        if len({option[0] for option in self.options}) != len(self.options):
            raise ValueError("options: one stands twice")
        return self


class CourseRow(DatedRow):
    code: Slug
    group: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=40)]
    place: Annotated[int, Field(strict=True, ge=1, le=99)]
    title_vi: Title
    title_en: Title
    summary_vi: Annotated[str, Field(min_length=10, max_length=300)]
    summary_en: Annotated[str, Field(min_length=10, max_length=300)]
    draws: Annotated[int, Field(strict=True, ge=3, le=30)]
    pass_percent: Annotated[int, Field(strict=True, ge=50, le=100)]
    minutes: Annotated[int, Field(strict=True, ge=5, le=120)]
    wait_hours: Annotated[int, Field(strict=True, ge=0, le=720)]
    valid_months: Annotated[int, Field(strict=True, ge=1, le=60)]
    lessons: Annotated[tuple[Lesson, ...], Field(min_length=1, max_length=30)]
    exercises: Annotated[tuple[Slug, ...], Field(max_length=10)] = ()
    """Of practice (config/exercises.py)."""
    questions: Annotated[tuple[Question, ...], Field(min_length=8, max_length=200)]

    @model_validator(mode="after")
    def _bank_is_larger_than_a_test(self) -> Self:
        if len({question.code for question in self.questions}) != len(self.questions):
            raise ValueError("questions: a code stands twice")
        if self.draws >= len(self.questions):
            raise ValueError("draws: the bank must hold more questions than a test asks")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the courses; the answer stores them."""
    rows = read_rows(CourseRow, folder, files_in(folder, FOLDER))
    refuse_broken_periods(rows, key=lambda row: row.code)
    _refuse_missing_files(rows)
    _refuse_unknown_exercises(rows)
    columns = [_columns(sourced.row) for sourced in rows]
    return lambda: store(Course, columns, key=["code", "valid_from"])


def _refuse_missing_files(rows: list[Sourced[CourseRow]]) -> None:
    problems = [sourced.problem(f"{file}: no such file among the static ones")
                for sourced in rows for lesson in sourced.row.lessons for file in (lesson.picture, lesson.video)
                if file and finders.find(file) is None]
    if problems:
        raise ReferenceDataRefused(problems)


def _refuse_unknown_exercises(rows: list[Sourced[CourseRow]]) -> None:
    problems = [sourced.problem(f"{code}: no such exercise") for sourced in rows for code in sourced.row.exercises
                if exercise_of(code) is None]
    if problems:
        raise ReferenceDataRefused(problems)


def _columns(row: CourseRow) -> dict[str, Any]:
    days = {"valid_from": row.valid_from, "valid_to": row.valid_to}
    plain = row.model_dump(mode="json", exclude=set(days))
    return plain | days | {"exercises": row.exercises}
