"""How many of a city's results each operator carries home: at least, and as a rule."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from config.reference_data.reading import read_rows
from config.reference_data.rules import DatedRow, ProvinceCode, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from delivery.shares.models import CarrierContract

FILE: Final = "carrier_contracts.json"

Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class ContractRow(DatedRow):
    """`floor` and `usual` are per cent of the results that the city sends home."""

    province_code: ProvinceCode
    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]
    floor: Percent
    usual: Percent


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the contracts; the answer stores them. A version that exists keeps its shares unless `correct`."""
    rows = read_rows(ContractRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: (row.province_code, row.operator_code))
    columns = [{**sourced.row.model_dump(exclude={"province_code"}), "province_id": sourced.row.province_code}
               for sourced in rows]
    return lambda: store(CarrierContract, columns, key=["province_id", "operator_code", "valid_from"],
                         fixed=() if correct else ("floor", "usual"))
