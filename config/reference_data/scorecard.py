"""The formula of outlets' scorecards, version by version."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from agents.quality.models import ScoreFormula
from agents.quality.rules import WHOLE, Measure
from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Strict, refuse_broken_periods
from config.reference_data.storing import Outcome, store

FILE: Final = "scorecard.json"

Points = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
Small = Annotated[int, Field(strict=True, ge=1, le=100)]
Words = Annotated[str, Field(min_length=10, max_length=300)]


class MeasureRow(Strict):
    """`floor` and `target` are shares of 10,000."""

    measure: Measure
    weight: Small
    floor: Points
    target: Points
    least: Annotated[int, Field(strict=True, ge=1, le=1000)]
    source_vi: Words
    source_en: Words

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.floor >= self.target:
            raise ValueError("target must lie above floor")
        return self


class FormulaRow(DatedRow):
    code: Code
    measures: Annotated[tuple[MeasureRow, ...], Field(min_length=1, max_length=len(Measure))]
    least_weight: Small
    appeal_days: Small
    decision_days: Small
    excellent: Points
    steady: Points
    kind_answers: Small

    @model_validator(mode="after")
    def _names_each_measure_once(self) -> Self:
        if len({each.measure for each in self.measures}) != len(self.measures):
            raise ValueError("measures: one stands twice")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the versions; the answer stores them. One that exists keeps its terms unless `correct`."""
    rows = read_rows(FormulaRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda _row: "scorecard")
    columns = [row.model_dump(mode="json", exclude={"valid_from", "valid_to"})
               | {"valid_from": row.valid_from, "valid_to": row.valid_to} for row in (each.row for each in rows)]
    return lambda: store(ScoreFormula, columns, key=["valid_from"],
                         fixed=() if correct else ("measures", "least_weight"))
