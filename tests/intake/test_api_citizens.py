"""Citizens through the API: one answer for all that is wrong, masked to everybody, revealed to few."""

import pytest

from intake.models.citizens import Citizen
from shared.models.messages import IdempotencyKey
from shared.models.oversight import AuditEntry
from tests.factories import citizens as people
from tests.factories import network, places
from tests.factories.browsers import Api, body_of, machine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def clerk():
    return network.clerk()


@pytest.fixture
def api(clerk):
    return Api(person=clerk)


def person(**changes):
    return {"full_name": "Nguyễn Thị Hạnh", "commune_code": places.PHONG_DINH, "national_id": people.national_id(),
            "birth": "1992-03-14", "sex": "female", "phone": "0914275268", "street": "Thôn Thử"} | changes


def test_a_citizen_is_registered_and_shown_masked(api):
    sent = person()

    answer = api.post("/citizens", sent)

    shown = body_of(answer)
    assert answer.status_code == 201
    assert shown["national_id"] == f"046•••••{sent['national_id'][-4:]}"
    assert shown["phone"] == "0914 ••• 268"
    assert sent["national_id"] not in answer.content.decode()
    assert body_of(api.get(f"/citizens/{shown['id']}")) == shown


def test_every_wrong_entry_has_its_pointer_in_both_languages(api):
    answer = api.post("/citizens", person(full_name="NguyÔn", phone="0914", birth="31/02/1990"))

    problem = body_of(answer)
    assert (answer.status_code, problem["code"], problem["data_kept"]) == (422, "citizen-invalid", True)
    found = {error["pointer"]: error for error in problem["errors"]}
    assert set(found) == {"/full_name", "/phone", "/birth"}
    assert found["/full_name"]["message"] == "Chữ bị lỗi phông, hãy gõ lại bằng bảng mã Unicode."
    assert "old font" in found["/full_name"]["message_en"]


@pytest.mark.parametrize("change", [
    {"vip": True}, {"full_name": 7}, {"sex": "x"}, {"claims": [{"group": "war_invalid"}]}, {"commune_code": "../.."},
    {"full_name": "a" * 301}, {"is_confirmed": "true"}, {"national_id": None}, {"full_name": "Lê\u202eA"},
])
def test_what_is_not_of_the_described_form_is_refused(api, change):
    places.commune()
    answer = api.post("/citizens", person(**change))

    assert answer.status_code == 422
    assert body_of(answer)["errors"]
    assert not Citizen.objects.exists()


def test_the_same_number_again_names_the_citizen(api, clerk):
    known = people.citizen(network.acting(clerk), national_id=(number := people.national_id()))

    answer = api.post("/citizens", person(national_id=number))

    assert answer.status_code == 409
    assert body_of(answer)["code"] == "citizen-already-registered"
    assert body_of(answer)["citizen_id"] == str(known.id)


def test_a_search_needs_number_and_purpose_and_puts_nothing_in_the_address(api, clerk):
    number = people.national_id()
    known = people.citizen(network.acting(clerk), national_id=number)

    assert api.post("/citizens/find", {"national_id": number}).status_code == 422
    found = api.post("/citizens/find", {"national_id": number, "purpose": "tiếp nhận hồ sơ"})
    nobody = api.post("/citizens/find", {"national_id": people.national_id(), "purpose": "tiếp nhận hồ sơ"})

    assert (found.status_code, body_of(found)["id"]) == (200, str(known.id))
    assert nobody.status_code == 404
    assert api.get("/citizens").status_code == 405


def test_the_whole_number_is_shown_to_who_serves_and_never_kept_in_an_answer(api, clerk):
    number = people.national_id()
    known = people.citizen(network.acting(clerk), national_id=number)
    manager = Api(person=network.outlet_manager(clerk.outlet))

    assert api.post(f"/citizens/{known.id}/reveals", {"purpose": "đối chiếu"}).status_code == 403
    shown = manager.post(f"/citizens/{known.id}/reveals", {"purpose": "đối chiếu thẻ"})

    assert body_of(shown) == {"national_id": number}
    assert shown["Cache-Control"] == "no-store"
    assert number.encode() not in b"".join(bytes(each.body or b"") for each in IdempotencyKey.objects.all())
    assert AuditEntry.objects.filter(action="citizen.reveal").count() == 1


@pytest.mark.parametrize("make", [network.outlet_manager, network.officer])
def test_another_place_finds_nobody_under_the_id(api, clerk, make):
    known = people.citizen(network.acting(clerk))
    other = Api(person=make())

    assert other.get(f"/citizens/{known.id}").status_code == 404
    assert other.post(f"/citizens/{known.id}/reveals", {"purpose": "xem thử"}).status_code == 404


@pytest.mark.parametrize("make", [network.auditor, network.reviewer, network.operator_hq])
def test_who_has_no_citizens_is_told_so(clerk, make):
    known = people.citizen(network.acting(clerk))

    assert Api(person=make()).get(f"/citizens/{known.id}").status_code == 403


def test_a_machine_needs_scope_and_key(clerk):
    places.commune()
    with_scope, without = machine(clerk.outlet, "citizens:write"), machine(clerk.outlet, "dossiers:read")

    assert with_scope.post("/citizens", person()).status_code == 201
    assert without.post("/citizens", person()).status_code == 403
    assert Api().post("/citizens", person()).status_code == 401
    missing = with_scope.client.post("/api/v1/citizens", b"{}", content_type="application/json",
                                     headers=with_scope.headers)
    assert missing.status_code == 400 or body_of(missing)["code"] == "invalid-request"


def test_a_repeat_with_the_same_key_is_one_citizen(clerk):
    places.commune()
    api, sent = machine(clerk.outlet, "citizens:write"), person(national_id="")

    first, again = (api.post("/citizens", sent, key="k-1") for _ in range(2))

    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Citizen.objects.count() == 1


def test_a_session_is_opened_closed_and_claims_are_recorded(api, clerk):
    known = people.citizen(network.acting(clerk))

    opened = body_of(api.post(f"/citizens/{known.id}/sessions", {"purposes": ["assist_filing", "deliver_home"]}))
    claimed = api.post(f"/citizens/{known.id}/priority-claims", {
        "group": "war_invalid", "evidence_reference": "Thẻ 123", "valid_from": "2020-01-01"})
    closed = api.post(f"/sessions/{opened['id']}/closings", {})

    assert (claimed.status_code, closed.status_code) == (201, 201)
    assert body_of(closed)["closed_at"]
    assert body_of(api.get(f"/citizens/{known.id}"))["priority_groups"] == ["war_invalid"]
    assert api.post(f"/citizens/{known.id}/sessions", {"purposes": []}).status_code == 422


def test_a_correction_is_made_on_what_was_read(api, clerk):
    known = people.citizen(network.acting(clerk))
    sent = person(national_id="", full_name="Lê Văn A", version=1)

    assert body_of(api.post(f"/citizens/{known.id}", sent, method="PUT"))["full_name"] == "Lê Văn A"
    assert body_of(api.post(f"/citizens/{known.id}", sent, method="PUT"))["code"] == "citizen-changed"
