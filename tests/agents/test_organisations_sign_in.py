"""Signing in at the organisation's own provider: over real HTTP, with everything in its token looked at."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from agents.errors import InvalidAccount, MayNotGrant, NotToYourself
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people import linking
from agents.people.errors import IdentityTaken
from agents.people.models import ExternalIdentity
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import PASSWORD, make_outlet, staff
from tests.agents.test_second_factors import NOW, protected
from tests.factories.oidc_provider import CLIENT, Provider

pytestmark = pytest.mark.django_db

START, BACK = "/dang-nhap/to-chuc/", "/dang-nhap/to-chuc/tro-lai/"
STEP = "/dang-nhap/buoc-hai/"


@pytest.fixture(scope="module")
def running():
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running, settings):
    running.claims, running.said, running.issuer_said, running.forms = {}, {}, "", []
    running.signed_with, running.algorithm = running.key, "RS256"
    settings.WARDPOST_OIDC_ISSUER, settings.WARDPOST_OIDC_CLIENT_ID = running.issuer, CLIENT
    settings.WARDPOST_OIDC_CLIENT_SECRET, settings.WARDPOST_OIDC_NAME = "geheim", "Cổng thành phố"
    settings.WARDPOST_PUBLIC_URL = "http://testserver"
    return running


@pytest.fixture
def manager():
    return staff(Role.OUTLET_MANAGER)


@pytest.fixture
def lan(provider, manager):
    """A clerk whose manager has linked her with the provider."""
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    linked(clerk, manager, provider)
    return clerk


def linked(account, by, provider, email="Lan@City.example"):
    return linking.link(account_id=account.id, issuer=provider.issuer, email=email, by=by.actor, at=timezone.now())


def gone_there(provider, browser=None, following="/tai-khoan/"):
    """A browser at the provider, and the address that it is sent back to."""
    browser = browser or Client()
    asked = parse_qs(urlsplit(browser.get(START, {"next": following})["Location"]).query)
    provider.nonce = asked["nonce"][0]
    return browser, {"state": asked["state"][0], "code": "c-1"}


def come_back(provider, **more):
    """Through the provider and, the first time of whom has no second factor, the password here."""
    browser, answer = gone_there(provider, **more)
    back = browser.get(BACK, answer)
    if back.status_code == 302 and back["Location"] == STEP:
        confirmed = browser.post(STEP, {"password": PASSWORD})
        back = confirmed if confirmed.status_code == 302 else back
    return browser, back


def test_the_first_time_she_confirms_with_her_password_so_that_no_manager_comes_in_as_her(provider, lan):
    browser, answer = gone_there(provider)

    assert browser.get(BACK, answer)["Location"] == STEP
    assert browser.post(STEP, {"password": "sai-mat-khau"}).status_code == 422
    assert ExternalIdentity.objects.get().subject == ""
    assert browser.get("/tai-khoan/").status_code == 302
    assert browser.post(STEP, {"password": PASSWORD})["Location"] == "/tai-khoan/"
    assert ExternalIdentity.objects.get().subject == "s-17"


def test_without_configuration_there_is_no_such_door(client):
    assert client.get(START).status_code == client.get(BACK).status_code == 404
    assert "to-chuc" not in client.get("/dang-nhap/").content.decode()


def test_whom_her_manager_has_linked_comes_in_and_is_known_by_her_subject_from_then_on(provider, lan):
    assert "Cổng thành phố" in Client().get("/dang-nhap/").content.decode()

    browser, answer = come_back(provider)

    assert answer["Location"] == "/tai-khoan/"
    assert browser.get("/tai-khoan/").status_code == 200
    assert ExternalIdentity.objects.get().subject == "s-17"
    (form,) = provider.forms
    assert (form["client_id"], form["grant_type"], form["code"]) == (CLIENT, "authorization_code", "c-1")
    assert len(form["code_verifier"]) == 43
    assert AuditEntry.objects.filter(action="external_identity.bind").count() == 1
    provider.claims = {"email": "another@city.example"}
    assert come_back(provider)[1]["Location"] == "/tai-khoan/", "by the subject alone"
    provider.claims = {"sub": "s-18"}
    assert come_back(provider)[1].status_code == 403, "the e-mail has become somebody else's"


@pytest.mark.parametrize("claims", [
    {"iss": "http://127.0.0.1:1"}, {"aud": "another"}, {"aud": ["wardpost", "b"], "azp": "b"}, {"nonce": "another"},
    {"nonce": None}, {"exp": 1_000_000_000}, {"exp": None}, {"sub": None}, {"sub": ""}, {"iat": 4_000_000_000},
])
def test_a_token_of_somebody_else_for_somebody_else_or_too_old_is_refused(provider, lan, claims):
    provider.claims = claims

    browser, answer = come_back(provider)

    assert answer.status_code == 403
    assert "bắt đầu lại" in answer.content.decode()
    assert browser.get("/tai-khoan/").status_code == 302
    assert ExternalIdentity.objects.get().subject == ""


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", "strange"), ("HS256", "x" * 40), ("none", None)])
def test_a_token_that_its_provider_has_not_signed_is_refused(provider, lan, algorithm, key):
    provider.algorithm, provider.signed_with = algorithm, provider.strange_key if key == "strange" else key

    assert come_back(provider)[1].status_code == 403


def test_an_answer_that_this_browser_did_not_ask_for_or_that_comes_twice_is_refused(provider, lan):
    browser, answer = gone_there(provider)

    assert Client().get(BACK, answer).status_code == 403
    assert browser.get(BACK, answer | {"state": "another"}).status_code == 403
    assert browser.get(BACK, answer).status_code == 403, "a wrong answer ends the question"
    browser, answer = gone_there(provider)
    assert browser.get(BACK, answer | {"next": "//evil.example/"}).status_code == 302
    assert browser.get(BACK, answer).status_code == 403
    assert gone_there(provider)[0].get(BACK, {"error": "access_denied"}).status_code == 403


@pytest.mark.parametrize("claims", [{"email": "stranger@city.example"}, {"email_verified": False},
                                    {"email_verified": "true"}, {"email": None}])
def test_who_is_linked_with_nobody_gets_no_account_and_is_told_what_to_do(provider, lan, claims):
    provider.claims = claims
    before = StaffAccount.objects.count()

    answer = come_back(provider)[1]

    assert answer.status_code == 403
    assert "liên kết" in answer.content.decode()
    assert StaffAccount.objects.count() == before


def test_a_shut_account_stays_shut_and_its_link_ends(provider, lan, manager):
    accounts.deactivate(account_id=lan.id, by=manager.actor, at=timezone.now(), reason="nghỉ")
    assert come_back(provider)[1].status_code == 403

    accounts.reactivate(account_id=lan.id, by=manager.actor, at=timezone.now(), reason="trở lại")
    assert come_back(provider)[1].status_code == 403


def test_a_second_factor_is_asked_for_here_unless_a_trusted_one_was_asked_for_there(provider, manager, settings):
    with time_machine.travel(NOW, tick=False):
        clerk, codes = protected(outlet=manager.outlet)
    linked(clerk, manager, provider)
    settings.WARDPOST_OIDC_TRUSTED_AMR, settings.WARDPOST_OIDC_TRUSTED_ACR = ["hwk"], ["gold"]
    provider.claims = {"acr": "gold"}

    browser, answer = come_back(provider)
    assert answer["Location"] == STEP, "the first time it is hers to confirm, whoever has linked her"
    assert ExternalIdentity.objects.get().subject == ""
    assert browser.post(STEP, {"code": codes[0]})["Location"] == "/tai-khoan/"
    assert ExternalIdentity.objects.get().subject == "s-17"

    for claims, leads_to in (({"acr": "gold"}, "/tai-khoan/"), ({"amr": ["pwd", "hwk"]}, "/tai-khoan/"),
                             ({"acr": "silver"}, STEP), ({"amr": "hwk"}, STEP), ({}, STEP)):
        provider.claims = claims
        assert come_back(provider)[1]["Location"] == leads_to


def test_a_sign_in_of_this_morning_there_is_no_fresh_proof_here(provider, lan, settings):
    settings.WARDPOST_PROOF_MINUTES = 10
    for said, is_fresh in ((int(time.time()), True), (int(time.time()) - 3600, False), (None, False)):
        come_back(provider)
        provider.claims = {"auth_time": said}
        browser, _answer = come_back(provider)
        asked = browser.get("/tai-khoan/xac-nhan/")
        proved = browser.session["proved_at"]
        assert asked.status_code == 200
        assert (time.time() - proved < 600) is is_fresh


def test_signing_out_tells_that_the_provider_may_still_know_her(provider, lan):
    browser, _answer = come_back(provider)

    page = browser.post("/dang-xuat/", follow=True).content.decode()

    assert f"{provider.issuer}/out?client_id={CLIENT}" in page
    assert browser.get("/tai-khoan/").status_code == 302


@pytest.mark.parametrize("said", [{"issuer": "http://other.example"}, {"authorization_endpoint": None},
                                  {"authorization_endpoint": "javascript:alert(1)"}])
def test_a_provider_that_is_another_or_says_nothing_useful_is_unreachable(provider, said):
    provider.said = said

    answer = Client().get(START)

    assert answer.status_code == 503
    assert "không trả lời" in answer.content.decode()


def test_a_provider_that_is_down_is_said_to_be_down(provider, settings):
    settings.WARDPOST_OIDC_ISSUER = "http://127.0.0.1:1"

    assert Client().get(START).status_code == 503


def test_only_who_answers_for_her_links_her_and_nobody_herself(provider, manager):
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    colleague = staff(Role.OUTLET_MANAGER, outlet=manager.outlet)
    for account, by, refusal in ((clerk, clerk, NotToYourself), (manager, colleague, MayNotGrant)):
        with pytest.raises(refusal):
            linked(account, by, provider)
    with pytest.raises(InvalidAccount):
        linked(clerk, manager, provider, email="khong phai")
    linked(clerk, manager, provider)
    with pytest.raises(IdentityTaken):
        linked(staff(Role.OUTLET_CLERK, outlet=manager.outlet), manager, provider, email="LAN@city.example")


def test_linking_on_the_page_of_staff_and_ending_it(provider, manager, client):
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    client.force_login(manager)
    page = f"/nhan-su/{clerk.id}/"
    assert "chưa liên kết" in client.get(page).content.decode()

    assert client.post(f"{page}lien-ket/", {"email": "khong phai"}).status_code == 422
    assert client.post(f"{page}lien-ket/", {"email": "lan@city.example"}).status_code == 302
    assert "lan@city.example" in client.get(page).content.decode()
    browser, _answer = come_back(provider)
    assert client.post(f"{page}bo-lien-ket/").status_code == 302
    assert browser.get("/tai-khoan/").status_code == 302
    assert not ExternalIdentity.objects.exists()
    stranger = Client()
    stranger.force_login(staff(Role.OUTLET_MANAGER, outlet=make_outlet()))
    assert stranger.post(f"{page}lien-ket/", {"email": "lan@city.example"}).status_code == 404


def test_another_link_ends_the_sessions_of_whoever_came_by_the_former_one(provider, lan, manager):
    browser, _ = come_back(provider)
    assert browser.get("/tai-khoan/").status_code == 200

    linked(lan, manager, provider, "lan.nguyen@city.example")

    assert browser.get("/tai-khoan/").status_code == 302


def test_a_first_link_ends_nothing(provider, manager):
    clerk, browser = staff(Role.OUTLET_CLERK, outlet=manager.outlet), Client()
    browser.force_login(clerk)

    linked(clerk, manager, provider)

    assert browser.get("/tai-khoan/").status_code == 200
