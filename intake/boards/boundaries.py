"""Taking the outlines that a deployer has the right to use; the project brings none."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from intake.boards.models import Boundary
from intake.boards.rules.outlines import outlines, problem_of
from shared import audit
from shared.actors import job
from shared.models.places import Commune
from shared.transactions import operation

LOADER: Final = job("boundaries")
TOLD: Final = 50


class BoundariesRefused(Exception):
    """The file is none that can be loaded; `problems` names the rows."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems[:TOLD]) + ([f"… and {len(problems) - TOLD} more"] if len(problems) > TOLD else [])


@operation
def load_boundaries(*, content: bytes, source: str, at: datetime) -> int:
    """Replace the outlines of the communes in the file. Returns how many there were.

    Raises:
        BoundariesRefused: a row is wrong; nothing is loaded then.
    """
    features = _features(content)
    codes = [_code(feature) for feature in features]
    communes = {commune.code: commune for commune in Commune.objects.filter(code__in=codes)}
    problems = [told for row, (feature, code) in enumerate(zip(features, codes, strict=True), start=1)
                if (told := _problem(row, feature, code, codes, communes))]
    if problems:
        raise BoundariesRefused(problems)
    digest = sha256(content).hexdigest()
    Boundary.objects.filter(commune__in=codes).delete()
    Boundary.objects.bulk_create([
        Boundary(commune=communes[code], province_code=communes[code].province_id, source=source[:200], loaded_at=at,
                 shape={"rings": list(outlines(feature["geometry"]))}, digest=digest)
        for feature, code in zip(features, codes, strict=True)])
    audit.record(actor=LOADER, action="boundaries.load", object_type="boundaries", object_id=digest, at=at,
                 after={"communes": len(codes), "source": source[:200]})
    return len(codes)


def _features(content: bytes) -> list[dict[str, Any]]:
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BoundariesRefused([f"The file is no JSON: {error.msg}."]) from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not features or not all(isinstance(each, dict) for each in features):
        raise BoundariesRefused(["The file is no FeatureCollection with features."])
    return features


def _code(feature: dict[str, Any]) -> str:
    properties = feature.get("properties")
    return str(properties.get("code", "")) if isinstance(properties, dict) else ""


def _problem(row: int, feature: dict[str, Any], code: str, codes: Sequence[str],
             communes: dict[str, Commune]) -> str:
    if code not in communes:
        return f"Row {row}: the property code {code!r} names no commune."
    if codes.index(code) != row - 1:
        return f"Row {row}: commune {code} has an outline in row {codes.index(code) + 1} already."
    commune = communes[code]
    wrong = problem_of(feature.get("geometry"), (commune.latitude, commune.longitude))
    return f"Row {row} ({commune.full_name}): it {wrong}." if wrong else ""
