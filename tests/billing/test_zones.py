"""Which zone lies between two communes, now that districts are gone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.zones import ZONE_WORDS, Zone, find_zone
from shared.places import Place

REGIONS = {"01": "north", "31": "north", "46": "centre", "79": "south"}
PHONG_DINH = Place("19795", "Phong Dinh", "phuong", "46", "Huế", 16.6, 107.3, ("476",))
PHONG_QUANG = replace(PHONG_DINH, code="19796", name="Phong Quảng", former_district_codes=("476", "477"))
PHU_XUAN = replace(PHONG_DINH, code="19753", name="Phú Xuân", former_district_codes=("474",))
HOAN_KIEM = Place("00070", "Hoàn Kiếm", "phuong", "01", "Hà Nội", 21.0, 105.8, ("002",))
HAI_PHONG = replace(HOAN_KIEM, code="11000", province_code="31", former_district_codes=("303",))


def zone(origin, destination):
    return find_zone(origin, destination, REGIONS).zone


def test_places_that_share_a_former_district_are_one_district():
    assert zone(PHONG_DINH, PHONG_QUANG) == Zone.INTRA_DISTRICT


def test_other_districts_of_the_province_are_the_province():
    assert zone(PHONG_DINH, PHU_XUAN) == Zone.INTRA_PROVINCE


def test_provinces_of_one_region_and_of_two():
    assert zone(HOAN_KIEM, HAI_PHONG) == Zone.INTER_SAME_REGION
    assert zone(HOAN_KIEM, PHU_XUAN) == Zone.INTER_FAR_REGION


def test_district_codes_of_two_provinces_never_make_one_district():
    assert zone(PHU_XUAN, replace(HOAN_KIEM, former_district_codes=("474",))) == Zone.INTER_FAR_REGION


def test_a_commune_is_always_in_its_own_district():
    nowhere = replace(PHU_XUAN, former_district_codes=())

    assert zone(nowhere, nowhere) == Zone.INTRA_DISTRICT


def test_an_unknown_region_is_nobody_s_region():
    strange = replace(HOAN_KIEM, code="99999", province_code="98")

    assert zone(strange, replace(strange, code="99998", province_code="97")) == Zone.INTER_FAR_REGION


def test_every_finding_says_why_and_that_it_is_assumed():
    finding = find_zone(PHONG_DINH, PHU_XUAN, REGIONS)

    assert finding.confidence == "assumed"
    assert "huyện trước 01/7/2025" in finding.reason_vi
    assert "districts before 1 July 2025" in finding.reason_en
    assert set(ZONE_WORDS) == set(Zone)


places = st.sampled_from([PHONG_DINH, PHONG_QUANG, PHU_XUAN, HOAN_KIEM, HAI_PHONG])


@given(places, places)
def test_the_way_back_costs_as_much_as_the_way_there(origin, destination):
    assert zone(origin, destination) == zone(destination, origin)
