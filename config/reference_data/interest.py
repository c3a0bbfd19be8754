"""What a year's delay of a payment costs whoever was late."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from billing.redress.models import InterestRule
from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Name, Share, refuse_broken_periods
from config.reference_data.storing import Outcome, store

FILE: Final = "interest.json"


class InterestRow(Share, DatedRow):
    code: Code
    name_vi: Name
    name_en: Name


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the versions; the answer stores them. One that exists keeps its rate unless `correct`."""
    rows = read_rows(InterestRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda _row: "interest")
    columns = [sourced.row.model_dump() for sourced in rows]
    return lambda: store(InterestRule, columns, key=["valid_from"],
                         fixed=() if correct else ("numerator", "denominator"))
