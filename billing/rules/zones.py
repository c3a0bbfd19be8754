"""Which zone of a postal tariff lies between two communes.

The tariffs still speak of districts, which were abolished on 1 July 2025 (Resolution 202/2025/QH15 and the law on local
government of that year). Until the operators publish zones for communes, two communes count as "the same district" when
parts of them lay in one; that reading, and the three regions of the country, are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.places import Place


class Zone(StrEnum):
    INTRA_DISTRICT = "intra_district"
    INTRA_PROVINCE = "intra_province"
    INTER_SAME_REGION = "inter_same_region"
    INTER_NEAR_REGION = "inter_near_region"
    """Only in tariffs with three zones between provinces."""
    INTER_FAR_REGION = "inter_far_region"


@dataclass(frozen=True, slots=True)
class ZoneFinding:
    zone: Zone
    reason_vi: str
    reason_en: str
    confidence: str = "assumed"


@dataclass(frozen=True, slots=True)
class ZoneWords:
    name_vi: str
    name_en: str
    reason_vi: str
    reason_en: str


ZONE_WORDS: Final[Mapping[str, ZoneWords]] = MappingProxyType({
    Zone.INTRA_DISTRICT: ZoneWords(
        "cùng huyện cũ", "same former district",
        "Hai nơi từng thuộc cùng một huyện trước 01/7/2025; biểu cước còn tính theo huyện cũ.",
        "Both places lay in one district before 1 July 2025; the tariff still counts by former districts."),
    Zone.INTRA_PROVINCE: ZoneWords(
        "trong tỉnh, khác huyện cũ", "within the province, other former district",
        "Cùng tỉnh, thành phố nhưng khác huyện trước 01/7/2025; biểu cước còn tính theo huyện cũ.",
        "One province, but different districts before 1 July 2025; the tariff still counts by former districts."),
    Zone.INTER_SAME_REGION: ZoneWords(
        "liên tỉnh, cùng vùng", "between provinces, same region",
        "Hai tỉnh, thành phố trong cùng một vùng Bắc, Trung hoặc Nam.",
        "Two provinces of one region: north, centre or south."),
    Zone.INTER_NEAR_REGION: ZoneWords(
        "liên tỉnh, cận vùng", "between provinces, next region",
        "Hai tỉnh, thành phố ở hai vùng kề nhau.", "Two provinces in neighbouring regions."),
    Zone.INTER_FAR_REGION: ZoneWords(
        "liên tỉnh, khác vùng", "between provinces, other region",
        "Hai tỉnh, thành phố ở hai vùng khác nhau: Bắc, Trung, Nam.",
        "Two provinces of different regions: north, centre, south."),
})


def zone_finding(zone: str) -> ZoneFinding:
    """A zone with its words; raises ValueError when there is no such zone."""
    words = ZONE_WORDS[Zone(zone)]
    return ZoneFinding(Zone(zone), words.reason_vi, words.reason_en)


def find_zone(origin: Place, destination: Place, regions: Mapping[str, str]) -> ZoneFinding:
    """The zone between two present communes; `regions` maps province codes to north, centre or south.

    A province whose region is unknown counts as another region than any other province.
    """
    zone = _zone(origin, destination, regions)
    words = ZONE_WORDS[zone]
    return ZoneFinding(zone, words.reason_vi, words.reason_en)


def _zone(origin: Place, destination: Place, regions: Mapping[str, str]) -> Zone:
    if origin.province_code == destination.province_code:
        shares = set(origin.former_district_codes) & set(destination.former_district_codes)
        return Zone.INTRA_DISTRICT if shares or origin.code == destination.code else Zone.INTRA_PROVINCE
    region = regions.get(origin.province_code, "")
    is_same = region != "" and region == regions.get(destination.province_code, "")
    return Zone.INTER_SAME_REGION if is_same else Zone.INTER_FAR_REGION
