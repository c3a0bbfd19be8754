"""Before money, rules, roles and people's data it is asked again who sits there; nothing that was typed is lost."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from agents.models.people import ApiToken, StaffAccount
from agents.people import resets
from agents.people.models import Invitation
from agents.people.rules import FREE_CODES
from shared.roles import Role
from tests.agents.factories import PASSWORD, make_outlet, moment, staff
from tests.agents.people_cases import key_issued_by
from tests.agents.test_second_factors import code_at, protected
from tests.factories.browsers import Api, body_of

pytestmark = pytest.mark.django_db

NOW = moment("2026-01-12 09:00")
LATER = NOW + timedelta(minutes=10)
INVITED = "/nhan-su/moi-vao/"


@pytest.fixture(autouse=True)
def _clock(time_machine, settings):
    settings.WARDPOST_PROOF_MINUTES = 10
    time_machine.move_to(NOW, tick=False)


def invitation(manager, **changed):
    return {"display_name": "Phan Thị Mới", "email": "", "phone": "0914275268", "role": "outlet_clerk",
            "place": f"outlet:{manager.outlet_id}", "procedure_groups": ["land", "civil_status"]} | changed


def signed_in(account) -> Client:
    browser = Client()
    browser.force_login(account)
    return browser


def hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    form = page.partition('id="prove"')[2]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_within_the_minutes_after_signing_in_nothing_is_asked(time_machine):
    manager = staff(Role.OUTLET_MANAGER)
    browser = signed_in(manager)
    time_machine.move_to(LATER - timedelta(seconds=1), tick=False)

    assert "/loi-moi/#" in browser.post(INVITED, invitation(manager)).content.decode()


def test_afterwards_the_password_is_asked_once_and_what_was_typed_goes_with_it(time_machine):
    manager = staff(Role.OUTLET_MANAGER)
    browser = signed_in(manager)
    time_machine.move_to(LATER, tick=False)

    page = browser.post(INVITED, invitation(manager)).content.decode()
    kept = hidden(page)
    assert "Xác nhận đúng là bạn" in page
    assert not Invitation.objects.exists()
    assert kept["procedure_groups"] == ["land", "civil_status"]
    wrong = browser.post(INVITED, kept | {"proof-password": "sai"})
    assert wrong.status_code == 422
    assert hidden(wrong.content.decode()) == kept
    assert all("sai" not in typed for typed in hidden(wrong.content.decode()).values())
    browser.post(INVITED, kept | {"proof-password": PASSWORD})
    assert Invitation.objects.get().display_name == "Phan Thị Mới"
    browser.post(INVITED, invitation(manager, display_name="Phan Thị Hai"))
    assert Invitation.objects.count() == 2, "for ten minutes nothing asks again"


def test_who_has_a_second_factor_proves_with_it_and_never_with_the_password(time_machine):
    manager, codes = protected(Role.OUTLET_MANAGER)
    browser = signed_in(manager)
    time_machine.move_to(LATER, tick=False)

    refused = browser.post(INVITED, invitation(manager) | {"proof-password": PASSWORD})
    assert refused.status_code == 422
    browser.post(INVITED, invitation(manager) | {"proof-code": code_at(timezone.now())})
    assert Invitation.objects.count() == 1
    time_machine.move_to(LATER + timedelta(minutes=10), tick=False)
    browser.post(INVITED, invitation(manager) | {"proof-code": codes[2]})
    assert Invitation.objects.count() == 2


def test_guesses_at_an_open_page_wait_as_those_at_the_door_do(time_machine):
    manager = staff(Role.OUTLET_MANAGER)
    browser = signed_in(manager)
    time_machine.move_to(LATER, tick=False)
    for _ in range(FREE_CODES):
        browser.post(INVITED, invitation(manager) | {"proof-password": "sai"})

    answer = browser.post(INVITED, invitation(manager) | {"proof-password": PASSWORD})

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_password_that_was_typed_waits_on_the_server_and_is_given_back_once(time_machine):
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    browser = signed_in(manager)
    time_machine.move_to(LATER, tick=False)
    given, address = "gio-nui-song-huong-9", f"/nhan-su/{clerk.pk}/mat-khau/"

    page = browser.post(address, {"password": given}).content.decode()
    kept = hidden(page)
    assert given not in page
    assert given not in str(dict(browser.session.items()))
    again = browser.post(address, kept | {"proof-password": "sai"})
    assert hidden(again.content.decode()) == kept
    elsewhere = browser.post(f"/nhan-su/{manager.pk}/mat-khau/", kept | {"proof-password": "sai"})
    assert elsewhere.status_code == 422
    browser.post(address, kept | {"proof-password": PASSWORD})

    clerk.refresh_from_db()
    assert clerk.check_password(given)
    clerk.set_password(PASSWORD)
    clerk.save()
    assert browser.post(address, kept).status_code == 422, "once"
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_password_put_aside_is_forgotten_after_some_minutes(time_machine):
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    browser = signed_in(manager)
    time_machine.move_to(LATER, tick=False)
    address = f"/nhan-su/{clerk.pk}/mat-khau/"
    kept = hidden(browser.post(address, {"password": "gio-nui-song-huong-9"}).content.decode())
    time_machine.move_to(LATER + timedelta(minutes=10), tick=False)

    answer = browser.post(address, kept | {"proof-password": PASSWORD})

    assert answer.status_code == 422
    assert answer.context["password"].errors.keys() == {"password"}


@pytest.mark.parametrize(("path", "form"), [
    ("/tai-khoan/", {"old_password": "sai", "password": "gio-nui-song-huong-9"}),
    ("/tai-khoan/ma-pin/", {"pin-pin": "528417", "pin-password": "sai"}),
    ("/tai-khoan/xac-thuc/ung-dung/", {"code": "123456", "password": "sai"}),
])
def test_guesses_at_ones_own_password_inside_count_as_those_at_the_sign_in(path, form):
    account = staff(Role.OUTLET_CLERK)
    browser = signed_in(account)
    answers = [browser.post(path, form) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 6

    right = browser.post(path, {name: PASSWORD if value == "sai" else value for name, value in form.items()})

    assert right.status_code == 422
    assert "Sai mật khẩu quá nhiều lần" in right.content.decode()
    assert Client().post("/dang-nhap/", {"username": account.username, "password": PASSWORD}).status_code == 429


def test_no_field_of_a_code_or_a_password_says_that_it_may_stay_empty(time_machine):
    manager, _codes = protected(Role.OUTLET_MANAGER)
    browser = signed_in(manager)
    time_machine.move_to(LATER, tick=False)
    plain = signed_in(staff(Role.OUTLET_MANAGER))
    for page in (browser.post(INVITED, invitation(manager)), plain.get("/doi-nguoi/")):
        assert "(có thể để trống)" not in page.content.decode().partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(("role", "path", "form"), [
    (Role.FINANCE_APPROVER, "/chi-tra/lo/{id}/duyet/", {"digest": "a"}),
    (Role.FINANCE_REVIEWER, "/chi-tra/lo/{id}/giao/", {"reference": "a"}),
    (Role.FINANCE_APPROVER, "/chi-tra/tai-khoan/{id}/", {"decision": "approve"}),
    (Role.FINANCE_APPROVER, "/tai-chinh/bang-ke/{id}/quyet-toan/", {"step": "release"}),
    (Role.FINANCE_APPROVER, "/dao-dong/{id}/duyet/", {}),
    (Role.FINANCE_APPROVER, "/tai-chinh/quy-dinh/ban-soan/{id}/buoc/", {"step": "approve"}),
    (Role.OPERATOR_HQ, "/doi-soat/the/{id}/hoan/", {"why": "trả lại"}),
    (Role.OPERATOR_HQ, "/doi-soat/the/hoan/{id}/", {"decision": "approve"}),
    (Role.ADMINISTRATOR, "/khoa-may/", {"name": "Máy"}),
    (Role.ADMINISTRATOR, "/nhan-su/moi/", {"username": "a"}),
    (Role.ADMINISTRATOR, "/nhan-su/{id}/mat-khau/", {"password": "a"}),
    (Role.ADMINISTRATOR, "/nhan-su/{id}/reactivate/", {"reason": "a"}),
    (Role.ADMINISTRATOR, "/nhan-su/go-xac-thuc/{id}/confirm/", {}),
])
def test_whatever_moves_money_rules_or_roles_asks(time_machine, role, path, form):
    browser = signed_in(staff(role))
    path = path.format(id="01a20694-521c-7000-8000-000000000000")
    assert "Xác nhận đúng là bạn" not in browser.post(path, form).content.decode()
    time_machine.move_to(LATER, tick=False)

    page = browser.post(path, form)

    assert page.status_code == 200
    assert "Xác nhận đúng là bạn" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_file_of_bank_accounts_leads_over_the_proof_and_nowhere_else(time_machine):
    browser = signed_in(staff(Role.FINANCE_APPROVER))
    time_machine.move_to(LATER, tick=False)

    asked = browser.get("/chi-tra/lo/01a20694-521c-7000-8000-000000000000/tep.csv")
    assert asked["Location"].startswith("/tai-khoan/xac-nhan/?next=%2Fchi-tra%2F")
    assert browser.get(asked["Location"]).status_code == 200
    assert browser.post(asked["Location"], {"proof-password": PASSWORD})["Location"].endswith("/tep.csv")
    away = browser.post("/tai-khoan/xac-nhan/?next=//evil.example/", {"proof-password": PASSWORD})
    assert away["Location"] == "/tai-khoan/"


def test_a_person_at_the_api_proves_it_there_and_a_machine_is_not_asked(time_machine):
    administrator = staff(Role.ADMINISTRATOR)
    machine = key_issued_by(administrator, make_outlet())
    api = Api(person=administrator)
    time_machine.move_to(LATER, tick=False)
    body = {"display_name": "Phan Mới", "phone": "0914275268", "role": "auditor", "province_code": "46"}

    assert api.post("/invitations", body, key="k").json()["code"] == "fresh-proof-needed"
    assert api.post("/me/proofs", {"password": "sai"}).status_code == 422
    assert api.post("/me/proofs", {"password": PASSWORD}).status_code == 201
    assert api.post("/invitations", body, key="k").status_code != 403
    assert machine.get("/me").status_code == 200
    assert ApiToken.objects.count() == 1


def test_ones_own_second_factors_over_the_api(time_machine):
    clerk, _codes = protected()
    api = Api(person=StaffAccount.objects.get(id=clerk.id))

    mine = body_of(api.get("/me/second-factors"))
    assert [each["kind"] for each in mine["items"]] == ["totp"]
    assert mine["recovery_codes_left"] == 10
    assert api.post(f"/me/second-factors/{mine['items'][0]['id']}0", None, method="DELETE").status_code == 422
    gone = api.post(f"/me/second-factors/{mine['items'][0]['id']}", None, method="DELETE")
    assert body_of(gone)["items"] == []
    clerk.refresh_from_db()
    assert clerk.second_factor_at is None


def test_two_people_take_a_second_factor_off_over_the_api():
    headquarters = staff(Role.OPERATOR_HQ)
    outlet = make_outlet(operator=headquarters.operator)
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet)
    clerk, _codes = protected(outlet=outlet)
    asking, confirming, stranger = (Api(person=each) for each in (manager, headquarters, staff(Role.OUTLET_MANAGER)))

    asked = asking.post(f"/staff/{clerk.id}/second-factor-resets", {"reason": "mất điện thoại"})
    assert asked.status_code == 201
    path = f"/second-factor-resets/{body_of(asked)['id']}"
    assert [each["reason"] for each in body_of(confirming.get("/second-factor-resets"))] == ["mất điện thoại"]
    assert body_of(stranger.get("/second-factor-resets")) == []
    assert stranger.post(f"{path}/confirmations", {}).status_code == 404
    assert asking.post(f"{path}/confirmations", {}).status_code == 403
    assert body_of(confirming.post(f"{path}/confirmations", {}))["state"] == "done"
    assert confirming.post(f"{path}/refusals", {}).status_code == 409
    clerk.refresh_from_db()
    assert clerk.second_factor_at is None
    assert resets.open_reset(clerk, NOW) is None


FACTORS = "/tai-khoan/xac-thuc/"


def test_the_password_alone_neither_replaces_nor_takes_off_a_second_factor_nor_shows_new_codes(time_machine):
    clerk, codes = protected()
    browser = signed_in(clerk)
    time_machine.move_to(LATER, tick=False)
    factor = Authenticator.objects.get(type="totp")

    for page in (f"{FACTORS}ung-dung/", f"{FACTORS}khoa/"):
        assert browser.get(page)["Location"].startswith("/tai-khoan/xac-nhan/?next="), page
        assert "Xác nhận đúng là bạn" in browser.post(page, {"password": PASSWORD}).content.decode(), page
    for page in (f"{FACTORS}ma-du-phong/", f"{FACTORS}{factor.pk}/bo/"):
        assert "Xác nhận đúng là bạn" in browser.post(page, {"password": PASSWORD}).content.decode(), page
    assert Authenticator.objects.filter(pk=factor.pk).exists()

    browser.post(f"{FACTORS}{factor.pk}/bo/", {"password": PASSWORD, "proof-code": codes[0]})
    assert not Authenticator.objects.exists(), "with a recovery code she takes a lost phone off herself"


def test_who_has_no_second_factor_sets_her_first_one_up_with_the_password_alone(time_machine):
    browser = signed_in(staff(Role.OUTLET_CLERK))
    time_machine.move_to(LATER, tick=False)

    page = browser.get(f"{FACTORS}ung-dung/")
    assert page.status_code == 200
    secret = page.content.decode().partition("data-secret>")[2].partition("<")[0].replace(" ", "")
    answer = browser.post(f"{FACTORS}ung-dung/", {"code": code_at(LATER, secret), "password": PASSWORD})
    assert answer.content.decode().count("<li>") == 10
