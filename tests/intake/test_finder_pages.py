"""The pages on which a procedure is found and told in full, for clerks and for everybody."""

import io

import pypdf
import pytest
from django.test import Client

from intake.rules.catalogue import Channel
from tests.factories import catalogue, network, places
from tests.intake.counter_cases import Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(client: Client, rate_book) -> Counter:
    return Counter(client)


def body(answer) -> str:
    return answer.content.decode()


def test_a_clerk_finds_a_procedure_and_takes_it_from_there(counter):
    found = body(counter.client.get("/quay/thu-tuc/", {"q": "trich luc"}))
    told = body(counter.client.get(f"/quay/thu-tuc/{catalogue.EXTRACT}/"))

    assert f"/quay/thu-tuc/{catalogue.EXTRACT}/" in found
    assert f"/quay/ho-so-moi/?procedure={catalogue.EXTRACT}" in told
    assert "Điểm hỗ trợ nộp giúp" in told


def test_a_citizen_needs_no_account_to_read_what_to_bring(client):
    catalogue.procedure(catalogue.EXTRACT)

    assert "Bạn cần làm việc gì?" in body(client.get("/thu-tuc/"))
    assert catalogue.EXTRACT in body(client.get("/thu-tuc/", {"q": "sao giay khai sinh"}))
    told = body(client.get(f"/thu-tuc/{catalogue.EXTRACT}/"))
    assert "Giấy tờ cần mang" in told
    assert "8.000" in told
    assert "data:image/svg+xml" in told


def test_who_decides_is_told_for_the_chosen_place(client):
    network.centre()
    catalogue.procedure(catalogue.EXTRACT)
    places.former_commune()

    told = body(client.get(f"/thu-tuc/{catalogue.EXTRACT}/", {"place": f"{places.PHONG_DINH}/{places.PHONG_CHUONG}"}))

    assert "UBND phường Phong Dinh" in told
    assert "nay thuộc phường Phong Dinh" in told


def test_what_only_the_centre_does_says_why(client):
    catalogue.procedure(catalogue.CERTIFIED_COPY)

    told = body(client.get(f"/thu-tuc/{catalogue.CERTIFIED_COPY}/"))

    assert "Người yêu cầu phải mang bản chính" in told


def test_the_list_is_a_sheet_to_print_and_the_same_sheet_again(client):
    catalogue.procedure(catalogue.EXTRACT)
    address = f"/thu-tuc/{catalogue.EXTRACT}/mang-theo.pdf"

    first, again = client.get(address, {"channel": Channel.POST}), client.get(address, {"channel": Channel.POST})

    text = " ".join(pypdf.PdfReader(io.BytesIO(first.content)).pages[0].extract_text().split())
    assert first.content == again.content
    assert "Bắt buộc" in text
    assert "có chứng thực" in text


@pytest.mark.parametrize("address", ["/thu-tuc/9.999999/", "/thu-tuc/x y/", "/thu-tuc/9.9/mang-theo.pdf"])
def test_a_procedure_that_there_is_not_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("typed", ["", "khai sinh"])
def test_the_finder_costs_the_same_whatever_is_typed(client, typed, django_assert_max_num_queries):
    catalogue.procedure(catalogue.EXTRACT)
    catalogue.procedure(catalogue.BIRTH)

    with django_assert_max_num_queries(3):
        client.get("/thu-tuc/", {"q": typed})


def test_the_api_tells_the_same_for_a_chosen_commune(counter):
    address = f"/api/v1/procedures/{catalogue.EXTRACT}/guide"

    told = counter.client.get(address, {"commune_code": places.PHONG_DINH}).json()

    assert told["may_file"] is True
    assert told["route"]["authority"]["name"]
    assert {way["channel"]: way["fee_vnd"] for way in told["ways"]} == {"online": 8000, "post": 8000, "direct": 8000}
    assert [paper["code"] for paper in told["ways"][0]["to_bring"]] == ["to_khai"]
    assert counter.client.get("/api/v1/procedures/9.9/guide").status_code == 404
