"""Dossiers through the API: submitted once, forwarded, listed within sight at a constant price."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.models.routing import AuthorityQuestion
from intake.records import PlaceChoice
from shared.ids import uuid7
from tests.factories import catalogue, dossiers, network, places
from tests.factories.browsers import Api, body_of, machine
from tests.factories.papers import looked_at
from tests.factories.parcels import number_pool
from tests.intake.test_documents import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def counter():
    return dossiers.counter()


@pytest.fixture
def api(counter):
    return Api(person=counter.clerk)


def filing(counter, **changes):
    return {"client_ref": str(uuid7()), "citizen_id": str(counter.citizen.id), "procedure_code": catalogue.BIRTH,
            "channel": "online", "documents": [{"component": "to_khai"}, {"component": "giay_chung_sinh"}]} | changes


def test_one_call_submits_and_answers_with_route_and_price(counter, api):
    answer = api.post("/submissions", filing(counter))

    shown = body_of(answer)
    assert answer.status_code == 201
    assert (shown["handling"], shown["handling_name"], shown["code"]) == (1, "registered", None)
    assert shown["route"]["authority"]["authority_name"] == "UBND phường Phong Dinh"
    assert shown["pricing"]["postage_home"]["gross_vnd"] == 26_000
    read = body_of(api.get(f"/dossiers/{shown['id']}"))
    assert {name: read[name] for name in ("id", "route", "pricing", "version")} == {
        name: shown[name] for name in ("id", "route", "pricing", "version")}


def test_the_same_client_ref_is_the_same_dossier_and_another_content_is_refused(counter, api):
    sent = filing(counter)

    first, again = (body_of(api.post("/submissions", sent)) for _ in range(2))
    other = api.post("/submissions", sent | {"copies": 2})

    assert first["id"] == again["id"]
    assert (other.status_code, body_of(other)["code"]) == (409, "client-ref-reused")
    assert Dossier.objects.count() == 1


def test_a_draft_is_submitted_by_its_id(counter, api):
    draft = body_of(api.post("/dossiers", filing(counter)))

    submitted = body_of(api.post(f"/dossiers/{draft['id']}/submissions", {}))

    assert (draft["handling"], submitted["handling"], submitted["id"]) == (0, 1, draft["id"])


@pytest.mark.parametrize("change", [
    {"channel": "direct"}, {"channel": "fax"}, {"copies": 0}, {"copies": 1.0}, {"copies": True}, {"copies": "1"},
    {"copies": 2**63}, {"fee": 5000}, {"documents": [{"component": "x" * 41}]}, {"client_ref": "1"},
    {"result_choice": "now"}, {"note": "x" * 2001}, {"place": {"commune_code": "1"}}, {"documents": {}},
    {"delivery": {"street": "x"}}, {"session_id": "me"},
])
def test_a_filing_of_another_form_is_refused(counter, api, change):
    answer = api.post("/submissions", filing(counter) | change)

    assert answer.status_code == 422
    assert body_of(answer)["errors"]
    assert not Dossier.objects.exists()


def test_a_machine_files_in_a_session_of_its_own(counter):
    system = machine(counter.outlet, "citizens:write", "dossiers:write")
    session = body_of(system.post(f"/citizens/{counter.citizen.id}/sessions",
                                  {"purposes": ["assist_filing", "deliver_home"]}))

    without = system.post("/submissions", filing(counter))
    filed = system.post("/submissions", filing(counter, session_id=session["id"]))

    assert body_of(without)["code"] == "no-open-session"
    assert filed.status_code == 201
    assert Dossier.objects.get().clerk_id is None


def test_paper_dossiers_are_forwarded_together(counter, api):
    number_pool()
    first, second = (counter.submit(channel="post") for _ in range(2))

    sent = api.post(f"/dossiers/{first.id}/forwardings", {"mode": "paper", "with_dossier_ids": [str(second.id)]})

    assert sent.status_code == 201
    assert body_of(sent)["dossier_id"] == str(first.id)
    assert body_of(sent)["parcel_number"]
    assert Dossier.objects.filter(forwarded_at=None).count() == 0


def test_an_online_dossier_is_forwarded_once(counter, api):
    dossier = counter.submit()

    first, again = (body_of(api.post(f"/dossiers/{dossier.id}/forwardings", {"mode": "electronic"})) for _ in range(2))

    assert first == again


def test_an_unclear_authority_is_said_and_answered(counter, api):
    places.commune(places.PHU_XUAN)
    dossier = counter.submit(place=PlaceChoice(places.PHU_XUAN))
    manager = Api(person=network.centre_manager(counter.centre))
    question = AuthorityQuestion.objects.get()

    refused = api.post(f"/dossiers/{dossier.id}/forwardings", {"mode": "electronic"})
    settled = manager.post(f"/authority-questions/{question.id}/answers",
                           {"centre_id": str(counter.centre.id), "legal_basis": "Nghị quyết 1675/NQ-UBTVQH15"})

    assert (refused.status_code, body_of(refused)["code"]) == (409, "authority-unclear")
    assert body_of(settled)["authority_centre_id"] == str(counter.centre.id)
    assert api.post(f"/dossiers/{dossier.id}/forwardings", {"mode": "electronic"}).status_code == 201


# --- scope ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/steps"])
def test_another_outlets_dossier_does_not_exist(counter, path):
    dossier = counter.submit()
    for stranger in (network.clerk(network.outlet(places.PHU_XUAN)), network.clerk(network.outlet(places.PHONG_DINH)),
                     network.officer(network.centre(places.PHU_XUAN)), network.reviewer(places.HANOI)):
        answer = Api(person=stranger).get(f"/dossiers/{dossier.id}{path}")
        assert answer.status_code == 404
        assert body_of(answer)["code"] == "dossier-not-found"


def test_another_outlet_can_neither_submit_nor_forward_it(counter):
    draft = body_of(Api(person=counter.clerk).post("/dossiers", filing(counter)))
    stranger = Api(person=network.clerk(network.outlet(places.PHU_XUAN)))

    assert stranger.post(f"/dossiers/{draft['id']}/submissions", {}).status_code == 404
    assert stranger.post(f"/dossiers/{draft['id']}/forwardings", {"mode": "electronic"}).status_code == 404


def test_finance_sees_the_money_and_not_the_citizen(counter):
    dossier = counter.submit(note="riêng tư")
    for person in (network.reviewer(places.HUE), network.auditor(places.HUE)):
        answer = Api(person=person).get(f"/dossiers/{dossier.id}")
        assert answer.status_code == 200
        assert body_of(answer)["pricing"]["postage_home"]["gross_vnd"] == 26_000
        assert "Hạnh" not in answer.content.decode()
        assert "riêng tư" not in answer.content.decode()
        assert body_of(answer)["citizen_id"] is None


def test_an_operators_headquarters_reads_no_dossiers(counter):
    dossier = counter.submit()

    assert Api(person=network.operator_hq()).get(f"/dossiers/{dossier.id}").status_code == 403


# --- lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_costs_the_same_however_long(counter, api, rows):
    for _ in range(rows):
        counter.submit()
    api.get("/dossiers")

    with CaptureQueriesContext(connection) as queries:
        found = body_of(api.get("/dossiers"))

    assert len(found["items"]) == rows
    assert len([each for each in queries if "intake_" in each["sql"]]) == 1


def test_a_list_is_filtered_and_paged(counter, api):
    online, paper = counter.submit(), counter.submit(channel="post")

    assert [each["id"] for each in body_of(api.get("/dossiers", channel="post"))["items"]] == [str(paper.id)]
    assert [each["id"] for each in body_of(api.get("/dossiers", reference=online.agent_ref.lower()))["items"]] == [
        str(online.id)]
    first = body_of(api.get("/dossiers", limit=1))
    rest = body_of(api.get("/dossiers", limit=1, cursor=first["next"]))
    assert {first["items"][0]["id"], rest["items"][0]["id"]} == {str(online.id), str(paper.id)}
    assert body_of(api.get("/dossiers", created_from="2026-01-13"))["items"] == []


@pytest.mark.parametrize("query", [{"handling": 11}, {"limit": 101}, {"limit": -1}, {"order": "citizen__full_name"},
                                   {"cursor": "x"}, {"citizen_id": "1"}, {"created_from": "13/01/2026"}])
def test_a_malformed_list_question_is_refused(api, query):
    assert api.get("/dossiers", **query).status_code == 422


# --- papers ---------------------------------------------------------------------------------------------------------


def test_a_paper_is_sent_in_listed_opened_and_taken_back(counter, api):
    sent = api.upload("/documents", component="to_khai", file=SimpleUploadedFile("Giấy khai sinh.exe", pdf()))
    document = body_of(sent)
    assert body_of(api.get(f"/documents/{document['id']}/content"))["code"] == "document-not-checked"
    looked_at(Document.objects.get())

    opened = api.get(f"/documents/{document['id']}/content")

    assert (sent.status_code, document["content_type"], document["verdict"]) == (201, "application/pdf", "not_checked")
    assert opened.content.startswith(b"%PDF-")
    assert "attachment" in opened["Content-Disposition"]
    assert ".exe" not in opened["Content-Disposition"]
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in opened["Cache-Control"]
    assert opened["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert [each["id"] for each in body_of(api.get("/documents"))["items"]] == [document["id"]]
    assert api.post(f"/documents/{document['id']}", None, method="DELETE").status_code == 204
    assert not Document.objects.exists()


@pytest.mark.parametrize(("content", "status", "code"), [
    (b"GIF89a" + b"\x00" * 40, 415, "document-type-not-accepted"), (pdf(password="x"), 422, "document-unreadable"),
    (pdf()[:-30], 422, "document-unreadable")])
def test_a_bad_file_is_a_problem_with_its_cause(api, content, status, code):
    answer = api.upload("/documents", component="to_khai", file=SimpleUploadedFile("scan.pdf", content))

    assert (answer.status_code, body_of(answer)["code"]) == (status, code)
    assert body_of(answer)["errors"][0]["pointer"] == "/file"


def test_an_empty_or_missing_file_is_a_problem(api):
    empty = api.upload("/documents", component="to_khai", file=SimpleUploadedFile("scan.pdf", b""))
    missing = api.upload("/documents", component="to_khai")

    assert (empty.status_code, missing.status_code) == (422, 422)


def test_a_request_that_is_too_large_is_refused_while_it_comes(api):
    huge = SimpleUploadedFile("x.pdf", b"%PDF-" + b"0" * 22_000_000)

    answer = api.upload("/documents", component="to_khai", file=huge)

    assert answer.status_code == 413
    assert not Document.objects.exists()


def test_a_paper_of_another_outlet_is_not_found(counter, api):
    document = body_of(api.upload("/documents", component="to_khai", file=SimpleUploadedFile("scan.pdf", pdf())))
    stranger = Api(person=network.clerk(network.outlet(places.PHU_XUAN)))

    assert stranger.get(f"/documents/{document['id']}/content").status_code == 404
    assert stranger.post(f"/documents/{document['id']}", None, method="DELETE").status_code == 404
    assert body_of(stranger.get("/documents"))["items"] == []


# --- offers ---------------------------------------------------------------------------------------------------------


def test_each_way_to_file_is_offered_with_its_clock_cost_and_reason(counter, api, time_machine):
    time_machine.move_to("2026-01-13T09:00:00+07:00")
    offer = body_of(api.post("/offers", {"citizen_id": str(counter.citizen.id), "procedure_code": catalogue.BIRTH}))

    online, post, refer = offer["options"]
    assert [each["channel"] for each in offer["options"]] == ["online", "post", "refer"]
    assert all(each["is_allowed"] for each in offer["options"])
    assert "biên bản giao nhận" in post["clock_start"]["vi"]
    assert online["due_at"] < post["due_at"]
    assert online["pricing"]["citizen_total_vnd"] == 26_000
    assert post["pricing"]["citizen_total_vnd"] == 52_000
    assert refer["pricing"]["citizen_total_vnd"] == 0
    assert {each["code"] for each in online["missing"]} == {"to_khai", "giay_chung_sinh"}


def test_in_hanoi_paper_is_closed_and_says_why():
    counter = dossiers.counter(places.HOAN_KIEM)

    offer = body_of(Api(person=counter.clerk).post("/offers", {
        "citizen_id": str(counter.citizen.id), "procedure_code": catalogue.BIRTH}))

    post = offer["options"][1]
    assert not post["is_allowed"]
    assert "trực tuyến" in post["why_not"]["vi"]
    assert "online" in post["why_not"]["en"]
    assert post["pricing"] is None
