"""Who decides: by procedure, place and day; explained; never guessed."""

from datetime import date
from itertools import pairwise

import pytest

from agents import public as agents
from intake.errors import RouteRefused
from intake.operations import precedents
from intake.records import PlaceChoice, route_as_data, route_from_data
from intake.routing import default_place, find_route, is_same, replay
from intake.rules.routing import RULES
from tests.factories import catalogue, network, places
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 12)


def named(commune: str = "", former: str = "") -> PlaceChoice:
    return PlaceChoice(commune, former)


def test_a_commune_of_today_is_decided_by_its_own_authority():
    centre = network.centre()

    route = find_route(procedure=catalogue.procedure(), place=named(places.PHONG_DINH), on=TODAY)

    assert route.is_clear
    assert route.authority is not None
    assert (route.authority.id, route.receiving) == (centre.id, route.authority)
    assert (route.rule, route.rule_version, route.province_code) == ("commune-residence", "2025-07-01", places.HUE)


def test_a_citizen_of_former_phong_chuong_is_sent_to_phong_dinh_and_told_why():
    network.centre()
    places.former_commune(places.PHONG_CHUONG)

    route = find_route(procedure=catalogue.procedure(), place=named(former=places.PHONG_CHUONG), on=TODAY)

    assert route.authority is not None
    assert route.authority.authority_name == "UBND phường Phong Dinh"
    assert "xã Phong Chương" in route.reason.vi
    assert "nay thuộc phường Phong Dinh từ 01/07/2025" in route.reason.vi
    assert "is part of phường Phong Dinh since 1 July 2025" in route.reason.en


def test_an_old_code_in_the_present_field_resolves_as_well():
    network.centre()
    places.former_commune(places.PHONG_CHUONG)

    route = find_route(procedure=catalogue.procedure(), place=named(places.PHONG_CHUONG), on=TODAY)

    assert (route.place_code, route.former_place_code) == (places.PHONG_DINH, places.PHONG_CHUONG)


@pytest.mark.parametrize("centres", [(), (places.NGOC_HA,), (places.NGOC_HA, places.GIANG_VO)])
def test_a_split_unit_is_unclear_however_many_of_its_successors_have_a_centre(centres):
    for code in centres:
        network.centre(code)
    places.former_commune(places.CONG_VI)

    route = find_route(procedure=catalogue.procedure(), place=named(former=places.CONG_VI), on=TODAY)

    assert (route.cause, route.authority, route.receiving) == ("split-unit", None, None)
    assert len(route.candidates) == len(centres)
    assert "phường Ngọc Hà, phường Giảng Võ" in route.reason.vi


def test_choosing_a_successor_of_a_split_unit_makes_it_clear():
    centre = network.centre(places.GIANG_VO)
    places.former_commune(places.CONG_VI)

    route = find_route(procedure=catalogue.procedure(), place=named(places.GIANG_VO, places.CONG_VI), on=TODAY)

    assert route.authority is not None
    assert route.authority.id == centre.id
    assert "người dân chọn phường Giảng Võ" in route.reason.vi


def test_a_commune_that_did_not_come_from_the_named_former_unit_is_not_believed():
    network.centre()
    places.former_commune(places.CONG_VI)

    route = find_route(procedure=catalogue.procedure(), place=named(places.PHONG_DINH, places.CONG_VI), on=TODAY)

    assert route.cause == "place-unknown"


def test_without_a_centre_the_route_is_unclear():
    places.commune()

    assert find_route(procedure=catalogue.procedure(), place=named(places.PHONG_DINH), on=TODAY).cause == "no-centre"


def test_two_open_centres_of_one_commune_are_not_chosen_between():
    network.centre(open_until=date(2026, 2, 1))
    network.centre(agency_code="H46.NEW", open_from=date(2026, 1, 1))

    route = find_route(procedure=catalogue.procedure(), place=named(places.PHONG_DINH), on=TODAY)

    assert (route.cause, len(route.candidates)) == ("several-centres", 2)


def test_a_place_nobody_knows_is_unclear():
    assert find_route(procedure=catalogue.procedure(), place=named("99999"), on=TODAY).cause == "place-unknown"


def test_before_the_reform_no_rule_is_known():
    network.centre()

    route = find_route(procedure=catalogue.procedure(valid_from=date(2020, 1, 1)), place=named(places.PHONG_DINH),
                       on=date(2025, 6, 30))

    assert route.cause == "no-rule"


def test_the_same_day_gives_the_same_route_after_the_centre_has_moved():
    old = network.centre(open_until=date(2026, 3, 1))
    new = network.centre(agency_code="H46.NEW", open_from=date(2026, 3, 1))
    procedure = catalogue.procedure()

    before = find_route(procedure=procedure, place=named(places.PHONG_DINH), on=date(2026, 2, 28))
    after = find_route(procedure=procedure, place=named(places.PHONG_DINH), on=date(2026, 3, 1))

    assert before.authority is not None
    assert after.authority is not None
    assert (before.authority.id, after.authority.id) == (old.id, new.id)


def test_a_provincial_procedure_goes_to_the_provincial_centre_even_from_a_split_unit():
    provincial = network.provincial_centre(places.HANOI)
    places.former_commune(places.CONG_VI)
    procedure = catalogue.procedure(catalogue.LAND_TRANSFER)

    route = find_route(procedure=procedure, place=named(former=places.CONG_VI), on=TODAY)

    assert route.authority is not None
    assert route.authority.id == provincial.id


def test_any_centre_of_the_province_may_receive():
    network.centre()
    receiving = agents.get_centre(network.centre(places.PHU_XUAN).id)

    route = find_route(procedure=catalogue.procedure(), place=named(places.PHONG_DINH), on=TODAY, receiving=receiving)

    assert route.receiving is not None
    assert route.authority is not None
    assert (route.receiving.id, route.authority.commune_code) == (receiving.id, places.PHONG_DINH)
    assert "không phụ thuộc địa giới hành chính" in route.reason.vi


def test_a_centre_of_another_province_may_not_receive():
    network.centre()
    receiving = agents.get_centre(network.centre(places.HOAN_KIEM).id)

    with pytest.raises(RouteRefused):
        find_route(procedure=catalogue.procedure(), place=named(places.PHONG_DINH), on=TODAY, receiving=receiving)


def test_residence_is_the_default_only_where_residence_decides():
    home = named(places.PHONG_DINH)

    assert default_place(catalogue.procedure(), residence=home, outlet_commune=places.PHU_XUAN) == home
    assert not default_place(catalogue.procedure(catalogue.RED_BOOK), residence=home, outlet_commune=places.PHU_XUAN)
    assert default_place(catalogue.procedure(catalogue.CERTIFIED_COPY), residence=home,
                         outlet_commune=places.PHU_XUAN) == named(places.PHU_XUAN)


def test_a_route_is_kept_as_data_and_read_back_whole():
    network.centre()
    places.former_commune()
    route = find_route(procedure=catalogue.procedure(), place=named(former=places.PHONG_CHUONG), on=TODAY)

    assert route_from_data(route_as_data(route)) == route


def test_no_two_rules_of_one_level_and_place_hold_on_the_same_day():
    for level, place_rule in {(rule.level, rule.place_rule) for rule in RULES}:
        spans = sorted((rule.valid_from, rule.valid_to or date.max) for rule in RULES
                       if (rule.level, rule.place_rule) == (level, place_rule))
        assert all(before[1] <= after[0] for before, after in pairwise(spans)), (level, place_rule)
    assert all(rule.legal_basis for rule in RULES)


@pytest.mark.parametrize(("code", "body"), [
    (catalogue.RESIDENCE, "Công an phường Phong Dinh"), (catalogue.BIRTH, "UBND phường Phong Dinh"),
    (catalogue.LAND_TRANSFER, "Văn phòng đăng ký đất đai thành phố Huế")])
def test_the_body_that_decides_is_named_where_it_is_not_the_peoples_committee(code, body):
    network.centre()
    network.provincial_centre()

    route = find_route(procedure=catalogue.procedure(code), place=named(places.PHONG_DINH), on=TODAY)

    assert route.authority is not None
    assert route.authority.authority_name == body


def test_a_route_is_worked_out_again_with_what_was_known_on_its_day():
    provincial = network.provincial_centre()
    manager = network.acting(network.centre_manager(provincial))
    procedure = catalogue.procedure()
    places.commune(places.PHU_XUAN)
    ruled = precedents.Ruled(places.HUE, "competent-authority", "Ai giải quyết?", (
        precedents.ScopeItem(procedure.code, places.PHU_XUAN),))
    said = precedents.make(ruled, precedents.Answer("authority", "Nghị định 118", "Sở", authority_id=provincial.id),
                           by=manager, at=local("2026-01-12 10:00"))
    before, after = (find_route(procedure=procedure, place=named(places.PHU_XUAN), on=TODAY, known_at=known_at)
                     for known_at in (local("2026-01-12 09:00"), local("2026-01-12 11:00")))
    precedents.withdraw(precedent_id=said.id, reason="Luật sửa đổi", by=manager, at=local("2026-02-01 09:00"))

    again = [replay(route=each, procedure=procedure, receiving_id=None) for each in (before, after)]

    assert (before.cause, after.precedent) == ("no-centre", said.id)
    assert [is_same(*pair) for pair in zip((before, after), again, strict=True)] == [True, True]
