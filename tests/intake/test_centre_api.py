"""A centre's acts over the API: same rules, problem documents, one answer for one key."""

from uuid import uuid4

import pytest

from intake.models.dossiers import Dossier
from intake.rules.states import Handling
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import citizen, forwarded, hue_centre

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def officer(client):
    staff = network.officer(hue_centre())
    client.force_login(staff)
    return staff


def post(client, path, body, **headers):
    return client.post(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_a_centre_receives_asks_takes_the_answer_and_decides(client, officer):
    dossier = forwarded(code=catalogue.BUSINESS)
    where = f"/dossiers/{dossier.id}"

    received = post(client, f"{where}/receptions", {"version": dossier.version, "checked": []})
    assert received.status_code == 201, received.content
    assert received.json()["handling_name"] == "received"
    assert received.json()["code"].startswith("H57.31-")
    version = received.json()["version"]
    asked = post(client, f"{where}/supplement-requests", {
        "version": version, "reasons": [{"component": "other", "reason": "other", "text": "Ảnh biển hiệu"}]})
    assert asked.status_code == 201, asked.content
    answered = post(client, f"{where}/supplement-answers", {"text": "Đã nộp"})
    assert answered.json()["answered_at"]
    decided = post(client, f"{where}/resolutions", {"decision_number": "12", "summary": "Đồng ý cấp"})
    assert decided.status_code == 201, decided.content
    dossier.refresh_from_db()
    assert dossier.handling == Handling.RESOLVED


def test_an_old_version_is_answered_with_what_changed(client, officer):
    dossier = forwarded()
    post(client, f"/dossiers/{dossier.id}/receptions", {"version": dossier.version})

    late = post(client, f"/dossiers/{dossier.id}/receptions", {"version": dossier.version})

    assert (late.status_code, late.json()["code"]) == (409, "dossier-changed")
    assert late.json()["changes"][0]["action"] == "receive"
    assert officer.display_name in late.json()["detail_en"]


def test_the_same_key_receives_once(client, officer):
    dossier, key = forwarded(), str(uuid4())

    first = post(client, f"/dossiers/{dossier.id}/receptions", {}, **{"Idempotency-Key": key})
    again = post(client, f"/dossiers/{dossier.id}/receptions", {}, **{"Idempotency-Key": key})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"


def test_everything_wrong_with_a_decision_is_told_with_pointers(client, officer):
    dossier = forwarded()

    refused = post(client, f"/dossiers/{dossier.id}/refusals", {"reason": "x", "explanation": "", "legal_basis": ""})

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/reason", "/explanation", "/legal_basis"]
    assert all(error["message"] and error["message_en"] for error in refused.json()["errors"])


def test_unknown_fields_are_refused_by_name(client, officer):
    dossier = forwarded()

    refused = post(client, f"/dossiers/{dossier.id}/receptions", {"verson": 3})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/verson"


def test_a_clerk_does_not_receive_and_strangers_get_404(client):
    dossier = forwarded()
    client.force_login(network.clerk())
    assert post(client, f"/dossiers/{dossier.id}/receptions", {}).status_code == 403

    client.force_login(network.officer(network.centre(places.PHU_XUAN)))
    assert post(client, f"/dossiers/{dossier.id}/receptions", {}).status_code == 404


def test_a_citizen_at_the_counter_is_received_in_one_call(client, officer):
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    body = {"client_ref": str(uuid4()), "citizen_id": str(citizen().id), "procedure_code": catalogue.CERTIFIED_COPY,
            "copies": 2, "pages": 3}

    first = post(client, "/counter-receptions", body)
    again = post(client, "/counter-receptions", body)

    assert first.status_code == 201, first.content
    assert again.json()["id"] == first.json()["id"]
    assert Dossier.objects.count() == 1


def test_queue_and_inbox_are_read(client, officer):
    dossier = forwarded()
    forwarded()
    post(client, f"/dossiers/{dossier.id}/receptions", {})

    assert len(client.get(f"{API}/centre/queue").json()["running"]) == 1
    assert len(client.get(f"{API}/centre/inbox").json()["arrived"]) == 1
    assert client.get(f"{API}/authority-questions").json() == {"items": []}


def test_the_board_is_read_as_of_a_moment_and_only_ones_own(client, officer):
    dossier = forwarded()
    post(client, f"/dossiers/{dossier.id}/receptions", {})

    board = client.get(f"{API}/board", {"province": places.HUE}).json()
    assert (board["received"], board["resolved"], board["rate_percent"]) == (1, 0, 0.0)
    assert [row["received"] for row in board["by_centre"]] == [1]
    past = client.get(f"{API}/board", {"as_of": "2025-07-03T10:00:00+07:00"}).json()
    assert past["received"] == 0
    assert client.get(f"{API}/board", {"province": places.HANOI}).status_code == 403
