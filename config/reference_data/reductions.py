"""National reductions of postage by class of people."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from billing.models.rates import Reduction
from config.reference_data.decisions import decided_ends
from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Name, Share, refuse_broken_periods
from config.reference_data.storing import Outcome, store

FILE: Final = "reductions.json"


class ReductionRow(Share, DatedRow):
    code: Code
    beneficiary_class: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,39}$")]
    name_vi: Name
    name_en: Name


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the reductions; the answer stores them. A version that exists keeps its share unless `correct`."""
    rows = read_rows(ReductionRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: row.beneficiary_class)
    columns = [sourced.row.model_dump() for sourced in rows]
    key = ["beneficiary_class", "valid_from"]
    return lambda: store(Reduction, decided_ends(Reduction, columns, key), key=key,
                         fixed=() if correct else ("numerator", "denominator"))
