"""The public page of nearest outlets."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import network, places

pytestmark = pytest.mark.django_db
URL = "/diem-gan-nhat/"


def test_anybody_may_open_it_and_is_told_how_to_begin(client: Client):
    page = client.get(URL)

    assert page.status_code == 200
    assert "Gõ tên xã, phường" in page.content.decode()


@time_machine.travel("2026-01-14T09:00:00+07:00", tick=False)
def test_a_former_name_is_offered_with_what_it_became(client: Client):
    places.commune()
    places.former_commune()

    page = client.get(URL, {"q": "xã phong chuong"}).content.decode()

    assert "<s>xã Phong Chương" in page
    assert f"place={places.PHONG_DINH}%2F{places.PHONG_CHUONG}" in page


@time_machine.travel("2026-01-14T09:00:00+07:00", tick=False)
def test_the_list_says_who_is_open_and_how_far(client: Client):
    open_outlet = network.outlet(name="Bưu cục đang mở", phone="02343123456")
    network.opening_hours(open_outlet)
    network.outlet(places.PHU_XUAN, name="Bưu cục ở xa")

    page = client.get(URL, {"place": places.PHONG_DINH}).content.decode()

    assert page.index("Bưu cục đang mở") < page.index("Bưu cục ở xa")
    assert "Đang mở" in page
    assert 'href="tel:02343123456"' in page


def test_a_position_outside_the_country_is_refused_in_words(client: Client):
    page = client.get(URL, {"lat": "48.85", "lon": "2.35"})

    assert page.status_code == 200
    assert "ngoài Việt Nam" in page.content.decode()


@time_machine.travel("2026-01-14T09:00:00+07:00", tick=False)
def test_more_outlets_cost_no_more_questions(client: Client):
    def asked() -> int:
        client.get(URL, {"place": places.PHONG_DINH})  # the calendar is kept for a minute
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"place": places.PHONG_DINH})
        return len(queries)

    network.opening_hours(network.outlet())
    few = asked()
    for _ in range(4):
        network.opening_hours(network.outlet())

    assert asked() == few
