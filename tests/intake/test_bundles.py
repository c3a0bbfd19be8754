"""One visit, several dossiers: all or none, once for ever, one list of what to bring, one parcel home."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client

from delivery.models.parcels import Parcel
from delivery.rules import ParcelState
from intake.errors import BundleRefused, ClientRefReused
from intake.models.counter import EventBundle
from intake.models.dossiers import Dossier
from intake.operations import results
from intake.operations.bundles import submit_bundle
from intake.records import BundleInput, DocumentRef, SubmissionInput
from intake.rules.states import Handling
from tests.factories import catalogue, life_events, parcels
from tests.intake.counter_cases import Counter
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db
INTERLINKED, RESIDENCE_OF_CHILD = "2.002621", "1.004222"


@pytest.fixture
def counter(client: Client, rate_book) -> Counter:
    counter = Counter(client)
    life_events.life_event("moving")
    return counter


def filing(citizen, code: str, *papers: str) -> SubmissionInput:
    return SubmissionInput(client_ref=uuid4(), citizen_id=citizen.id, procedure_code=code, channel="online",
                           result_choice="home", documents=tuple(DocumentRef(paper) for paper in papers))


def moving(citizen) -> BundleInput:
    return BundleInput(uuid4(), "moving", (
        filing(citizen, "1.004222", "to_khai_cu_tru"), filing(citizen, "1.010041", "to_khai_cu_tru")))


def submit(counter, asked):
    return submit_bundle(asked, by=counter.actor, at=MONDAY_MORNING)


def test_the_dossiers_of_an_event_are_submitted_together(counter):
    citizen = counter.acts_for()

    made = submit(counter, moving(citizen))

    assert [each.procedure_code for each in made.dossiers] == ["1.004222", "1.010041"]
    assert {each.handling for each in Dossier.objects.all()} == {Handling.REGISTERED}
    assert {each.bundle_id for each in Dossier.objects.all()} == {made.bundle.id}
    assert len({each.agent_ref for each in made.dossiers}) == 2


def test_the_same_bundle_again_is_the_same_dossiers(counter):
    asked = moving(counter.acts_for())

    first, again = submit(counter, asked), submit(counter, asked)

    assert [each.id for each in first.dossiers] == [each.id for each in again.dossiers]
    assert Dossier.objects.count() == 2


def test_another_content_under_the_same_reference_is_refused(counter):
    asked = moving(counter.acts_for())
    submit(counter, asked)

    with pytest.raises(ClientRefReused):
        submit(counter, replace(asked, filings=asked.filings[:1]))

    assert Dossier.objects.count() == 2


def test_one_filing_that_is_wrong_keeps_all_from_being_sent(counter):
    asked = moving(counter.acts_for())
    bare = replace(asked, filings=(asked.filings[0], replace(asked.filings[1], documents=())))

    with pytest.raises(BundleRefused) as refused:
        submit(counter, bare)

    assert [error.pointer for error in refused.value.errors] == ["/filings/1/documents"]
    assert not Dossier.objects.exists()
    assert not EventBundle.objects.exists()


def test_a_bundle_is_of_one_event_and_one_citizen(counter):
    asked = moving(counter.acts_for())
    catalogue.procedure(catalogue.EXTRACT)
    foreign = replace(asked.filings[0], procedure_code=catalogue.EXTRACT)
    others = replace(asked.filings[1], citizen_id=uuid4())

    for wrong in (replace(asked, event_code="wedding"), replace(asked, filings=(foreign,)),
                  replace(asked, filings=(asked.filings[0], others)), replace(asked, filings=())):
        with pytest.raises(BundleRefused):
            submit(counter, wrong)

    assert not Dossier.objects.exists()


def test_the_page_shows_one_list_one_parcel_and_submits_all(counter):
    counter.acts_for()
    address = "/quay/su-kien/moving/"
    form = {"client_ref": str(uuid4()), "step": ["1.004222", "1.010041"], "result_choice": "home",
            "channel-1.004222": "online", "channel-1.010041": "online"}

    fresh = counter.client.get(address).content.decode()
    looked = counter.client.post(address, {**form, "do": "look"}).content.decode()
    refused = counter.client.post(address, {**form, "do": "submit"})
    sent = counter.client.post(address, {**form, "shown": ["1.004222|to_khai_cu_tru"], "do": "submit"})

    assert "Một danh sách mang theo" in fresh
    assert "Mang một lần, dùng cho cả hai" in looked
    assert refused.status_code == 422
    assert sent.status_code == 302
    page = counter.client.get(sent["Location"]).content.decode()
    assert all(dossier.agent_ref in page for dossier in Dossier.objects.all())


def test_a_package_that_does_all_at_once_takes_the_place_of_its_parts(counter):
    life_events.life_event("birth")
    counter.acts_for()
    form = {"client_ref": str(uuid4()), "step": [INTERLINKED, RESIDENCE_OF_CHILD], "result_choice": "electronic"}

    page = counter.client.post("/quay/su-kien/birth/", {**form, "do": "look"}).content.decode()

    assert "không nộp hai lần" in page
    assert f'name="channel-{RESIDENCE_OF_CHILD}"' not in page


def test_without_a_citizen_the_event_says_what_belongs_together(counter):
    page = counter.client.get("/quay/su-kien/moving/").content.decode()

    assert "Tìm người dân trước" in page
    assert counter.client.get("/quay/su-kien/wedding/").status_code == 404


def test_the_api_lists_events_and_submits_a_bundle_once(counter):
    asked = moving(counter.acts_for())
    body = {"client_ref": str(asked.client_ref), "event_code": "moving", "filings": [
        {"client_ref": str(each.client_ref), "citizen_id": str(each.citizen_id), "channel": "online",
         "procedure_code": each.procedure_code, "documents": [{"component": "to_khai_cu_tru"}]}
        for each in asked.filings]}

    events = counter.client.get("/api/v1/life-events").json()["items"]
    answers = [counter.client.post("/api/v1/bundles", body, content_type="application/json",
                                   headers={"Idempotency-Key": str(uuid4())}) for _time in range(2)]

    assert [event["code"] for event in events] == ["moving"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["dossiers"][0]["id"] == answers[1].json()["dossiers"][0]["id"]
    assert Dossier.objects.count() == 2


def test_results_of_one_bundle_that_are_ready_together_travel_in_one_parcel(counter):
    parcels.number_pool()
    made = submit(counter, moving(counter.acts_for()))
    for number, dossier in enumerate(made.dossiers):
        received = MONDAY_MORNING
        Dossier.objects.filter(id=dossier.id).update(
            handling=Handling.RESOLVED, code=f"H57-{number}", received_at=received, resolved_at=received)

    first = results.send_result_home(dossier_id=made.dossiers[0].id, at=MONDAY_MORNING)
    second = results.send_result_home(dossier_id=made.dossiers[1].id, at=MONDAY_MORNING)
    again = results.send_result_home(dossier_id=made.dossiers[1].id, at=MONDAY_MORNING)

    assert first is not None
    assert second is not None
    assert again is not None
    assert {first.id, second.id, again.id} == {first.id}
    assert len(second.dossiers) == 2
    page = counter.client.get(f"/quay/ho-so/{made.dossiers[0].id}/").content.decode()
    assert "Đã nộp cùng nhau" in page


def test_a_parcel_that_the_carrier_has_taken_is_not_opened_again(counter):
    parcels.number_pool()
    made = submit(counter, moving(counter.acts_for()))
    for number, dossier in enumerate(made.dossiers):
        Dossier.objects.filter(id=dossier.id).update(
            handling=Handling.RESOLVED, code=f"H57-{number}", received_at=MONDAY_MORNING, resolved_at=MONDAY_MORNING)
    first = results.send_result_home(dossier_id=made.dossiers[0].id, at=MONDAY_MORNING)
    assert first is not None
    Parcel.objects.filter(id=first.id).update(state=ParcelState.ACCEPTED)

    second = results.send_result_home(dossier_id=made.dossiers[1].id, at=MONDAY_MORNING)

    assert second is not None
    assert second.id != first.id
