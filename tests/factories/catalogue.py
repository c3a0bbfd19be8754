"""Real procedures from the shipped catalogue, and their variations."""

import json
from datetime import date
from functools import cache
from typing import Any

from config.runtime.paths import PROJECT
from intake.models.procedures import Procedure
from shared.text import fold

BIRTH, DEATH, MARRIAGE, EXTRACT = "1.001193", "1.000656", "1.000894", "2.000635"
CERTIFIED_COPY, BUSINESS, RED_BOOK, PERMIT, ID_CARD = "2.000815", "1.001612", "1.013978", "1.013225", "1.014061"
LAND_TRANSFER, RESIDENCE = "1.013831", "1.004222"


@cache
def _rows() -> dict[str, dict[str, Any]]:
    files = sorted((PROJECT / "reference_data" / "procedures").glob("*.json"))
    rows = [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))["rows"]]
    return {row["code"]: row for row in rows}


def procedure(code: str = BIRTH, **changes: object) -> Procedure:
    """The shipped version of a procedure, with `changes` for tests that need another rule."""
    row = _rows()[code]
    fields: dict[str, Any] = {
        name: row[name] for name in (
            "code", "name_vi", "name_en", "field", "level", "channels", "agent_modes", "refer_reason_vi",
            "refer_reason_en", "online_level", "terms", "fee", "place_rule", "managed_by_city", "paper_forbidden_in",
            "needs_presence", "authorisation_rule", "documents", "note_vi", "note_en", "legal_basis", "confidence",
            "authority", "has_same_day_cutoff", "is_essential", "aliases", "uncertain")}
    fields |= {
        "result_type": ", ".join(row["result_types"]),
        "search_key": fold(" ".join([code, row["name_vi"], row["name_en"], *row["aliases"]])),
        "valid_from": date.fromisoformat(row["valid_from"]), "valid_to": None} | changes
    made, _ = Procedure.objects.get_or_create(code=code, valid_from=fields["valid_from"], defaults=fields)
    return made
