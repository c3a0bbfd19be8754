"""The board's figures broken down, the dossiers behind them, two moments compared, the map, and the feed."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse

from intake.boards import operations
from intake.boards.models import BoardCell, BoardStay, Boundary
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.operations.resolution import resolve
from shared import scope
from shared.roles import Role
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import at, citizen, forwarded, hue_centre

pytestmark = pytest.mark.django_db

TEN = "2025-07-03T10:00"


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def city():
    """Two dossiers at Phong Dinh's own counter, one of them resolved, and one that an outlet has forwarded there."""
    centre = hue_centre()
    officer = network.acting(network.officer(centre))
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    made = [receive_at_counter(CounterInput(uuid4(), citizen().id, catalogue.CERTIFIED_COPY), by=officer,
                               at=at("2025-07-03", "09:10")) for _ in range(2)]
    resolve(dossier_id=made[0].id, decision_number="1", summary="x", by=officer, at=at("2025-07-03", "09:40"))
    dossier = forwarded()
    return centre, Dossier.objects.select_related("outlet__operator").get(id=dossier.id), made


def test_the_figures_are_broken_down_as_asked_and_open_their_dossiers(client, city):
    _centre, sent, made = city
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))

    page = client.get(reverse("intake:board-figures"), {"luc": TEN, "theo": "diem"})
    assert sent.outlet.name in words(page)
    assert "Nộp thẳng tại trung tâm" in words(page)
    for measure, there in (("in_hand", made[1].code), ("result_waiting", made[0].code), ("on_the_way", sent.agent_ref)):
        behind = client.get(reverse("intake:board-behind"), {"luc": TEN, "so": measure})
        assert there in words(behind)
        assert sum(each in words(behind) for each in (made[0].code, made[1].code, sent.agent_ref)) == 1
    operations.keep_up(at=at("2025-07-03", "12:00"))
    assert made[1].code in words(client.get(reverse("intake:board-behind"), {"luc": TEN, "so": "in_hand"}))
    endless = {"luc": TEN, "so": "in_hand", "trang": "000001" + "9" * 5_000}
    assert client.get(reverse("intake:board-behind"), endless).status_code == 200


def test_an_outlet_and_its_operator_read_their_own_and_open_no_other(client, city):
    _centre, sent, _made = city
    client.force_login(network.outlet_manager(sent.outlet))
    other = network.outlet(places.PHU_XUAN)

    for narrow in ({}, {"theo": "thu-tuc"}):
        page = client.get(reverse("intake:board-figures"), {"luc": TEN, **narrow})
        assert re.search(r'<span class="num">0</span>.*số hồ sơ trung tâm', page.content.decode(), re.DOTALL)
        assert "Nộp thẳng tại trung tâm" not in words(page)
    assert client.get(reverse("intake:board-figures"), {"diem": other.id}).status_code == 404
    client.force_login(network.operator_hq(sent.outlet.operator))
    page = client.get(reverse("intake:board-figures"), {"luc": TEN, "theo": "diem", "tinh": places.HUE})
    assert sent.outlet.name in words(page)
    assert client.get(reverse("intake:board-figures"), {"diem": uuid4()}).status_code == 404


def test_a_centre_reads_its_city_and_opens_itself_alone(client, city):
    centre, _sent, made = city
    neighbour = network.centre(places.PHU_XUAN)
    client.force_login(network.centre_manager(neighbour))

    assert "Phong Dinh" in words(client.get(reverse("intake:board-figures"), {"luc": TEN}))
    assert client.get(reverse("intake:board-figures"), {"trung-tam": centre.id}).status_code == 404
    assert made[1].code not in words(client.get(reverse("intake:board-behind"), {"luc": TEN, "so": "in_hand"}))


def test_the_second_wall_hides_other_lines_from_an_outlet(city):
    _centre, sent, _made = city
    operations.keep_up(at=at("2025-07-03", "12:00"))
    try:
        scope.enter(network.acting(network.outlet_manager(sent.outlet)))
        assert set(BoardStay.objects.values_list("outlet_id", flat=True)) == {sent.outlet_id}
        assert set(BoardCell.objects.values_list("outlet_id", flat=True)) == {sent.outlet_id}
    finally:
        scope.leave()


def test_two_moments_are_compared_with_signs(client, city):
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))

    page = client.get(reverse("intake:board-compare"), {"tu": "2025-07-03T09:20", "luc": TEN})

    assert "−1" in words(page)
    assert "+1" in words(page)
    turned = client.get(reverse("intake:board-compare"), {"tu": "2025-07-03T11:00", "luc": TEN})
    assert turned.status_code == 422
    assert "muộn hơn" in words(turned)
    assert client.get(reverse("intake:board-compare"), {"luc": "2999-01-01T00:00"}).status_code == 422


def test_the_map_has_every_commune_in_words_beside_it(client, city):
    network.centre(places.PHU_XUAN)
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))

    page = client.get(reverse("intake:board-map"), {"luc": TEN})

    assert page.context["map"].points[0].detail == "Tiếp nhận: 2"
    assert "Phú Xuân" in words(page)


def test_the_feed_answers_the_same_as_json_csv_and_workbook_and_says_when_nothing_changed(client, city):
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))
    asked = {"as_of": "2025-07-03T10:00:00+07:00", "by": "procedure"}

    told = client.get("/api/v1/board/figures", asked).json()
    csv = client.get("/api/v1/board/figures/csv", asked)
    sheet = client.get("/api/v1/board/figures/xlsx", asked)

    assert (told["total"]["received"], told["total"]["resolved"], told["total"]["on_the_way"]) == (2, 1, 1)
    assert csv.content.decode().startswith("\ufeffas_of,by,key")
    assert sheet.content.startswith(b"PK")
    again = client.get("/api/v1/board/figures/csv", asked, headers={"If-None-Match": csv["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, csv["ETag"])
    assert client.get("/api/v1/board/figures", {"province": places.HANOI}).status_code == 403
    assert client.get("/api/v1/board/figures", {"centre_id": str(uuid4())}).status_code == 404


def test_a_feed_has_the_same_tag_until_anything_that_it_sends_has_changed(client, city):
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))
    asked = {"as_of": "2025-07-03T10:00:00+07:00", "by": "procedure"}

    for path in ("/api/v1/board/figures", "/api/v1/board/figures/csv", "/api/v1/board/figures/xlsx"):
        first = client.get(path, asked)
        same = client.get(path, asked, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
        later = client.get(path, asked | {"as_of": "2025-07-03T10:01:00+07:00"})
        Procedure.objects.update(name_vi=Concat("name_vi", Value(" mới")))
        renamed = client.get(path, asked, headers={"If-None-Match": first["ETag"]})
        assert (same.status_code, same["ETag"], same.content) == (304, first["ETag"], b"")
        assert len({first["ETag"], later["ETag"], renamed["ETag"]}) == 3
        assert renamed.status_code == 200
        assert renamed["Cache-Control"] == "private, no-cache"
        assert client.get(path, asked, headers={"If-None-Match": "*"}).status_code == 304


@time_machine.travel(at("2025-07-03", "10:00") + timedelta(seconds=59), tick=False)
def test_a_feed_of_now_is_of_the_minute_that_has_begun_so_that_asking_again_costs_nothing(client, city):
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))

    told = client.get("/api/v1/board/figures")

    assert told.json()["as_of"] == "2025-07-03T10:00:00+07:00"
    assert told.json()["schema_version"] == 1
    assert client.get("/api/v1/board/figures", headers={"If-None-Match": told["ETag"]}).status_code == 304


@pytest.mark.parametrize("outlets", [1, 6])
def test_a_page_costs_the_same_however_many_lines(client, city, outlets, django_assert_max_num_queries):
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))
    for _ in range(outlets):
        forwarded()

    with django_assert_max_num_queries(22):
        client.get(reverse("intake:board-figures"), {"theo": "diem"})


def test_the_national_index_gives_points_only_where_it_has_both_numbers(client, city):
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))

    page = client.get(reverse("intake:board-index"), {"luc": TEN})

    groups = {group.words.en: group for group in page.context["groups"]}
    assert sum(group.most for group in groups.values()) == 100
    assert all(sum(each.most for each in group.criteria) == group.most for group in groups.values())
    assert groups["Progress"].points == 20
    assert groups["Progress"].criteria[0].share.base == 2
    assert groups["Openness"].points is None
    assert groups["Satisfaction"].points is None
    assert "766/QĐ-TTg" in words(page)


def outline(code: str, lat: float, lon: float, **geometry):
    ring = [[lon - .1, lat - .1], [lon + .1, lat - .1], [lon, lat + .1], [lon - .1, lat - .1]]
    return {"type": "Feature", "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]} | geometry}


def loaded(tmp_path, *features) -> None:
    file = tmp_path / "outlines.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    call_command("load_boundaries", str(file), source="Sở Nông nghiệp và Môi trường")


def test_outlines_are_drawn_under_the_figures_once_they_are_loaded(client, city, tmp_path):
    commune = city[0].commune
    loaded(tmp_path, outline(commune.code, commune.latitude, commune.longitude))
    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))

    drawn = client.get(reverse("intake:board-map"), {"luc": TEN}).context["map"]

    assert len(drawn.areas) == 1
    assert not drawn.ground


def test_outlines_that_are_none_are_refused_row_by_row(city, tmp_path):
    commune = city[0].commune
    good = outline(commune.code, commune.latitude, commune.longitude)
    with pytest.raises(CommandError) as refused:
        loaded(tmp_path, good, good, outline("xxxxx", 16, 107), outline(places.PHU_XUAN, 16, 107, type="Point"),
               outline(places.QUANG_DIEN, 107, 16))

    told = str(refused.value)
    assert "Row 2: commune" in told
    assert "Row 3: the property code 'xxxxx'" in told
    assert "Row 4" in told
    assert not Boundary.objects.exists()
