"""The planner's pages and API: a file is looked at before it is kept, an answer is read, two are compared."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from agents.accreditation.models import Accreditation
from agents.models.placement import DemandSet, PlacementScenario, SiteSet
from agents.placement.computing import compute_placement
from tests.agents.test_placement import AT, CODES, answered, demand, sites
from tests.factories import network, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return signed_in(network.programme_officer(places.HUE))


def signed_in(account):
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    client.cookies["wp_language"] = "en"
    return client


def csv_file(text):
    return SimpleUploadedFile("a.csv", text.encode("utf-8-sig"))


def test_a_file_is_shown_first_and_kept_whole_when_said_so(officer):
    for code in CODES:
        places.commune(code)
    text = f"commune_code,demand,elderly_percent\n{CODES[0]},1200,18.5\n{CODES[1]},90,\n"

    looked = officer.post(reverse("agents:demand-sets"), {"do": "look", "name": "Dân số", "file": csv_file(text)})
    assert looked.status_code == 200
    assert not DemandSet.objects.exists()
    kept = officer.post(reverse("agents:demand-sets"), {
        "do": "take", "name": "Dân số", "content": looked.context["content"]})

    assert kept.status_code == 302
    found = DemandSet.objects.get()
    assert (found.total, found.communes) == (1290, 2)
    assert "18.5" in officer.get(reverse("agents:demand-set", args=[found.id])).content.decode().replace(",", ".")


def test_a_wrong_file_names_line_and_column_and_is_not_kept(officer):
    places.commune(CODES[0])

    answer = officer.post(reverse("agents:demand-sets"), {
        "do": "look", "name": "Dân số", "file": csv_file(f"commune_code,demand\n{CODES[0]},x\n")})

    assert answer.status_code == 422
    assert [(fault.line, fault.column) for fault in answer.context["faults"]] == [(1, "demand"), (2, "demand")]
    assert not DemandSet.objects.exists()


def test_an_estimate_and_the_points_of_former_communes_are_made_at_a_press(officer):
    places.former_commune(places.PHONG_CHUONG)

    officer.post(reverse("agents:demand-sets"), {"do": "estimate"})
    officer.post(reverse("agents:site-sets"), {"do": "former"})

    assert DemandSet.objects.get().source == "estimate"
    assert SiteSet.objects.get().source == "former"
    assert officer.get(reverse("agents:site-set", args=[SiteSet.objects.get().id])).status_code == 200
    assert officer.get(reverse("agents:demand-sample")).content.decode().startswith("\ufeffcommune_code,demand")
    assert officer.get(reverse("agents:site-sample")).status_code == 200


def test_a_question_waits_and_then_shows_sites_maps_and_proof(officer):
    demand_set, site_set = demand(100, 5000, 300), sites(*CODES)
    form = {"name": "Thử", "demand_set_id": demand_set.id, "site_set_id": site_set.id, "wanted": "1",
            "standing": "keep", "objective": "coverage", "reach_km": "3", "elderly_weight": "0", "offline_weight": "0"}

    asked = officer.post(reverse("agents:ask-placement"), form)
    assert "hx-get" in officer.get(asked["Location"]).content.decode()
    compute_placement(scenario_id=PlacementScenario.objects.get().id, at=AT)
    page = officer.get(asked["Location"])

    assert page.context["outcome"].sites[0].code == f"D-{places.PHU_XUAN}"
    assert b"map-after" in page.content
    refused = officer.post(reverse("agents:ask-placement"), form | {"wanted": "99"})
    assert refused.status_code == 422
    assert "wanted" in refused.context["form"].errors


def test_two_scenarios_stand_side_by_side_and_one_alone_does_not(officer):
    demand_set, site_set = demand(100, 5000, 300), sites(*CODES)
    one, two = answered(demand_set, site_set), answered(demand_set, site_set, wanted=2)

    page = officer.get(reverse("agents:compare-placements"), {"chon": [one.id, two.id]})
    assert [row[2:] for row in page.context["sites"]] == [(True, True), (False, True)]
    alone = officer.get(reverse("agents:compare-placements"), {"chon": [one.id]})
    assert alone.status_code == 302


def test_an_answer_goes_out_as_csv_and_workbook(officer):
    scenario = answered(demand(100, 5000, 300), sites(*CODES))

    book = CalamineWorkbook.from_filelike(BytesIO(officer.get(
        reverse("agents:placement-file", args=[scenario.id, "phuong-an.xlsx"])).content))
    rows = officer.get(reverse("agents:placement-file", args=[scenario.id, "xa.csv"])).content.decode()
    assert [len(book.get_sheet_by_index(at).to_python()) for at in (0, 1)] == [2, 4]
    assert rows.splitlines()[1].startswith(CODES[0]) or CODES[0] in rows
    assert officer.get(reverse("agents:placement-file", args=[scenario.id, "khac.csv"])).status_code == 404


def test_a_list_costs_as_many_queries_for_many_scenarios_as_for_one(officer, django_assert_max_num_queries):
    demand_set, site_set = demand(100, 5000, 300), sites(*CODES)
    for _number in range(4):
        answered(demand_set, site_set)

    with django_assert_max_num_queries(8):
        assert officer.get(reverse("agents:placements")).status_code == 200


def test_an_auditor_reads_and_asks_nothing():
    scenario = answered(demand(1), sites(CODES[0]))
    auditor = signed_in(network.auditor(places.HUE))

    assert auditor.get(reverse("agents:placement", args=[scenario.id])).status_code == 200
    assert auditor.post(reverse("agents:demand-sets"), {"do": "estimate"}).status_code == 403
    stranger = signed_in(network.auditor(places.HANOI))
    assert stranger.get(reverse("agents:placement", args=[scenario.id])).status_code == 404


def test_the_whole_way_goes_by_api_too(officer):
    for code in CODES:
        places.commune(code)
    rows = [{"commune_code": CODES[0], "demand": 100}, {"commune_code": CODES[1], "demand": 900, "online_rate": 0.4}]
    made = officer.post("/api/v1/demand-sets", {"name": "Dân số", "rows": rows}, content_type="application/json")
    site = {"code": "D1", "name": "Điểm 1", "latitude": 16.46, "longitude": 107.59}
    listed = officer.post("/api/v1/site-sets", {"name": "Bưu cục", "sites": [site]}, content_type="application/json")
    assert (made.status_code, listed.status_code) == (201, 201), (made.content, listed.content)

    asked = officer.post("/api/v1/placements", {
        "name": "Thử", "demand_set_id": made.json()["id"], "site_set_id": listed.json()["id"], "wanted": 1,
        "offline_weight": 0.5}, content_type="application/json")
    assert asked.status_code == 201, asked.content
    compute_placement(scenario_id=asked.json()["id"], at=AT)
    read = officer.get(f"/api/v1/placements/{asked.json()['id']}").json()

    assert (read["state"], read["is_proven"], len(read["outcome"]["communes"])) == ("computed", True, 2)
    kept = officer.get(f"/api/v1/demand-sets/{made.json()['id']}").json()["rows"]
    assert {row["commune_code"]: row["online_rate"] for row in kept} == {CODES[0]: None, CODES[1]: 0.4}
    assert [len(officer.get(f"/api/v1/{name}").json()["items"]) for name in (
        "demand-sets", "site-sets", "placements")] == [1, 1, 1]


def test_a_chosen_site_becomes_a_candidate_once_with_the_reasons_of_the_choice(officer):
    scenario, operator = answered(demand(100, 50), sites(*CODES)), network.operator()
    site = next(each for each in scenario.outcome["sites"] if each["key"].startswith("site:"))
    url = reverse("agents:placement-hand-over", args=[scenario.id])

    assert officer.post(url, {"site": site["key"], "operator": "x"}).headers["Location"].endswith(f"{scenario.id}/")
    assert not Accreditation.objects.exists()
    made = officer.post(url, {"site": site["key"], "operator": str(operator.id)})

    found = Accreditation.objects.get()
    assert made.headers["Location"] == reverse("agents:accreditation", args=[found.id])
    assert (found.state, found.operator_id, found.latitude, found.name) == (
        "candidate", operator.id, site["latitude"], site["name"])
    assert scenario.name in found.steps.get().reason
    officer.post(url, {"site": site["key"], "operator": str(operator.id)})
    assert Accreditation.objects.count() == 1
    page = officer.get(reverse("agents:placement", args=[scenario.id])).content.decode()
    assert reverse("agents:accreditation", args=[found.id]) in page
    assert officer.post(url, {"site": "site:nowhere", "operator": str(operator.id)}).status_code == 404
