"""What somebody with a stolen password, a copy of a table or an old office cannot do."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from agents.models.organisations import Outlet, OutletStatus
from agents.operations import accounts
from agents.people import inviting, second_factor
from agents.people.errors import InvalidInvitation, InvitationNotFound, TooManyCodes
from agents.people.models import Invitation
from agents.people.rules import FIRST_WAIT, FREE_CODES, LONGEST_WAIT, is_forgotten, wait_after
from agents.records import Workplace
from shared.roles import Role
from tests.agents.factories import OFFICE, PASSWORD, make_outlet, make_province, moment, staff
from tests.agents.people_cases import key_issued_by
from tests.agents.test_invitations import asked
from tests.agents.test_second_factors import password_given, protected

pytestmark = pytest.mark.django_db

NOW = moment("2026-01-12 09:00")
STEP = "/dang-nhap/buoc-hai/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_waits_double_up_to_a_quarter_of_an_hour():
    assert [wait_after(tried) for tried in (0, FREE_CODES - 1)] == [timedelta()] * 2
    assert [wait_after(FREE_CODES + more) for more in range(3)] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert wait_after(FREE_CODES + 5) == wait_after(10_000) == LONGEST_WAIT
    assert is_forgotten(NOW - timedelta(days=1), NOW)
    assert not is_forgotten(NOW - timedelta(hours=23), NOW)


def test_codes_wait_for_the_account_from_whichever_address_they_come_and_never_for_good(time_machine):
    account, codes = protected()
    for number in range(FREE_CODES):
        guess = Client(REMOTE_ADDR=f"203.0.113.{number}")
        guess.post("/dang-nhap/", {"username": account.username, "password": PASSWORD})
        assert guess.post(STEP, {"code": "000000"}).status_code == 422

    browser = password_given(account)
    refused = browser.post(STEP, {"code": codes[0]})
    assert refused.status_code == 422
    assert "30 giây" in refused.content.decode()
    with pytest.raises(TooManyCodes):
        second_factor.begin_code(account_id=account.id, at=NOW)

    time_machine.move_to(NOW + FIRST_WAIT, tick=False)
    assert browser.post(STEP, {"code": codes[0]})["Location"] == "/tai-khoan/", "not used up by the refusal"
    account.refresh_from_db()
    assert account.codes_tried == 0


def test_a_try_while_it_waits_makes_nobody_wait_longer():
    account, _codes = protected()
    for _ in range(FREE_CODES):
        second_factor.begin_code(account_id=account.id, at=NOW)

    for _ in range(3):
        with pytest.raises(TooManyCodes):
            second_factor.begin_code(account_id=account.id, at=NOW + FIRST_WAIT - timedelta(seconds=1))

    assert second_factor.begin_code(account_id=account.id, at=NOW + FIRST_WAIT) == account


def _answer(**changed):
    return {"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {},
            "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AA",
                         "attestationObject": "oA"}} | changed


@pytest.mark.parametrize("credential", [
    _answer(clientExtensionResults=True), _answer(clientExtensionResults="a"), _answer(response={"clientDataJSON": 5}),
    _answer(response=_answer()["response"] | {"clientDataJSON": "eyJ0eXBlIjoxfQ", "attestationObject": "mw"}),
    _answer(response=_answer()["response"] | {"attestationObject": ""}), _answer(id="é"), [], 1, "a", {"id": None},
])
@pytest.mark.parametrize("is_signing_in", [True, False])
def test_a_device_that_answers_nonsense_is_refused(credential, is_signing_in):
    if is_signing_in:
        browser, path, form = password_given(protected()[0]), STEP, {}
    else:
        browser, path, form = Client(), "/tai-khoan/xac-thuc/khoa/", {"password": PASSWORD, "name": "a"}
        browser.force_login(staff(Role.OUTLET_CLERK))
        browser.get(path)

    assert browser.post(path, form | {"credential": json.dumps(credential)}).status_code == 422


@pytest.mark.parametrize("text", ["[" * 30_000, "1" * 5_000, '{"a": 1, "a": 2}', "{", "a" * 50_000, "\x00"])
def test_an_answer_that_is_no_json_or_endless_is_refused(text):
    assert password_given(protected()[0]).post(STEP, {"credential": text}).status_code == 422


def test_a_second_step_that_waits_ends_with_the_password_it_began_with():
    account, codes = protected()
    browser = password_given(account)

    accounts.set_password(account_id=account.id, password="mot-cau-that-khac-2026", by=account.actor, at=NOW)

    assert browser.post(STEP, {"code": codes[0]})["Location"] == "/dang-nhap/"
    assert browser.get("/tai-khoan/").status_code == 302


def _sessions() -> str:
    return str([each.get_decoded() for each in Session.objects.all()])


def test_neither_an_invitations_code_nor_an_apps_secret_lies_open_in_the_table_of_sessions(client):
    client.force_login(staff(Role.OUTLET_CLERK))
    page = client.get("/tai-khoan/xac-thuc/ung-dung/").content.decode()
    secret = page.partition("data-secret>")[2].partition("<")[0].replace(" ", "")
    invited, stranger = asked(staff(Role.OUTLET_MANAGER)), Client()
    assert stranger.post("/loi-moi/", {"code": invited.code}).status_code == 302

    kept = _sessions()

    assert Session.objects.count() == 2
    assert secret not in kept
    assert invited.code not in kept
    assert stranger.get("/loi-moi/nhan/").status_code == 200
    again = client.get("/tai-khoan/xac-thuc/ung-dung/").content.decode()
    assert again.partition("data-secret>")[2].partition("<")[0].replace(" ", "") == secret


def test_the_keys_an_administrator_has_seen_end_with_her_office():
    hue = make_province()
    former, colleague = (staff(Role.ADMINISTRATOR, province=hue) for _ in range(2))
    outlet = make_outlet()
    hers, other = key_issued_by(former, outlet), key_issued_by(colleague, outlet)
    assert hers.get("/me").status_code == 200

    accounts.assign_role(account_id=former.id, role=Role.AUDITOR, place=Workplace(province_code="46"),
                         by=OFFICE, at=timezone.now(), reason="sang việc khác")

    assert hers.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_an_invitation_to_an_outlet_that_has_closed_opens_nothing():
    manager = staff(Role.OUTLET_MANAGER)
    invited = asked(manager)
    Outlet.objects.filter(staff=manager).update(status=OutletStatus.CLOSED)

    with pytest.raises(InvitationNotFound):
        inviting.accept(code=invited.code, username="phan.moi", password="mot-cau-that-dai-2026", at=NOW)
    with pytest.raises(InvalidInvitation):
        inviting.resend(invitation_id=invited.invitation.id, by=manager.actor, at=NOW)
    with pytest.raises(InvalidInvitation):
        asked(manager)
    assert Invitation.objects.get().account is None
