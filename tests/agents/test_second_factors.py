"""Signing in with more than a password: an app, recovery codes, who must, and what happens to a lost phone."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from agents.errors import MayNotGrant, NotToYourself
from agents.operations import accounts
from agents.people import resets, second_factor
from agents.people.errors import (
    LastSecondFactor,
    NoSecondFactor,
    ResetNeedsAnother,
    ResetNotFound,
    ResetOver,
    SecondFactorRefused,
)
from agents.people.rules import ResetStep
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import PASSWORD, make_outlet, make_province, moment, staff
from tests.factories.browsers import Api

pytestmark = pytest.mark.django_db

NOW = moment("2026-01-12 09:00")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def code_at(at, secret=SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def protected(role=Role.OUTLET_CLERK, **facts):
    """An account with an app, and its recovery codes."""
    account = staff(role, **facts)
    codes = second_factor.add_app(account_id=account.id, secret=SECRET, code=code_at(NOW), by=account.actor, at=NOW)
    account.refresh_from_db()
    return account, codes


def password_given(account) -> Client:
    browser = Client()
    answer = browser.post("/dang-nhap/", {"username": account.username, "password": PASSWORD, "next": "/tai-khoan/"})
    assert answer["Location"] == "/dang-nhap/buoc-hai/"
    return browser


def test_with_an_app_the_password_alone_signs_nobody_in(time_machine):
    account, _codes = protected()
    browser = password_given(account)
    assert browser.get("/tai-khoan/").status_code == 302
    assert browser.post("/dang-nhap/buoc-hai/", {"code": "000000"}).status_code == 422

    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    later = code_at(timezone.now())
    assert browser.post("/dang-nhap/buoc-hai/", {"code": later})["Location"] == "/tai-khoan/"
    assert browser.get("/tai-khoan/").status_code == 200
    assert password_given(account).post("/dang-nhap/buoc-hai/", {"code": later}).status_code == 422, "once only"


def test_the_code_that_set_the_app_up_opens_nothing():
    account, _codes = protected()

    with pytest.raises(SecondFactorRefused):
        second_factor.confirm_by_code(account_id=account.id, code=code_at(NOW), at=NOW)


def test_a_recovery_code_counts_once_and_new_ones_replace_the_old():
    account, codes = protected()
    assert len(codes) == 10

    assert second_factor.confirm_by_code(account_id=account.id, code=codes[3], at=NOW) == account
    with pytest.raises(SecondFactorRefused):
        second_factor.confirm_by_code(account_id=account.id, code=codes[3], at=NOW)
    assert second_factor.codes_left(account.id) == 9
    renewed = second_factor.renew_codes(account_id=account.id, by=account.actor, at=NOW)
    with pytest.raises(SecondFactorRefused):
        second_factor.confirm_by_code(account_id=account.id, code=codes[4], at=NOW)
    assert second_factor.confirm_by_code(account_id=account.id, code=renewed[4], at=NOW) == account


def test_after_six_wrong_codes_the_right_one_waits_too(time_machine):
    account, codes = protected()
    browser = password_given(account)

    answers = [browser.post("/dang-nhap/buoc-hai/", {"code": "111111"}).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]
    assert browser.post("/dang-nhap/buoc-hai/", {"code": codes[0]})["Location"] == "/dang-nhap/"
    assert browser.post("/dang-nhap/", {"username": account.username, "password": PASSWORD}).status_code == 429


def test_the_second_step_waits_ten_minutes_and_never_for_a_shut_account(time_machine):
    headquarters = staff(Role.OPERATOR_HQ)
    other, codes = protected(outlet=make_outlet(operator=headquarters.operator))
    account, late_codes = protected()
    browser = password_given(account)
    time_machine.move_to(NOW + timedelta(minutes=11), tick=False)
    assert browser.post("/dang-nhap/buoc-hai/", {"code": late_codes[0]})["Location"] == "/dang-nhap/"

    browser = password_given(other)
    accounts.deactivate(account_id=other.id, by=headquarters.actor, at=timezone.now(), reason="nghỉ")
    assert browser.post("/dang-nhap/buoc-hai/", {"code": codes[0]})["Location"] == "/dang-nhap/"
    assert not Authenticator.objects.filter(user=other).exists()


def test_the_secret_is_sealed_and_the_audit_names_only_the_kind():
    account, codes = protected()

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert codes[0] not in kept
    assert AuditEntry.objects.get(action="second_factor.add").after == {"kind": "totp"}
    assert account.second_factor_at == NOW


def test_an_app_is_set_up_on_the_page_with_the_password_and_codes_are_shown_once(client):
    account = staff(Role.OUTLET_CLERK)
    client.force_login(account)
    elsewhere = Client()
    elsewhere.force_login(account)
    page = client.get("/tai-khoan/xac-thuc/ung-dung/").content.decode()
    secret = page.partition("data-secret>")[2].partition("<")[0].replace(" ", "")

    wrong = {"code": code_at(NOW, secret), "password": "sai"}
    assert client.post("/tai-khoan/xac-thuc/ung-dung/", wrong).status_code == 422
    shown = client.post("/tai-khoan/xac-thuc/ung-dung/", wrong | {"password": PASSWORD}).content.decode()

    assert shown.count("<li>") == 10
    assert client.get("/tai-khoan/xac-thuc/").status_code == 200
    assert elsewhere.get("/tai-khoan/").status_code == 302, "whoever else was signed in is out"
    factor = Authenticator.objects.get(type="totp")
    assert client.post(f"/tai-khoan/xac-thuc/{factor.id}/bo/", {"password": "sai"}).status_code == 422
    assert client.post(f"/tai-khoan/xac-thuc/{factor.id}/bo/", {"password": PASSWORD}).status_code == 302
    account.refresh_from_db()
    assert account.second_factor_at is None
    assert not Authenticator.objects.exists()


def test_a_role_that_must_have_one_does_nothing_else_from_its_day_on(client, settings):
    settings.WARDPOST_MFA_FROM = date(2026, 1, 12)
    account = staff(Role.AUDITOR)
    client.force_login(account)
    api = Api(person=account)

    assert client.get("/mang-luoi/")["Location"] == "/tai-khoan/xac-thuc/"
    assert api.get("/me").json()["code"] == "second-factor-required"
    assert "đòi hỏi" in client.get("/tai-khoan/xac-thuc/").content.decode()
    client.post("/doi-nguoi/khoa/")
    assert client.get("/doi-nguoi/").status_code == 200, "a locked screen is not led round in a circle"
    assert client.post("/doi-nguoi/", {"secret": PASSWORD, "next": "/tai-khoan/"})["Location"] == "/tai-khoan/"
    second_factor.add_app(account_id=account.id, secret=SECRET, code=code_at(NOW), by=account.actor, at=NOW)
    client.force_login(type(account).objects.get(id=account.id))
    assert client.get("/mang-luoi/").status_code == 200
    with pytest.raises(LastSecondFactor):
        second_factor.remove(account_id=account.id, factor_id=Authenticator.objects.get(type="totp").id,
                             by=account.actor, at=NOW)


@pytest.mark.parametrize(("role", "begins", "must"), [
    (Role.AUDITOR, date(2026, 1, 13), False), (Role.AUDITOR, None, False), (Role.OUTLET_CLERK, date(2026, 1, 1), False),
    (Role.FINANCE_APPROVER, date(2026, 1, 1), True)])
def test_before_its_day_and_for_other_roles_it_is_ones_own_choice(role, begins, must, settings):
    settings.WARDPOST_MFA_FROM = begins

    assert second_factor.is_required(role, date(2026, 1, 12)) is must


# --- a lost phone ---------------------------------------------------------------------------------------------------


def test_two_people_take_a_second_factor_off_and_all_sessions_end(client):
    headquarters = staff(Role.OPERATOR_HQ)
    outlet = make_outlet(operator=headquarters.operator)
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet)
    clerk, _codes = protected(outlet=outlet)
    client.force_login(clerk)
    asking, confirming = Client(), Client()
    asking.force_login(manager)
    confirming.force_login(headquarters)

    assert asking.post(f"/nhan-su/{clerk.id}/go-xac-thuc/", {"reason": ""}).status_code == 422
    assert asking.post(f"/nhan-su/{clerk.id}/go-xac-thuc/", {"reason": "mất điện thoại"}).status_code == 302
    reset = resets.open_reset(clerk, NOW)
    assert asking.post(f"/nhan-su/go-xac-thuc/{reset.id}/confirm/").status_code == 403
    assert "mất điện thoại" in confirming.get(f"/nhan-su/{clerk.id}/").content.decode()
    assert confirming.post(f"/nhan-su/go-xac-thuc/{reset.id}/confirm/").status_code == 302

    clerk.refresh_from_db()
    assert clerk.second_factor_at is None
    assert not Authenticator.objects.exists()
    assert client.get("/tai-khoan/").status_code == 302
    assert Client().post("/dang-nhap/", {"username": clerk.username, "password": PASSWORD})["Location"] == "/"


def test_nobody_is_both_people_nor_vouches_for_herself_or_strangers():
    manager, _codes = protected(Role.OUTLET_MANAGER)
    clerk, _codes = protected(outlet=manager.outlet)
    headquarters = staff(Role.OPERATOR_HQ, operator=manager.outlet.operator)

    with pytest.raises(NotToYourself):
        resets.ask_reset(account_id=clerk.id, reason="mất", by=clerk.actor, at=NOW)
    with pytest.raises(MayNotGrant):
        resets.ask_reset(account_id=manager.id, reason="mất", by=manager_of(manager).actor, at=NOW)
    with pytest.raises(NoSecondFactor):
        resets.ask_reset(account_id=staff(Role.OUTLET_CLERK, outlet=manager.outlet).id, reason="mất", by=manager.actor,
                         at=NOW)
    reset = resets.ask_reset(account_id=manager.id, reason="mất", by=headquarters.actor, at=NOW)
    assert resets.ask_reset(account_id=manager.id, reason="mất", by=headquarters.actor, at=NOW) == reset
    for by, refusal in ((headquarters, ResetNeedsAnother), (manager, ResetNeedsAnother),
                        (staff(Role.OUTLET_MANAGER), ResetNotFound)):
        with pytest.raises(refusal):
            resets.settle_reset(reset_id=reset.id, step=ResetStep.CONFIRM, by=by.actor, at=NOW)


def test_who_shuts_and_opens_an_account_again_has_not_taken_its_second_factor_off():
    headquarters = staff(Role.OPERATOR_HQ)
    manager, codes = protected(Role.OUTLET_MANAGER, outlet=make_outlet(operator=headquarters.operator))

    accounts.deactivate(account_id=manager.id, by=headquarters.actor, at=NOW, reason="nghỉ việc")
    accounts.reactivate(account_id=manager.id, by=headquarters.actor, at=NOW, reason="trở lại")

    browser = password_given(manager)
    assert browser.get("/tai-khoan/").status_code == 302, "the password alone signs nobody in"
    assert browser.post("/dang-nhap/buoc-hai/", {"code": codes[0]}).status_code == 422, "what she had is worth nothing"
    reset = resets.ask_reset(account_id=manager.id, reason="trở lại", by=headquarters.actor, at=NOW)
    another = staff(Role.OPERATOR_HQ, operator=headquarters.operator)
    resets.settle_reset(reset_id=reset.id, step=ResetStep.CONFIRM, by=another.actor, at=NOW)
    manager.refresh_from_db()
    assert manager.second_factor_at is None


def manager_of(manager):
    """A second manager of the same outlet: answers for clerks, not for managers."""
    return staff(Role.OUTLET_MANAGER, outlet=manager.outlet)


def test_a_request_lapses_after_a_day_and_fellow_administrators_help_one_another():
    hue = make_province()
    lost, _codes = protected(Role.ADMINISTRATOR, province=hue)
    first, second = (staff(Role.ADMINISTRATOR, province=hue) for _ in range(2))
    late = resets.ask_reset(account_id=lost.id, reason="mất", by=first.actor, at=NOW - timedelta(days=1))

    with pytest.raises(ResetOver):
        resets.settle_reset(reset_id=late.id, step=ResetStep.CONFIRM, by=second.actor, at=NOW)
    assert resets.lapse_resets(at=NOW, by=first.actor) == 1
    reset = resets.ask_reset(account_id=lost.id, reason="mất", by=first.actor, at=NOW)
    resets.settle_reset(reset_id=reset.id, step=ResetStep.CONFIRM, by=second.actor, at=NOW)
    with pytest.raises(ResetOver):
        resets.settle_reset(reset_id=reset.id, step=ResetStep.TURN_DOWN, by=second.actor, at=NOW)
    lost.refresh_from_db()
    assert lost.second_factor_at is None
