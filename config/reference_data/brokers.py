"""From when on something is looked into as a broker's trace, and the numbers that citizens may call."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Name, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from intake.brokers.models import BrokerRule, Hotline
from intake.brokers.rules import Signal

RULES: Final = "broker_rules.json"
HOTLINES: Final = "hotlines.json"

type Whole = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class RuleRow(DatedRow):
    """`percent_of_usual`: 300 is three times what is usual there."""

    code: Signal
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]
    days: Annotated[int, Field(strict=True, ge=7, le=366)]
    least: Whole
    percent_of_usual: Annotated[int, Field(strict=True, ge=100, le=10_000)]
    seconds: Annotated[int | None, Field(strict=True, ge=1, le=10_000_000)]


class HotlineRow(DatedRow):
    code: Code
    province_code: Annotated[str, Field(pattern=r"^(\d{2})?$")]
    place: Whole
    name_vi: Annotated[Name, Field(max_length=120)]
    name_en: Annotated[Name, Field(max_length=120)]
    purpose_vi: Name
    purpose_en: Name
    number: Annotated[str, Field(pattern=r"^[0-9+][0-9 .]{1,18}( \([A-Za-z, ]+\))?$", max_length=30)]
    hours_vi: Annotated[Name, Field(max_length=120)]
    hours_en: Annotated[Name, Field(max_length=120)]


def read_rules(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the versions; the answer stores them. One that exists keeps its thresholds unless `correct`."""
    rows = read_rows(RuleRow, folder, [RULES])
    refuse_broken_periods(rows, key=lambda row: row.code)
    columns = [sourced.row.model_dump() | {"code": sourced.row.code.value} for sourced in rows]
    return lambda: store(BrokerRule, columns, key=["code", "valid_from"],
                         fixed=() if correct else ("days", "least", "percent_of_usual", "seconds"))


def read_hotlines(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the numbers; the answer stores them."""
    rows = read_rows(HotlineRow, folder, [HOTLINES])
    refuse_broken_periods(rows, key=lambda row: row.code)
    columns = [sourced.row.model_dump() for sourced in rows]
    return lambda: store(Hotline, columns, key=["code", "valid_from"])
