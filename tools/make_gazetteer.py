"""Write the committed gazetteer CSVs from the data files inside the `vietnamadminunits` package.

Run by hand when a newer release of that package is to be adopted:

    uv run --no-project --with vietnamadminunits==1.0.4 python tools/make_gazetteer.py

Only its data files are read. The package is never imported: its address converter sends
street addresses to a geocoder on the internet.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import sqlite3
import statistics
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, hypot, radians, sin
from operator import itemgetter
from pathlib import Path
from typing import Final

OUTPUT = Path(__file__).resolve().parent.parent / "reference_data" / "places"
EXPECTED = {"provinces": 34, "communes": 3_321, "former communes": 10_040}
COMMUNE_KINDS: Final[Mapping[str, str]] = {"Phường": "phuong", "Xã": "xa", "Đặc khu": "dac_khu"}
FORMER_KINDS: Final[Mapping[str, str]] = {"Phường": "phuong", "Xã": "xa", "Thị trấn": "thi_tran"}
PROVINCE_KINDS: Final[Mapping[str, str]] = {"Thành phố": "thanh_pho", "Tỉnh": "tinh"}

# A centroid this far from everything the commune was made of belongs to a namesake.
NAMESAKE_DISTANCE_KM = 60
# The source places the former units of Trường Sa and Hoàng Sa on the mainland: trust the new centroid there.
TRUSTED_CENTROIDS = frozenset({"20333", "22736"})

type Row = Mapping[str, str | float | None]
type Point = tuple[float, float]


@dataclass(slots=True)
class Former:
    """A commune (or a district without communes) as it was on 30 June 2025."""

    code: str
    name: str
    name_key: str
    kind: str
    district_code: str
    district: str
    province_code: str
    province: str
    point: Point | None
    successors: list[str] = field(default_factory=list)  # the default comes first


@dataclass(slots=True)
class Commune:
    """A commune, ward or special zone since 1 July 2025; degrees and km²."""

    code: str
    name: str
    kind: str
    province_code: str
    point: Point
    area_km2: float | None
    former_districts: set[str] = field(default_factory=set)


def main() -> int:
    """Read the package's files, correct what is provably wrong, write three CSV files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help="folder holding dataset.db and converter_2025.json")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    source = options.source or _installed_data()
    current = _table(source / "dataset.db", "admin_units")
    communes = {commune.code: commune for commune in map(_commune, current)}
    formers = {_former_key(row): _former(row) for row in _table(source / "dataset.db", "admin_units_legacy")}
    _attach_successors(formers, current, json.loads((source / "converter_2025.json").read_text("utf-8")))

    dropped = _drop_namesake_successors(list(formers.values()), communes)
    moved = _correct_centroids(communes, formers.values())
    _attach_districts(communes, formers.values())
    provinces = {str(row["provinceCode"]): row for row in current}
    _check_counts(provinces, communes, formers)
    _write_provinces(options.output, provinces.values())
    _write_communes(options.output, communes.values())
    _write_formers(options.output, formers.values())
    print(f"{len(dropped)} successors of a namesake dropped, {len(moved)} centroids of a namesake replaced.")
    return 0


def _installed_data() -> Path:
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("vietnamadminunits is not installed here: see the top of this file, or pass --source.")
    return Path(spec.submodule_search_locations[0]) / "data"


def _table(database: Path, name: str) -> list[dict[str, str | float | None]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 -- two constant names


def _text(row: Row, column: str) -> str:
    return unicodedata.normalize("NFC", str(row[column] or "").strip())


def _point(row: Row, latitude: str, longitude: str) -> Point | None:
    lat, lon = row[latitude], row[longitude]
    return None if lat is None or lon is None else (float(lat), float(lon))


def _commune(row: Row) -> Commune:
    point = _point(row, "wardLat", "wardLon")
    if point is None:
        sys.exit(f"{row['ward']} ({row['wardCode']}) has no centroid in the source.")
    area = row["wardAreaKm2"]
    return Commune(
        _text(row, "wardCode"),
        _text(row, "wardShort"),
        COMMUNE_KINDS[_text(row, "wardType")],
        _text(row, "provinceCode"),
        point,
        float(area) if area else None,
    )


def _former(row: Row) -> Former:
    """Read a former unit; five island districts had no communes and stand for themselves."""
    island = not row["wardCode"]
    point = _point(row, "districtLat", "districtLon") if island else _point(row, "wardLat", "wardLon")
    return Former(
        f"H{_text(row, 'districtCode')}" if island else _text(row, "wardCode"),
        _text(row, "districtShort" if island else "wardShort"),
        str(row["districtKey" if island else "wardKey"]),
        "huyen" if island else FORMER_KINDS[_text(row, "wardType")],
        _text(row, "districtCode"),
        _text(row, "district"),
        _text(row, "provinceCode"),
        _text(row, "province"),
        point,
    )


def _former_key(row: Row) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def _attach_successors(formers: Mapping[str, Former], current: Sequence[Row], converter: Mapping[str, object]) -> None:
    code_of = {(str(row["provinceKey"]), str(row["wardKey"])): str(row["wardCode"]) for row in current}
    for province, wards in _mapping(converter["DICT_PROVINCE_WARD_NO_DIVIDED"]).items():
        for ward, olds in _mapping(wards).items():
            for old in _list(olds):
                formers[str(old)].successors = [code_of[province, ward]]
    for province, splits in _mapping(converter["DICT_PROVINCE_WARD_DIVIDED"]).items():
        for old, candidates in _mapping(splits).items():
            ordered = sorted(map(_mapping, _list(candidates)), key=lambda new: not new["isDefaultNewWard"])
            formers[old].successors = [code_of[province, str(new["newWardKey"])] for new in ordered]


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        sys.exit(f"The source has changed its shape: an object was expected, not {type(value).__name__}.")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        sys.exit(f"The source has changed its shape: a list was expected, not {type(value).__name__}.")
    return value


def _drop_namesake_successors(formers: Sequence[Former], communes: Mapping[str, Commune]) -> list[tuple[str, str]]:
    """Undo splits the source made only because two former communes of one new province share a name.

    A successor is dropped when a namesake from another former district has it too
    and lies nearer to the rest of what the successor was made of.
    """
    owners: dict[str, list[Former]] = defaultdict(list)
    for former in formers:
        for code in former.successors:
            owners[code].append(former)
    wrong = [
        (former, code)
        for former in formers
        if len(former.successors) > 1
        for code in former.successors
        if _belongs_to_a_namesake(former, owners[code], communes[code])
    ]
    for former, code in wrong:
        former.successors.remove(code)
    return [(former.code, code) for former, code in wrong]


def _belongs_to_a_namesake(former: Former, owners: Sequence[Former], commune: Commune) -> bool:
    # A commune inherits the code of one it was made of: that one lies inside it.
    heirs = [owner for owner in owners if owner.code == commune.code]
    if former in heirs:
        return False
    rest = [owner for owner in owners if owner.name_key != former.name_key]
    core = _median([o.point for o in heirs or rest if o.point] or [commune.point])
    provinces = {heir.province_code for heir in heirs}

    def remoteness(owner: Former) -> tuple[bool, float]:
        return owner.province_code not in provinces, _distance_km(owner.point or core, core)

    namesakes = [o for o in owners if o.name_key == former.name_key and o.district_code != former.district_code]
    return any(remoteness(namesake) < remoteness(former) for namesake in namesakes)


def _correct_centroids(communes: Mapping[str, Commune], formers: Iterable[Former]) -> list[str]:
    """Replace a namesake's centroid by the median of what the commune was made of; drop its area too."""
    points: dict[str, list[Point]] = defaultdict(list)
    for former in formers:
        for code in former.successors:
            if former.point:
                points[code].append(former.point)
    moved = []
    for commune in communes.values():
        centre = _median(points[commune.code])
        if commune.code in TRUSTED_CENTROIDS or _distance_km(commune.point, centre) < NAMESAKE_DISTANCE_KM:
            continue
        commune.point, commune.area_km2 = centre, None
        moved.append(commune.code)
    return moved


def _median(points: Sequence[Point]) -> Point:
    return statistics.median(lat for lat, _ in points), statistics.median(lon for _, lon in points)


def _distance_km(one: Point, other: Point) -> float:
    (lat1, lon1), (lat2, lon2) = one, other
    north, east = sin(radians(lat2 - lat1) / 2), sin(radians(lon2 - lon1) / 2)
    return 12_742 * asin(hypot(north, east * (cos(radians(lat1)) * cos(radians(lat2))) ** 0.5))


def _attach_districts(communes: Mapping[str, Commune], formers: Iterable[Former]) -> None:
    for former in formers:
        for code in former.successors:
            communes[code].former_districts.add(former.district_code)


def _check_counts(provinces: Mapping[str, Row], communes: Mapping[str, Commune], formers: Mapping[str, Former]) -> None:
    found = {"provinces": len(provinces), "communes": len(communes), "former communes": len(formers)}
    if found != EXPECTED:
        sys.exit(f"Expected {EXPECTED}, found {found}: nothing was written.")
    lost = [former.code for former in formers.values() if not former.successors]
    orphans = [commune.code for commune in communes.values() if not commune.former_districts]
    if lost or orphans:
        sys.exit(f"Former communes without a successor: {lost}; communes without a predecessor: {orphans}.")


def _write_provinces(folder: Path, rows: Iterable[Row]) -> None:
    table = []
    for row in rows:
        kind = next(kind for title, kind in PROVINCE_KINDS.items() if _text(row, "province").startswith(title))
        names = [_text(row, "provinceCode"), _text(row, "provinceShort")]
        table.append([*names, kind, row["provinceLat"], row["provinceLon"]])
    _write(folder / "provinces.csv", ["code", "name", "kind", "lat", "lon"], table)


def _write_communes(folder: Path, communes: Iterable[Commune]) -> None:
    header = ["code", "name", "kind", "province_code", "lat", "lon", "area_km2", "former_district_codes"]
    _write(folder / "communes.csv", header, (
        [c.code, c.name, c.kind, c.province_code, *_rounded(c.point), c.area_km2, "|".join(sorted(c.former_districts))]
        for c in communes))


def _write_formers(folder: Path, formers: Iterable[Former]) -> None:
    header = ["code", "name", "kind", "district_code", "district_name", "province_code", "province_name", "lat", "lon"]
    table = [
        [
            *(f.code, f.name, f.kind, f.district_code, f.district, f.province_code, f.province),
            *(_rounded(f.point) if f.point else (None, None)), f.successors[0], "|".join(sorted(f.successors[1:])),
        ]
        for f in formers
    ]
    _write(folder / "former_communes.csv", [*header, "default_successor", "other_successors"], table)


def _rounded(point: Point) -> Point:
    return round(point[0], 5), round(point[1], 5)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    ordered: list[Sequence[object]] = sorted(rows, key=itemgetter(0))
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *ordered])


if __name__ == "__main__":
    sys.exit(main())
