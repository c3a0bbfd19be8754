"""What a city pays an operator for its agents' work, task by task."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from billing.models.rates import CompensationNorm, NormItem
from config.reference_data.decisions import decided_ends
from config.reference_data.reading import read_rows
from config.reference_data.rules import Code, DatedRow, Dong, Name, ProvinceCode, refuse_broken_periods
from config.reference_data.storing import Outcome, store

FILE: Final = "norms.json"

Task = Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,29}$")]


class NormRow(DatedRow):
    code: Code
    province_code: ProvinceCode
    name_vi: Name
    name_en: Name
    budget_line: Annotated[str, Field(max_length=60)] = ""
    items_vnd: Annotated[Mapping[Task, Dong], Field(min_length=1)]


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the norms; the answer stores them, refusing other amounts for a version that exists unless `correct`."""
    rows = read_rows(NormRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: row.province_code)
    return lambda: _store([sourced.row for sourced in rows], correct=correct)


def _store(rows: list[NormRow], *, correct: bool) -> Outcome:
    key = ["province_id", "valid_from"]
    norms = store(CompensationNorm, decided_ends(CompensationNorm, [_columns(row) for row in rows], key), key=key)
    id_of = {(province, valid_from): found
             for province, valid_from, found in CompensationNorm.objects.values_list(*key, "id")}
    items: list[dict[str, Any]] = [
        {"norm_id": id_of[row.province_code, row.valid_from], "task": task, "amount": amount}
        for row in rows for task, amount in row.items_vnd.items()
    ]
    return norms + store(NormItem, items, key=["norm_id", "task"], part_of="norm_id",
                         fixed=() if correct else ("amount",))


def _columns(row: NormRow) -> dict[str, Any]:
    return {**row.model_dump(exclude={"province_code", "items_vnd"}), "province_id": row.province_code}
