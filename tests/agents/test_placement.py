"""Demand is kept whole or not at all, and a question is answered once, with its reasons."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from agents.models.placement import CommuneDemand, DemandSet, PlacementScenario, SiteSet
from agents.moves import operations as moves
from agents.moves.operations import NewPlace
from agents.moves.rules import MoveStep
from agents.operations.outlets import Site
from agents.placement import ports
from agents.placement.asking import PlacementInput, ask_placement, drop_placement
from agents.placement.computing import compute_placement
from agents.placement.demand import ask_history, count_history, drop_demand, estimated_rows, take_demand
from agents.placement.errors import DemandRefused, PlacementNotFound, PlacementRefused, SetInUse
from agents.placement.queries import demand_sets, outcome_of, placements
from agents.placement.reading import read_demand, read_sites
from agents.placement.sites import former_rows, take_sites
from agents.placement.solving import Objective
from agents.placement.terms import DemandRow, DemandSource, PlacementState, SiteRow, SiteSource, Weighing
from shared import scope
from shared.actors import Actor, ActorKind
from shared.roles import Role
from tests.factories import network, places

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 3, tzinfo=UTC)
HUE = places.HUE
CODES = (places.PHONG_DINH, places.PHU_XUAN, places.HUONG_AN)


@pytest.fixture(autouse=True)
def _leave_the_scope():
    yield
    scope.leave()


def officer(province=HUE):
    return Actor(ActorKind.PERSON, "7", "Phan Thị Chọn", "programme_officer", province_code=province)


def demand(*numbers, **shares):
    for code in CODES:
        places.commune(code)
    rows = [DemandRow(code, number, **shares) for code, number in zip(CODES, numbers, strict=False)]
    return take_demand(name="Dân số", note="Thử", rows=rows, source=DemandSource.FILE, by=officer(), at=AT)


def sites(*codes):
    rows = [SiteRow(f"D-{code}", f"Điểm {code}", places.commune(code).latitude, places.commune(code).longitude)
            for code in codes]
    return take_sites(name="Bưu cục", rows=rows, source=SiteSource.FILE, by=officer(), at=AT)


def answered(demand_set, site_set, **changes):
    asked = PlacementInput(**{
        "name": "Thử", "demand_set_id": demand_set.id, "site_set_id": site_set.id, "wanted": 1, "keeps_standing": True,
        "objective": Objective.COVERAGE, "reach_km": Decimal(3),
        "weighing": Weighing(Decimal(0), Decimal(0))} | changes)
    scenario = ask_placement(asked, by=officer(), at=AT)
    compute_placement(scenario_id=scenario.id, at=AT)
    scenario.refresh_from_db()
    return scenario


def test_outlets_count_where_they_stand_on_the_day_it_is_planned_for():
    outlet, there = network.outlet(places.PHONG_DINH), places.commune(places.PHU_XUAN)
    day = date(2026, 6, 1)
    place = NewPlace(Site(there.code, "9 Nguyễn Huệ", there.latitude, there.longitude), day)
    move = moves.ask_move(outlet_id=outlet.id, place=place, reason="Nhà cũ", at=AT,
                          by=network.outlet_manager(outlet).actor)
    moves.decide_move(move_id=move.id, step=MoveStep.APPROVE, decision="CV 12", at=AT,
                      by=network.staff(Role.PROGRAMME_OFFICER, "Phan Thu Hà", province=outlet.commune.province).actor)
    several, some = demand(100, 5000, 300), sites(*CODES)

    def standing(planned_on):
        scenario = answered(several, some, planned_on=planned_on)
        return scenario.planned_on, [(each["address"], each["latitude"]) for each in scenario.standing]

    assert standing(None) == (date(2026, 5, 4), [(outlet.address, outlet.latitude)])
    assert standing(day - timedelta(days=1))[1] == [(outlet.address, outlet.latitude)]
    assert standing(day) == (day, [("9 Nguyễn Huệ", there.latitude)])
    for wrong in (date(2026, 5, 3), date(2028, 6, 1)):
        with pytest.raises(PlacementRefused) as refused:
            standing(wrong)
        assert [each.pointer for each in refused.value.errors] == ["/planned_on"]


def test_a_file_with_a_wrong_row_says_line_and_column_and_nothing_else_is_lost():
    read = read_demand("commune_code;demand;online_percent\n19831;12000;62,5\n19831;x;30\n99999;5;130\n", CODES)

    assert read.rows[0] == DemandRow("19831", 12000, online_rate=Decimal("0.6250"))
    assert [(fault.line, fault.column, fault.code) for fault in read.faults] == [
        (2, "commune_code", "twice"), (3, "demand", "number"), (3, "commune_code", "twice"),
        (4, "commune_code", "unknown"), (4, "online_percent", "range")]


def test_a_header_that_is_not_ours_is_told_before_any_row():
    strange = read_demand("ma;demand\n1;2\n", CODES)
    assert [fault.code for fault in strange.faults] == ["missing-column", "unknown-column"]
    assert [fault.code for fault in read_sites("").faults] == ["empty"]
    assert [fault.column for fault in read_sites("code,name,latitude,longitude\na,b,nan,500\n").faults] == [
        "latitude", "longitude"]


def test_demand_with_one_wrong_row_is_not_kept_at_all():
    with pytest.raises(DemandRefused) as refusal:
        take_demand(name=" ", note="", rows=[DemandRow("00004", 5, terrain_factor=Decimal("0.5"))],
                    source=DemandSource.FILE, by=officer(), at=AT)

    assert [error.pointer for error in refusal.value.errors] == [
        "/name", "/rows/0/commune_code", "/rows/0/terrain_factor"]
    assert not DemandSet.objects.exists()


def test_the_way_to_a_commune_s_own_centre_is_worked_out_when_it_is_taken_in():
    commune = places.commune(places.PHU_XUAN)
    network.centre(places.PHU_XUAN, latitude=commune.latitude + 0.01)
    demand(0, 100)

    way = CommuneDemand.objects.get(commune=commune).centre_km
    assert way == pytest.approx(1.107, abs=0.01)


def test_the_estimate_counts_what_a_commune_was_made_of():
    places.former_commune(places.PHONG_CHUONG)

    assert estimated_rows(HUE) == [DemandRow(places.PHONG_DINH, 8000)]


def test_our_own_dossiers_are_counted_once_and_an_empty_count_has_failed(monkeypatch):
    places.commune(CODES[0])
    monkeypatch.setattr(ports, "_history", [lambda *_asked: [ports.CommuneHistory(CODES[0], 8, 2)]])
    asked = ask_history(name="Hồ sơ", by=officer(), at=AT)
    count_history(demand_set_id=asked.id, at=AT)
    count_history(demand_set_id=asked.id, at=AT)

    assert [(row.demand, row.online_rate) for row in CommuneDemand.objects.all()] == [(8, Decimal("0.2500"))]
    monkeypatch.setattr(ports, "_history", [])
    empty = ask_history(name="Hồ sơ", by=officer(), at=AT)
    count_history(demand_set_id=empty.id, at=AT)
    empty.refresh_from_db()
    assert empty.state == PlacementState.FAILED


def test_the_history_port_counts_submitted_dossiers_of_the_year_only():
    assert ports.history(HUE, AT, AT) == []


def test_candidate_sites_can_be_made_from_former_communes():
    places.former_commune(places.PHONG_CHUONG)
    made = take_sites(name="Cũ", rows=former_rows(HUE), source=SiteSource.FORMER, by=officer(), at=AT)

    rows = list(made.rows.values_list("code", "commune_id"))
    assert made.source == "former"
    assert (places.PHONG_CHUONG, places.PHONG_DINH) in rows


def test_the_site_with_most_demand_around_is_chosen_and_says_why():
    scenario = answered(demand(100, 5000, 300), sites(*CODES))
    outcome = outcome_of(scenario)

    assert (scenario.state, scenario.is_proven, scenario.value) == ("computed", True, 5000)
    (site,) = outcome.sites
    assert (site.code, site.only, site.newly, site.mean_before) == (f"D-{places.PHU_XUAN}", 5000, 5000, None)
    assert (outcome.figures.covered_before, outcome.figures.covered_after, outcome.figures.demand) == (0, 5000, 5400)


def test_an_outlet_that_stays_is_counted_before_and_after():
    network.outlet(places.PHU_XUAN)
    scenario = answered(demand(100, 5000, 300), sites(*CODES))
    outcome = outcome_of(scenario)

    assert [site.code for site in outcome.sites] == [f"D-{places.HUONG_AN}"]
    assert (outcome.figures.covered_before, outcome.figures.covered_after) == (5000, 5300)


def test_an_outlet_that_competes_may_be_given_up():
    network.outlet(places.PHONG_DINH)
    scenario = answered(demand(100, 5000, 300), sites(*CODES), keeps_standing=False)
    outcome = outcome_of(scenario)

    assert [site.code for site in outcome.sites] == [f"D-{places.PHU_XUAN}"]
    assert (outcome.figures.covered_before, outcome.figures.covered_after) == (100, 5000)


def test_terrain_makes_ways_longer_and_the_mean_way_shows_it():
    flat = answered(demand(100, 100, 100), sites(places.PHU_XUAN), objective=Objective.DISTANCE)
    steep = answered(demand(100, 100, 100, terrain_factor=Decimal(2)), sites(places.PHU_XUAN),
                     objective=Objective.DISTANCE)

    assert steep.value == pytest.approx(2 * flat.value)


def test_weights_of_the_elderly_and_of_those_not_online_can_turn_the_choice():
    for code in CODES:
        places.commune(code)
    rows = [DemandRow(CODES[0], 100, Decimal("0.5"), Decimal("0.2")), DemandRow(CODES[1], 150, Decimal(0), Decimal(1))]
    unequal = take_demand(name="Dân số", note="", rows=rows, source=DemandSource.FILE, by=officer(), at=AT)
    places_of_sites = sites(CODES[0], CODES[1])

    plain = answered(unequal, places_of_sites)
    weighed = answered(unequal, places_of_sites, weighing=Weighing(Decimal(1), Decimal("0.5")))

    assert [site.code for site in outcome_of(plain).sites] == [f"D-{CODES[1]}"]
    assert [site.code for site in outcome_of(weighed).sites] == [f"D-{CODES[0]}"]
    # 100 × (1 + 1 × 0.5 + 0.5 × 0.8)
    assert weighed.value == pytest.approx(190)


def test_a_question_that_is_not_complete_is_refused():
    demand_set, site_set = demand(1), sites(CODES[0])
    with pytest.raises(PlacementRefused) as refusal:
        answered(demand_set, site_set, name="", demand_set_id=uuid4(), wanted=2, reach_km=Decimal(0),
                 weighing=Weighing(Decimal(-1), Decimal(6)))

    assert [error.pointer for error in refusal.value.errors] == [
        "/name", "/demand_set_id", "/wanted", "/reach_km", "/elderly_weight", "/offline_weight"]


def test_a_scenario_is_answered_once_and_a_dropped_one_not_at_all():
    scenario = answered(demand(5), sites(CODES[0]))
    PlacementScenario.objects.filter(id=scenario.id).update(name="Khác")
    compute_placement(scenario_id=scenario.id, at=datetime(2027, 1, 1, tzinfo=UTC))
    scenario.refresh_from_db()
    assert scenario.computed_at == AT

    drop_placement(scenario_id=scenario.id, by=officer(), at=AT)
    compute_placement(scenario_id=scenario.id, at=AT)
    assert not PlacementScenario.objects.exists()


def test_a_list_that_a_scenario_rests_on_stays():
    scenario = answered(demand(5), sites(CODES[0]))

    with pytest.raises(SetInUse):
        drop_demand(demand_set_id=scenario.demand_set_id, by=officer(), at=AT)
    drop_placement(scenario_id=scenario.id, by=officer(), at=AT)
    drop_demand(demand_set_id=scenario.demand_set_id, by=officer(), at=AT)
    assert SiteSet.objects.exists()


def test_another_city_sees_nothing_of_it_by_code_or_by_wall():
    scenario = answered(demand(5), sites(CODES[0]))
    stranger = officer(places.HANOI)

    assert not placements(stranger).exists()
    assert not demand_sets(stranger).exists()
    with pytest.raises(PlacementNotFound):
        drop_placement(scenario_id=scenario.id, by=stranger, at=AT)
    scope.enter(stranger)
    assert not PlacementScenario.objects.exists()
    assert not CommuneDemand.objects.exists()
