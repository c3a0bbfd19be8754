"""Places asked by name, code or point. Answers are frozen dataclasses; models stay inside."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from shared.models.places import VIETNAMESE_KIND, Commune, FormerCommune, Province, Succession
from shared.text import fold

MOST_RESULTS: Final = 20
REFORM_DATE: Final = date(2025, 7, 1)
"""Two-level local government begins: Resolution 202/2025/QH15 and the Standing Committee's resolutions by province."""


@dataclass(frozen=True, slots=True)
class Place:
    """A present commune, ward or special zone."""

    code: str
    name: str
    kind: str
    province_code: str
    province_name: str
    latitude: float
    longitude: float
    former_district_codes: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{VIETNAMESE_KIND[self.kind]} {self.name}"


@dataclass(frozen=True, slots=True)
class Successor:
    place: Place
    is_default: bool


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """A unit dissolved on `dissolved_on`, and what became of it; several successors mean that it was split."""

    code: str
    name: str
    kind: str
    district_name: str
    province_name: str
    dissolved_on: date
    successors: tuple[Successor, ...]

    @property
    def full_name(self) -> str:
        return f"{VIETNAMESE_KIND[self.kind]} {self.name}, {self.district_name}"

    @property
    def is_split(self) -> bool:
        return len(self.successors) > 1


@dataclass(frozen=True, slots=True)
class PlaceMatches:
    present: tuple[Place, ...]
    former: tuple[FormerPlace, ...]


def place_of(commune: Commune) -> Place:
    """The dataclass of a commune loaded with its province."""
    return Place(commune.code, commune.name, commune.kind, commune.province_id, commune.province.name,
                 commune.latitude, commune.longitude, tuple(commune.former_district_codes))


_kept: dict[str, tuple[float, Place]] = {}
_province_names: dict[str, str] = {}
_PROVINCE_KIND: Final = {"thanh_pho": "thành phố", "tinh": "tỉnh"}
_KEPT_SECONDS: Final = 60.0
"""Communes change by law, years apart, so a process remembers those it was asked for."""


def get_place(code: str) -> Place | None:
    if "\0" in code:  # PostgreSQL takes no such text, and nothing is called so
        return None
    kept = _kept.get(code)
    if kept is not None and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    commune = Commune.objects.select_related("province").filter(code=code).first()
    if commune is None:
        return None
    place = place_of(commune)
    _kept[code] = (time.monotonic(), place)
    return place


def forget() -> None:
    """Drop the remembered communes and provinces, after the tables were loaded anew."""
    _kept.clear()
    _province_names.clear()


def get_places(codes: Sequence[str]) -> dict[str, Place]:
    return {c.code: place_of(c) for c in Commune.objects.select_related("province").filter(code__in=codes)}


def places_of_province(province_code: str) -> list[Place]:
    communes = Commune.objects.select_related("province").filter(province_id=province_code).order_by("code")
    return [place_of(commune) for commune in communes]


def province_name(code: str) -> str:
    return Province.objects.get(code=code).name


def province_full_name(code: str) -> str:
    """With its kind, in Vietnamese: "thành phố Huế"."""
    if code not in _province_names:
        province = Province.objects.get(code=code)
        _province_names[code] = f"{_PROVINCE_KIND.get(province.kind, province.kind)} {province.name}"
    return _province_names[code]


def province_region(code: str) -> str:
    return Province.objects.get(code=code).region


def get_former_place(code: str) -> FormerPlace | None:
    former = _with_successors().filter(code=code).first()
    return None if former is None else _former_place_of(former)


def former_places_of_province(province_code: str) -> list[FormerPlace]:
    """Former units of what is the province today, each with what it became."""
    former = _with_successors().filter(successions__commune__province_id=province_code).distinct().order_by("code")
    return [_former_place_of(each) for each in former]


def search_places(text: str, *, province_code: str = "", limit: int = MOST_RESULTS) -> PlaceMatches:
    """Present and former units whose name contains `text`, accents and case ignored; whole-name matches first."""
    key = fold(text)
    if not key or "\0" in key:
        return PlaceMatches((), ())
    present = Commune.objects.select_related("province").filter(search_key__contains=key)
    former = _with_successors().filter(search_key__contains=key)
    if province_code:
        present = present.filter(province_id=province_code)
        former = former.filter(successions__commune__province_id=province_code).distinct()
    best_present = present.annotate(rank=_rank(key)).order_by("rank", "name", "code")[:limit]
    best_former = former.annotate(rank=_rank(key)).order_by("rank", "name", "code")[:limit]
    return PlaceMatches(tuple(place_of(c) for c in best_present), tuple(_former_place_of(u) for u in best_former))


def _rank(key: str) -> Case:
    return Case(When(search_key=key, then=Value(0)), When(search_key__startswith=key, then=Value(1)),
                default=Value(2), output_field=IntegerField())


def _with_successors() -> QuerySet[FormerCommune]:
    successions = Succession.objects.select_related("commune__province").order_by("-is_default", "commune_id")
    return FormerCommune.objects.prefetch_related(Prefetch("successions", queryset=successions))


def _former_place_of(former: FormerCommune) -> FormerPlace:
    successors = tuple(Successor(place_of(row.commune), row.is_default) for row in former.successions.all())
    return FormerPlace(former.code, former.name, former.kind, former.district_name, former.province_name,
                       former.dissolved_on, successors)
