"""Events of life and the procedures that usually go together."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from config.reference_data.reading import read_rows
from config.reference_data.rules import DatedRow, Strict, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from intake.models.counter import LifeEvent

FILE: Final = "life_events.json"

ProcedureCode = Annotated[str, Field(pattern=r"^[1-3]\.\d{6}$")]
PaperCode = Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=40)]
Note = Annotated[str, Field(max_length=300)]


class Step(Strict):
    """`replaces`: procedures not needed with this one. `shares`: own paper, other procedure, its paper."""

    procedure_code: ProcedureCode
    is_usual: bool
    replaces: tuple[ProcedureCode, ...] = ()
    shares: tuple[tuple[PaperCode, ProcedureCode, PaperCode], ...] = ()
    note_vi: Note = ""
    note_en: Note = ""


class LifeEventRow(DatedRow):
    code: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=40)]
    name_vi: Annotated[str, Field(min_length=3, max_length=120)]
    name_en: Annotated[str, Field(min_length=3, max_length=120)]
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=40)]
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        codes = [step.procedure_code for step in self.steps]
        if len(set(codes)) != len(codes):
            raise ValueError("steps: a procedure stands twice")
        replaced = {code for step in self.steps for code in step.replaces}
        shared = {other for step in self.steps for _own, other, _its in step.shares}
        if not replaced | shared <= set(codes):
            raise ValueError("steps: replaces and shares name procedures of this event")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the events; the answer stores them."""
    rows = read_rows(LifeEventRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: row.code)
    columns = [_columns(sourced.row) for sourced in rows]
    return lambda: store(LifeEvent, columns, key=["code", "valid_from"])


def _columns(row: LifeEventRow) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude={"valid_from", "valid_to"}) | {
        "valid_from": row.valid_from, "valid_to": row.valid_to}
