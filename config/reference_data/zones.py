"""Operators' own tables of zones: which zone of their tariff lies between two units."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from billing.rules.zones import Zone
from config.reference_data.reading import read_rows
from config.reference_data.rules import DatedRow, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from delivery.addresses import zones
from delivery.addresses.models import ZoneEntry

FILE: Final = "zones.json"
DIGITS: Final = {"commune": 5, "former_district": 3, "province": 2}
_KEY: Final = ("operator_code", "basis", "origin_code", "destination_code")

UnitCode = Annotated[str, Field(pattern=r"^\d{2,5}$")]


class ZoneRow(DatedRow):
    """Both ways alike, so the smaller code comes first. `basis` says what the two codes are codes of."""

    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]
    basis: Literal["commune", "former_district", "province"]
    origin_code: UnitCode
    destination_code: UnitCode
    zone: Zone

    @model_validator(mode="after")
    def _codes_fit(self) -> Self:
        if {len(self.origin_code), len(self.destination_code)} != {DIGITS[self.basis]}:
            raise ValueError(f"codes of a {self.basis} have {DIGITS[self.basis]} digits")
        if self.origin_code > self.destination_code:
            raise ValueError("the smaller code comes first")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the tables; the answer stores them. A line that exists keeps its zone unless `correct`."""
    rows = read_rows(ZoneRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: tuple(getattr(row, name) for name in _KEY))
    columns = [sourced.row.model_dump() | {"zone": sourced.row.zone.value} for sourced in rows]

    def stored() -> Outcome:
        outcome = store(ZoneEntry, columns, key=[*_KEY, "valid_from"], fixed=() if correct else ("zone",))
        zones.forget()
        return outcome

    return stored
