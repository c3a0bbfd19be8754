"""What a carrier owes for a parcel that came late or was lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Name, Share, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from delivery.indemnities.models import IndemnityTerms

FILE: Final = "indemnities.json"

FIGURES: Final = ("loss_times", "numerator", "denominator", "answer_working_days", "pay_days")


class IndemnityRow(Share, DatedRow):
    """`numerator` and `denominator`: the share of a late parcel's postage that is refunded."""

    code: Code
    name_vi: Name
    name_en: Name
    loss_times: Annotated[int, Field(strict=True, ge=4, le=100)]
    answer_working_days: Annotated[int, Field(strict=True, ge=1, le=60)]
    pay_days: Annotated[int, Field(strict=True, ge=1, le=30)]


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the terms; the answer stores them. A version that exists keeps its figures unless `correct`."""
    rows = read_rows(IndemnityRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda _row: "indemnities")
    columns = [sourced.row.model_dump() for sourced in rows]
    return lambda: store(IndemnityTerms, columns, key=["valid_from"], fixed=() if correct else FIGURES)
