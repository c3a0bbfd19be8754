"""Real communes, loaded one by one from the reference data that the programme ships."""

import csv
import json
from datetime import date
from functools import cache

from config.runtime.paths import PROJECT
from shared.models.places import Commune, FormerCommune, Province, Succession
from shared.text import fold

HUE, HANOI = "46", "01"
PHONG_DINH, PHONG_DIEN, PHU_XUAN, QUANG_DIEN, HUONG_AN = "19831", "19819", "19753", "19867", "19804"
HOAN_KIEM, BA_DINH, NGOC_HA, GIANG_VO = "00070", "00004", "00008", "00025"
PHONG_CHUONG = "19837"
"""Former; now wholly part of Phong Dinh."""
CONG_VI = "00007"
"""Former; split between Ngọc Hà and Giảng Võ."""


@cache
def _rows(name: str) -> dict[str, dict[str, str]]:
    with (PROJECT / "reference_data" / "places" / name).open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@cache
def _regions() -> dict[str, str]:
    data = json.loads((PROJECT / "reference_data" / "tariffs" / "province_regions.json").read_text(encoding="utf-8"))
    return {row["province_code"]: row["region"] for row in data["rows"]}


def province(code: str) -> Province:
    row = _rows("provinces.csv")[code]
    made, _ = Province.objects.get_or_create(
        code=code, defaults={"name": row["name"], "kind": row["kind"], "region": _regions()[code]})
    return made


def commune(code: str = PHONG_DINH) -> Commune:
    row = _rows("communes.csv")[code]
    made, _ = Commune.objects.get_or_create(code=code, defaults={
        "name": row["name"], "kind": row["kind"], "province": province(row["province_code"]),
        "latitude": float(row["lat"]), "longitude": float(row["lon"]), "area_km2": row["area_km2"] or None,
        "former_district_codes": row["former_district_codes"].split("|"), "search_key": fold(row["name"])})
    return made


def former_commune(code: str = PHONG_CHUONG) -> FormerCommune:
    """A dissolved commune with everything that became of it."""
    row = _rows("former_communes.csv")[code]
    made, is_new = FormerCommune.objects.get_or_create(code=code, defaults={
        "name": row["name"], "kind": row["kind"], "district_code": row["district_code"],
        "district_name": row["district_name"], "province_code": row["province_code"],
        "province_name": row["province_name"], "dissolved_on": date(2025, 7, 1),
        "search_key": fold(f"{row['name']}, {row['district_name']}, {row['province_name']}")})
    if is_new:
        others = [other for other in row["other_successors"].split("|") if other]
        for successor in (row["default_successor"], *others):
            Succession.objects.create(former=made, commune=commune(successor),
                                      is_default=successor == row["default_successor"])
    return made
