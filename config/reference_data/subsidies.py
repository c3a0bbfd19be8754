"""What a city pays of the postage. A city without a row here has no known rule, and its citizens are told so."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from billing.models.rates import SubsidyPart, SubsidyRuleSet
from config.reference_data.decisions import decided_ends
from config.reference_data.reading import read_rows
from config.reference_data.rules import (
    Certainty,
    Code,
    DatedRow,
    Dong,
    LegalBasis,
    Name,
    ProvinceCode,
    Share,
    refuse_broken_periods,
)
from config.reference_data.storing import Outcome, store
from intake.rules.catalogue import Channel

FILE: Final = "subsidies.json"


class Pays(Share):
    name_vi: Name
    name_en: Name
    cap_per_trip_vnd: Dong | None
    """None: no cap."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    directions: Annotated[tuple[Literal["dossier", "result"], ...], Field(min_length=1)]


class PartRow(Pays):
    """What some classes of people get instead of the general part."""

    beneficiary_classes: Annotated[tuple[str, ...], Field(min_length=1)]
    legal_basis: LegalBasis
    confidence: Certainty


class SubsidyRow(Pays, DatedRow):
    code: Code
    province_code: ProvinceCode
    budget_line: Annotated[str, Field(min_length=2, max_length=60)]
    parts: tuple[PartRow, ...] = ()


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the rule sets; the answer stores them, refusing other terms for a version that exists unless `correct`."""
    rows = read_rows(SubsidyRow, folder, [FILE])
    refuse_broken_periods(rows, key=lambda row: row.province_code)
    terms = ("numerator", "denominator", "cap_per_trip", "channels", "directions")
    return lambda: _store([sourced.row for sourced in rows], fixed=() if correct else terms)


def _store(rows: list[SubsidyRow], *, fixed: tuple[str, ...]) -> Outcome:
    key = ["province_id", "valid_from"]
    columns = [_columns(row) | {"province_id": row.province_code, "budget_line": row.budget_line, **_dated(row)}
               for row in rows]
    stored = store(SubsidyRuleSet, decided_ends(SubsidyRuleSet, columns, key), key=key, fixed=fixed)
    id_of = {(province, valid_from): found
             for province, valid_from, found in SubsidyRuleSet.objects.values_list(*key, "id")}
    parts = [_columns(part) | {"rule_set_id": id_of[row.province_code, row.valid_from], "position": at,
                               "beneficiary_classes": part.beneficiary_classes, "legal_basis": part.legal_basis,
                               "confidence": part.confidence}
             for row in rows for at, part in enumerate(row.parts)]
    return stored + store(SubsidyPart, parts, key=["rule_set_id", "position"], part_of="rule_set_id", fixed=fixed)


def _dated(row: SubsidyRow) -> dict[str, Any]:
    return row.model_dump(include={"code", "valid_from", "valid_to", "legal_basis", "confidence"})


def _columns(row: Pays) -> dict[str, Any]:
    return {"name_vi": row.name_vi, "name_en": row.name_en, "numerator": row.numerator,
            "denominator": row.denominator, "cap_per_trip": row.cap_per_trip_vnd,
            "channels": tuple(str(channel) for channel in row.channels), "directions": row.directions}
