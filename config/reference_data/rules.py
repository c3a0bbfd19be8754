"""What every dated rule in a file must say, and that its versions follow one another without overlap or gap."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from config.reference_data.problems import Problem, ReferenceDataRefused
from config.reference_data.reading import Sourced


def _iso_day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError("a day is written as text, YYYY-MM-DD")  # noqa: TRY004 -- pydantic reports ValueError only
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_iso_day)]
Dong = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
"""Whole đồng."""
Count = Annotated[int, Field(strict=True, ge=0)]
ProvinceCode = Annotated[str, Field(pattern=r"^\d{2}$")]


Name = Annotated[str, Field(min_length=2, max_length=200)]
Code = Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[A-Z0-9][A-Z0-9.-]*$")]
LegalBasis = Annotated[str, Field(min_length=15, max_length=300)]
Certainty = Literal["verified", "known", "assumed"]


class Strict(BaseModel):
    """No unknown fields, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class DatedRow(Strict):
    """`valid_to` is the first day on which the rule no longer holds; null: in force."""

    valid_from: Day
    valid_to: Day | None
    legal_basis: LegalBasis
    confidence: Certainty

    @model_validator(mode="after")
    def _period_has_days(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be later than valid_from")
        return self


class Share(Strict):
    """A fraction of an amount, kept as two whole numbers."""

    numerator: Count
    denominator: Annotated[Count, Field(ge=1, le=10_000)]

    @model_validator(mode="after")
    def _is_no_more_than_the_whole(self) -> Self:
        if self.numerator > self.denominator:
            raise ValueError("numerator may not exceed denominator")
        return self


def refuse_broken_periods[Row: DatedRow](rows: Sequence[Sourced[Row]], key: Callable[[Row], Hashable]) -> None:
    """Refuse versions of one rule that overlap, or leave days between them without any.

    Raises:
        ReferenceDataRefused: with one problem for each pair of neighbours that does not fit.
    """
    versions: dict[Hashable, list[Sourced[Row]]] = defaultdict(list)
    for sourced in rows:
        versions[key(sourced.row)].append(sourced)
    problems = [
        problem
        for name, group in versions.items()
        for earlier, later in pairwise(sorted(group, key=lambda sourced: sourced.row.valid_from))
        if (problem := _misfit(name, earlier, later)) is not None
    ]
    if problems:
        raise ReferenceDataRefused(problems)


def _misfit[Row: DatedRow](name: Hashable, earlier: Sourced[Row], later: Sourced[Row]) -> Problem | None:
    ends, begins = earlier.row.valid_to, later.row.valid_from
    if ends == begins:
        return None
    facts = {
        "rule": " ".join(map(str, name)) if isinstance(name, tuple) else str(name),
        "other": f"{earlier.file}, {earlier.number}", "ends": ends or "null", "begins": begins,
    }
    if ends is None or ends > begins:
        return later.problem(
            _("valid_from: rule %(rule)s already has a version on %(begins)s (row %(other)s is valid until %(ends)s). "
              "End that one with valid_to %(begins)s, or begin this one later.") % facts)
    return later.problem(
        _("valid_from: rule %(rule)s has no version from %(ends)s to %(begins)s (row %(other)s ends before this one "
          "begins). Let the two meet, or add the version in between.") % facts)
