"""Places: provinces with their postal region, communes of today, former communes and what became of them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, model_validator

from config.reference_data.problems import Problem, ReferenceDataRefused
from config.reference_data.reading import Sourced, read_rows
from config.reference_data.rules import DatedRow, Name, ProvinceCode, Strict, refuse_broken_periods
from config.reference_data.storing import Outcome, store
from shared.models.places import Commune, FormerCommune, Province, Succession
from shared.text import fold

DISSOLVED_ON: Final = date(2025, 7, 1)
"""First day of the two-level administration (Resolution 202/2025/QH15)."""

PROVINCES: Final = "places/provinces.csv"
COMMUNES: Final = "places/communes.csv"
FORMER: Final = "places/former_communes.csv"
REGIONS: Final = "tariffs/province_regions.json"

Latitude = Annotated[float, Field(ge=4, le=24)]
Longitude = Annotated[float, Field(ge=102, le=118)]
CommuneCode = Annotated[str, Field(pattern=r"^\d{5}$")]
FormerCode = Annotated[str, Field(pattern=r"^(\d{5}|H\d{3})$")]
DistrictCode = Annotated[str, Field(pattern=r"^\d{3}$")]
PlaceName = Annotated[str, Field(min_length=1, max_length=80)]


def _joined(value: object) -> object:
    return tuple(value.split("|")) if isinstance(value, str) and value else ()


def _blank(value: object) -> object:
    return value or None


class ProvinceRow(Strict):
    code: ProvinceCode
    name: Name
    kind: Literal["thanh_pho", "tinh"]
    lat: Latitude
    lon: Longitude


class RegionRow(DatedRow):
    province_code: ProvinceCode
    name: Name
    region: Literal["north", "centre", "south"]


class CommuneRow(Strict):
    code: CommuneCode
    name: PlaceName
    kind: Literal["phuong", "xa", "dac_khu"]
    province_code: ProvinceCode
    lat: Latitude
    lon: Longitude
    area_km2: Annotated[Annotated[Decimal, Field(gt=0)] | None, BeforeValidator(_blank)]
    former_district_codes: Annotated[tuple[DistrictCode, ...], BeforeValidator(_joined), Field(min_length=1)]


class FormerRow(Strict):
    code: FormerCode
    name: PlaceName
    kind: Literal["phuong", "xa", "thi_tran", "huyen"]
    district_code: DistrictCode
    district_name: PlaceName
    province_code: ProvinceCode
    province_name: Name
    lat: Annotated[Latitude | None, BeforeValidator(_blank)]
    lon: Annotated[Longitude | None, BeforeValidator(_blank)]
    default_successor: CommuneCode
    other_successors: Annotated[tuple[CommuneCode, ...], BeforeValidator(_joined)]

    @model_validator(mode="after")
    def _successors_differ(self) -> "FormerRow":
        if len({self.default_successor, *self.other_successors}) != 1 + len(self.other_successors):
            raise ValueError("a successor is named twice")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the place files against one another; the answer stores them."""
    provinces = read_rows(ProvinceRow, folder, [PROVINCES])
    regions = read_rows(RegionRow, folder, [REGIONS])
    communes = read_rows(CommuneRow, folder, [COMMUNES])
    formers = read_rows(FormerRow, folder, [FORMER])
    refuse_broken_periods(regions, key=lambda row: row.province_code)
    _refuse_strangers(provinces, regions, communes, formers)
    region_of = {sourced.row.province_code: sourced.row.region for sourced in regions if sourced.row.valid_to is None}
    return lambda: _store(
        [_province(sourced.row, region_of[sourced.row.code]) for sourced in provinces],
        [_commune(sourced.row) for sourced in communes],
        [sourced.row for sourced in formers],
    )


def _refuse_strangers(
    provinces: list[Sourced[ProvinceRow]],
    regions: list[Sourced[RegionRow]],
    communes: list[Sourced[CommuneRow]],
    formers: list[Sourced[FormerRow]],
) -> None:
    """Refuse codes that stand twice, and rows that name a place no other file knows."""
    province_codes = {sourced.row.code for sourced in provinces}
    regional = {sourced.row.province_code for sourced in regions if sourced.row.valid_to is None}
    commune_codes = {sourced.row.code for sourced in communes}
    problems = [*_twice(provinces), *_twice(communes), *_twice(formers)]
    problems += [s.problem(_("code: province %(code)s has no region in force. Add it to %(file)s.")
                           % {"code": s.row.code, "file": REGIONS}) for s in provinces if s.row.code not in regional]
    problems += [s.problem(_("province_code: %(code)s is not in %(file)s. Correct it or add the province.")
                           % {"code": s.row.province_code, "file": PROVINCES})
                 for s in communes if s.row.province_code not in province_codes]
    problems += [s.problem(_("default_successor, other_successors: %(code)s is not in %(file)s. Correct it.")
                           % {"code": code, "file": COMMUNES})
                 for s in formers for code in (s.row.default_successor, *s.row.other_successors)
                 if code not in commune_codes]
    if problems:
        raise ReferenceDataRefused(problems)


def _twice[Row: (ProvinceRow, CommuneRow, FormerRow)](rows: list[Sourced[Row]]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for sourced in rows:
        number = first.setdefault(sourced.row.code, sourced.number)
        if number != sourced.number:
            problems.append(sourced.problem(_("code: %(code)s already stands in row %(other)d. Keep one of them.")
                                            % {"code": sourced.row.code, "other": number}))
    return problems


def _store(provinces: list[dict[str, Any]], communes: list[dict[str, Any]], formers: list[FormerRow]) -> Outcome:
    return (
        store(Province, provinces, key=["code"])
        + store(Commune, communes, key=["code"])
        + store(FormerCommune, [_former(row) for row in formers], key=["code"])
        + store(Succession, [succession for row in formers for succession in _successions(row)],
                key=["former_id", "commune_id", "is_default"], part_of="former_id")
    )


def _province(row: ProvinceRow, region: str) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "kind": row.kind, "region": region}


def _commune(row: CommuneRow) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "kind": row.kind, "province_id": row.province_code,
        "latitude": row.lat, "longitude": row.lon, "area_km2": row.area_km2,
        "former_district_codes": row.former_district_codes, "search_key": fold(row.name),
    }


def _former(row: FormerRow) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "kind": row.kind, "district_code": row.district_code,
        "district_name": row.district_name, "province_code": row.province_code, "province_name": row.province_name,
        "dissolved_on": DISSOLVED_ON, "search_key": fold(f"{row.name}, {row.district_name}, {row.province_name}"),
    }


def _successions(row: FormerRow) -> list[dict[str, Any]]:
    codes = (row.default_successor, *row.other_successors)
    return [{"former_id": row.code, "commune_id": code, "is_default": code == row.default_successor} for code in codes]
