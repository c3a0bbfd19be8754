"""One search for everything, within what a person may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery.models.parcels import Parcel
from shared.models.oversight import AuditEntry
from tests.factories import catalogue, citizens, network, parcels, places
from tests.intake.centre_cases import filed, forwarded, hue_centre

pytestmark = pytest.mark.django_db
URL = "/tim/"


@pytest.fixture
def outlet():
    return network.outlet()


@pytest.fixture
def clerk(outlet):
    return network.clerk(outlet)


@pytest.fixture
def desk(clerk, client: Client) -> Client:
    client.force_login(clerk)
    return client


def body(answer) -> str:
    return answer.content.decode()


def test_a_code_opens_its_dossier_at_once(desk, outlet):
    dossier = filed(outlet=outlet)

    for typed in (dossier.agent_ref, dossier.agent_ref.lower(), f"http://localhost:8000/tra-cuu/{dossier.agent_ref}/"):
        assert desk.post(URL, {"q": typed})["Location"] == f"/quay/ho-so/{dossier.id}/"


def test_another_outlets_code_opens_nothing(desk):
    theirs = filed(outlet=network.outlet(places.PHU_XUAN))

    page = desk.post(URL, {"q": theirs.agent_ref})

    assert page.status_code == 200
    assert "Không tìm thấy gì" in body(page)


def test_a_name_without_accents_finds_citizen_and_dossier(desk, clerk, outlet):
    citizens.citizen(network.acting(clerk), full_name="Đoàn Thị Bưởi")
    filed(outlet=outlet, name="Đoàn Thị Bưởi")
    filed(outlet=network.outlet(places.PHU_XUAN), name="Đoàn Văn Khác")

    page = body(desk.post(URL, {"q": "doan"}))

    assert "Đoàn Thị Bưởi" in page
    assert "Đoàn Văn Khác" not in page


def test_a_phone_finds_only_people_of_this_outlet(desk, clerk):
    citizens.citizen(network.acting(clerk), full_name="Người Của Quầy", phone="0914 275 268")
    citizens.citizen(full_name="Người Nơi Khác", phone="0914 275 268")

    page = body(desk.post(URL, {"q": "0914275268"}))

    assert "Người Của Quầy" in page
    assert "Người Nơi Khác" not in page


def test_everyday_words_find_a_procedure(desk):
    catalogue.procedure(catalogue.RED_BOOK)

    assert catalogue.RED_BOOK in body(desk.post(URL, {"q": "so do"}))


def test_a_parcel_is_found_by_its_item_number_in_scope(desk, outlet):
    parcels.number_pool()
    mine, theirs = parcels.parcel(outlet=outlet), parcels.parcel(outlet=network.outlet(places.PHU_XUAN))

    assert Parcel.objects.count() == 2
    assert mine.number in body(desk.post(URL, {"q": f"{mine.number[:2]} {mine.number[2:]}"}))
    assert theirs.number not in body(desk.post(URL, {"q": theirs.number})).replace(f"“{theirs.number}”", "")


def test_an_id_number_is_searched_for_a_reason_only_and_written_down(desk):
    known = citizens.citizen(national_id="046192009999", full_name="Người Có Số")

    asked = body(desk.post(URL, {"q": "046192009999"}))
    found = body(desk.post(URL, {"q": "046192009999", "purpose": "người dân mang thẻ đến quầy"}))

    assert "Người Có Số" not in asked
    assert "Vì sao cần tra cứu?" in asked
    assert "Người Có Số" in found
    assert AuditEntry.objects.get(action="citizen.find").object_id == str(known.id)


def test_an_id_number_in_the_address_finds_nothing(desk):
    citizens.citizen(national_id="046192008888", full_name="Người Có Số")

    answer = desk.get(URL, {"q": "046192008888", "purpose": "xem thử"})

    assert answer["Location"] == URL
    assert not AuditEntry.objects.filter(action="citizen.find").exists()


def test_finance_does_not_search_people_by_number(client: Client):
    citizens.citizen(national_id="046192006666", full_name="Người Có Số")
    client.force_login(network.reviewer())

    page = body(client.post(URL, {"q": "046192006666", "purpose": "xem thử"}))

    assert "Người Có Số" not in page
    assert not AuditEntry.objects.filter(action="citizen.find").exists()


def test_an_officer_finds_what_was_sent_to_her_centre(client: Client):
    dossier = forwarded(name="Lê Thị Đến")
    client.force_login(network.officer(hue_centre()))

    assert "Lê Thị Đến" in body(client.post(URL, {"q": "le thi den"}))
    assert client.post(URL, {"q": dossier.agent_ref})["Location"] == f"/trung-tam/ho-so/{dossier.id}/"


@pytest.mark.parametrize("programme", [network.programme_officer, network.operations_officer])
def test_the_programme_looks_up_procedures_and_no_people(client: Client, programme):
    dossier = forwarded(name="Lê Thị Đến")
    client.force_login(programme(places.HUE))

    for typed in ("le thi den", dossier.agent_ref, dossier.citizen.phone):
        page = body(client.post(URL, {"q": typed}))
        assert "Không tìm thấy gì" in page
        assert "Lê Thị Đến" not in page


def test_strangers_are_asked_to_sign_in(client: Client):
    assert client.get(URL).status_code == 302


def test_many_hits_cost_no_more_questions_than_one(desk, clerk, outlet):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(URL, {"q": "phan van"}).status_code == 200
        return len(queries)

    citizens.citizen(network.acting(clerk), full_name="Phan Văn Một")
    filed(outlet=outlet, name="Phan Văn Một")
    asked()
    few = asked()
    for _ in range(9):
        citizens.citizen(network.acting(clerk), full_name="Phan Văn Nhiều")
        filed(outlet=outlet, name="Phan Văn Nhiều")

    assert asked() == few
