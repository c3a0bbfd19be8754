"""What a city pays of the postage. A city without a row here has no known rule, and its citizens are told so."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from billing.models.rates import SubsidyRuleSet
from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Dong, Name, ProvinceCode, Share, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from intake.rules.catalogue import Channel

FILE: Final = "subsidies.json"


class SubsidyRow(Share, DatedRow):
    code: Code
    province_code: ProvinceCode
    name_vi: Name
    name_en: Name
    cap_per_trip_vnd: Dong | None
    """None: no cap."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    directions: Annotated[tuple[Literal["dossier", "result"], ...], Field(min_length=1)]
    budget_line: Annotated[str, Field(min_length=2, max_length=60)]


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the rule sets; the answer stores them, refusing other terms for a version that exists unless `correct`."""
    rows = read_rows(SubsidyRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: row.province_code)
    columns = [_columns(sourced.row) for sourced in rows]
    terms = ("numerator", "denominator", "cap_per_trip", "channels", "directions")
    return lambda: store(SubsidyRuleSet, columns, key=["province_id", "valid_from"], fixed=() if correct else terms)


def _columns(row: SubsidyRow) -> dict[str, Any]:
    plain = row.model_dump(exclude={"province_code", "cap_per_trip_vnd"})
    return {**plain, "province_id": row.province_code, "cap_per_trip": row.cap_per_trip_vnd,
            "channels": tuple(str(channel) for channel in row.channels)}
