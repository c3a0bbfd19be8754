"""The people at the counter through the API: a machine does what the pages do."""

import pytest

from intake.models.account_help import Referral
from intake.models.citizens import ActingSession
from shared.models.oversight import AuditEntry
from tests.factories import catalogue, citizens, network
from tests.factories.browsers import Api, body_of
from tests.intake.counter_cases import CARD
from tests.intake.test_api_citizens import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return network.clerk()


@pytest.fixture
def api(clerk):
    return Api(person=clerk)


@pytest.fixture
def known(clerk):
    return citizens.citizen(network.acting(clerk))


@pytest.fixture
def session(api, known):
    return body_of(api.post(f"/citizens/{known.id}/sessions", {
        "purposes": ["assist_filing", "notify"], "is_citizen_present": False}))


def test_a_mandate_is_recorded_and_taken_back(api, session):
    mandate = {"kind": "written", "relation": "child", "representative_name": "Nguyễn Văn Con",
               "national_id": "046090001234", "reference": "UQ 1"}
    assert ActingSession.objects.get().is_citizen_present is False

    made = api.post(f"/sessions/{session['id']}/mandates", mandate)

    assert made.status_code == 201
    assert body_of(made)["representative_id"] == "046•••••1234"
    taken = api.post(f"/mandates/{body_of(made)['id']}/withdrawals", {})
    assert body_of(taken)["withdrawn_at"]
    assert body_of(api.post(f"/sessions/{session['id']}/mandates", mandate | {"relation": ""}))["errors"][0][
        "pointer"] == "/relation"


def test_a_second_citizens_card_is_a_stop_until_decided(api, session):
    stop = body_of(api.post(f"/sessions/{session['id']}/second-citizens", {"card": CARD}))
    assert (stop["is_stopped"], stop["number"]) == (True, "046•••••1234")

    decided = body_of(api.post(f"/second-citizens/{stop['id']}/decisions", {
        "decision": "relation", "relation": "parent"}))

    assert (decided["is_stopped"], decided["decision"]) == (False, "relation")
    assert api.post(f"/second-citizens/{stop['id']}/decisions", {"decision": "mistake"}).status_code == 404


def test_somebody_alike_is_a_conflict_with_two_ways_out(api, known):
    sent = person(national_id="", full_name="Hanh Nguyễn Thị", birth="1992-03-14", phone="0914275268")
    refused = api.post("/citizens", sent)

    assert (refused.status_code, body_of(refused)["code"]) == (409, "citizen-maybe-known")
    assert body_of(refused)["candidates"][0]["id"] == str(known.id)
    used = api.post(f"/citizens/{known.id}/recognitions", sent | {"take_over": ["residence"]})
    assert body_of(used)["id"] == str(known.id)
    other = api.post("/citizens", sent | {"distinct_from": [str(known.id)]})
    assert other.status_code == 201


def test_a_consent_is_taken_back_at_any_time(api, session, known):
    answer = api.post(f"/citizens/{known.id}/consent-withdrawals", {"purpose": "notify", "channel": "phone"})

    assert body_of(answer)["purposes"] == ["assist_filing"]
    again = api.post(f"/citizens/{known.id}/consent-withdrawals", {"purpose": "notify"})
    assert again.status_code == 409


def test_a_help_and_its_referral(api, known):
    made = body_of(api.post(f"/citizens/{known.id}/account-helps", {"kind": "vneid"}))
    stepped = api.post(f"/account-helps/{made['id']}/steps", {"action": "explain"})
    assert body_of(stepped)["state"] == "explained"
    assert api.post(f"/account-helps/{made['id']}/steps", {"action": "see_login"}).status_code == 409
    secret = api.post(f"/account-helps/{made['id']}/steps", {"action": "install", "note": "OTP 123456"})
    assert secret.status_code == 422
    assert [each["id"] for each in body_of(api.get("/account-helps"))] == [made["id"]]

    sent = body_of(api.post(f"/citizens/{known.id}/referrals", {"account_help_id": made["id"]}))
    ended = body_of(api.post(f"/referrals/{sent['id']}/outcomes", {"outcome": "came"}))

    assert (ended["outcome"], Referral.objects.get().place_kind) == ("came", "police")
    assert body_of(api.get(f"/referrals/{sent['id']}"))["code"] == sent["code"]
    assert AuditEntry.objects.filter(action="citizen.refer").count() == 1


def test_a_referral_about_nothing_is_refused(api, known):
    catalogue.procedure(catalogue.EXTRACT)

    assert body_of(api.post(f"/citizens/{known.id}/referrals", {}))["code"] == "referral-invalid"


def test_another_outlets_clerk_finds_none_of_it(api, known):
    made = body_of(api.post(f"/citizens/{known.id}/account-helps", {"kind": "vneid"}))
    sent = body_of(api.post(f"/citizens/{known.id}/referrals", {"account_help_id": made["id"]}))
    stranger = Api(person=network.clerk())

    for path in (f"/account-helps/{made['id']}", f"/referrals/{sent['id']}"):
        assert stranger.get(path).status_code == 404
    assert body_of(stranger.get("/referrals")) == []
