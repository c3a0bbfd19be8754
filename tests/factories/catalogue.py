"""Real procedures from the shipped catalogue, read as the programme itself reads them, and their variations."""

import json
from functools import cache
from typing import Any

from config.reference_data.procedures import ProcedureRow, _columns
from config.runtime.paths import PROJECT
from intake.models.procedures import Procedure

BIRTH, DEATH, MARRIAGE, EXTRACT = "1.001193", "1.000656", "1.000894", "2.000635"
CERTIFIED_COPY, BUSINESS, RED_BOOK, PERMIT, ID_CARD = "2.000815", "1.001612", "1.013978", "1.013225", "1.014061"
LAND_TRANSFER, RESIDENCE = "1.013831", "1.004222"


@cache
def _rows() -> dict[str, dict[str, Any]]:
    files = sorted((PROJECT / "reference_data" / "procedures").glob("*.json"))
    rows = [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))["rows"]]
    return {row["code"]: row for row in rows}


def rows() -> dict[str, dict[str, Any]]:
    """Every shipped row by its code."""
    return _rows()


def procedure(code: str = BIRTH, **changes: Any) -> Procedure:
    """The shipped version of a procedure, with `changes` for tests that need another rule."""
    columns = _columns(ProcedureRow.model_validate(_rows()[code])) | changes
    key = {"code": code, "valid_from": columns.pop("valid_from")}
    columns.pop("code")
    return Procedure.objects.get_or_create(**key, defaults=columns)[0]
