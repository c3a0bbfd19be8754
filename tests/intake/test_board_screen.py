"""The board as a page, its drawings and its tiles."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from intake.operations import resolution
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.rules.tiles import arrange, grid_size
from shared.roles import Role
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import at, citizen, hue_centre

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def played(client):
    """Three received at ten past nine, one of them resolved at half past ten."""
    centre = hue_centre()
    manager = network.centre_manager(centre)
    client.force_login(manager)
    officer = network.acting(network.officer(centre))
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    made = [receive_at_counter(CounterInput(uuid4(), citizen().id, catalogue.CERTIFIED_COPY), by=officer,
                               at=at("2025-07-03", "09:10")) for _ in range(3)]
    resolution.resolve(dossier_id=made[0].id, decision_number="1", summary="x", by=officer,
                       at=at("2025-07-03", "10:30"))
    network.centre(places.PHU_XUAN)
    return manager


def figures(page) -> list[str]:
    return re.findall(r'<b class="num">([^<]*)</b>', page.content.decode())[:2]


def test_the_board_shows_the_moment_that_was_asked_for(client, played):
    url = reverse("intake:board")

    assert figures(client.get(url, {"luc": "2025-07-03T09:00"})) == ["0", "0"]
    at_ten = client.get(url, {"luc": "2025-07-03T10:00"})
    assert figures(at_ten) == ["3", "0"]
    assert "10:00, Thứ Năm 03/07/2025" in words(at_ten).replace("\u00a0", " ")
    at_eleven = client.get(url, {"luc": "2025-07-03T11:00"})
    assert figures(at_eleven) == ["3", "1"]
    assert "33,3" in words(at_eleven)
    assert "2 trung tâm" in words(at_eleven)


def test_the_hours_are_drawn_and_told_in_a_table(client, played):
    page = client.get(reverse("intake:board"), {"luc": "2025-07-03T11:00"}).content.decode()

    assert re.search(r'<rect class="h-r" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+"/>', page)
    assert "03/07\u00a009:00" in page


def test_a_moment_that_is_none_is_told_and_kept(client, played):
    page = client.get(reverse("intake:board"), {"luc": "hôm qua"})

    assert page.status_code == 422
    assert "Hãy chọn ngày và giờ" in words(page)
    assert 'value="hôm qua"' in page.content.decode()


@pytest.mark.parametrize("last", ["9999-12-31T23:59", "9999-12-31T23:59+00:00"])
def test_the_end_of_time_is_no_moment(last, client, played):
    assert client.get(reverse("intake:board"), {"luc": last}).status_code == 422


def test_a_board_of_another_province_is_refused(client, played):
    assert client.get(reverse("intake:board"), {"tinh": places.HANOI}).status_code == 403


def test_the_board_speaks_english(client, played):
    client.cookies["wardpost_language"] = "en"

    assert "as of 11:00" in words(client.get(reverse("intake:board"), {"luc": "2025-07-03T11:00"}))


# --- tiles ----------------------------------------------------------------------------------------------------------


def test_every_place_has_a_tile_of_its_own_and_north_stays_north():
    points = [(16.8 - 0.05 * row, 107.0 + 0.06 * column) for row in range(5) for column in range(8)]

    cells = arrange(points)
    columns, rows = grid_size(len(points))

    assert len(set(cells)) == 40
    assert all(0 <= column < columns and 0 <= row < rows for column, row in cells)
    assert cells[0][1] < cells[-1][1]
    assert cells[0][0] < cells[7][0]
    assert arrange(points) == cells


def test_one_place_and_none_are_arranged_too():
    assert arrange([]) == []
    assert arrange([(16.0, 107.0)]) == [(0, 0)]


def test_a_manager_of_another_centre_sees_the_same_city_to_the_minute(client, played):
    client.force_login(network.centre_manager(network.centre(places.PHU_XUAN)))

    assert figures(client.get(reverse("intake:board"), {"luc": "2025-07-03T09:30"})) == ["3", "0"]


def test_an_administrator_without_a_province_chooses_one(client, played):
    client.force_login(network.staff(Role.ADMINISTRATOR, "Quản trị"))

    page = client.get(reverse("intake:board"), {"luc": "2025-07-03T10:00"})

    assert figures(page) == ["3", "0"]
    assert f'<option value="{places.HUE}" selected>' in page.content.decode()
    assert client.get(reverse("intake:board"), {"tinh": "99"}).status_code == 403
