import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.operations import accounts
from shared.roles import Role
from tests.agents.factories import OFFICE, PASSWORD, moment, staff

pytestmark = pytest.mark.django_db

LOGIN = "/dang-nhap/"


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_every_role_comes_in_and_lands_on_a_page_of_its_own(role, client):
    account = staff(role)

    arrived = client.post(LOGIN, {"username": account.username, "password": PASSWORD}, follow=True)

    assert arrived.status_code == 200
    assert arrived.redirect_chain[0][0] == reverse("agents:home")
    assert account.display_name in arrived.content.decode()


@pytest.mark.parametrize(("username", "password"), [
    ("khong.co.ai", PASSWORD), ("quay.hue", "sai"), ("quay.hue", "x" * 500)])
def test_a_wrong_name_and_a_wrong_password_get_the_very_same_words(username, password, client):
    staff(Role.OUTLET_CLERK, username="quay.hue")

    answer = sign_in(client, username, password)

    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_shut_account_gets_the_very_same_words_too(client):
    staff(Role.OUTLET_CLERK, username="quay.hue", is_active=False)

    answer = sign_in(client, "quay.hue")

    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.content.decode()


def test_the_typed_name_stays_and_the_password_does_not_come_back(client):
    body = sign_in(client, "go.nham", "bi-mat-cua-toi").content.decode()

    assert 'value="go.nham"' in body
    assert "bi-mat-cua-toi" not in body


def test_after_six_wrong_passwords_the_right_one_waits_too(client):
    staff(Role.OUTLET_CLERK, username="quay.hue")
    answers = [sign_in(client, "quay.hue", "sai-mat-khau").status_code for _ in range(6)]

    right = sign_in(client, "quay.hue")

    assert answers == [422] * 5 + [429]
    assert right.status_code == 429
    assert right["Retry-After"] == "900"
    assert "Tạm khoá đăng nhập" in right.content.decode()
    assert sign_in(Client(REMOTE_ADDR="10.1.1.1"), "quay.hue").status_code == 302  # her colleague's machine still works


def test_a_foreign_next_page_is_not_followed(client):
    staff(Role.OUTLET_CLERK, username="quay.hue")

    assert sign_in(client, "quay.hue", next="https://evil.example/")["Location"] == reverse("agents:home")


@pytest.mark.parametrize("asked", ["khong-co-trang-nay", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_what_is_no_address_of_ours_leads_home(client, asked):
    staff(Role.OUTLET_CLERK, username="quay.hue")

    assert sign_in(client, "quay.hue", next=asked)["Location"] == reverse("agents:home")
    assert client.get(LOGIN, {"next": asked})["Location"] == reverse("agents:home")


def test_the_page_that_was_asked_for_comes_after_the_log_in(client):
    staff(Role.OPERATOR_HQ, username="dieu.hanh")
    asked = client.get("/mang-luoi/?q=hue")

    assert asked["Location"] == f"{LOGIN}?next=/mang-luoi/%3Fq%3Dhue"
    assert sign_in(client, "dieu.hanh", next="/mang-luoi/?q=hue")["Location"] == "/mang-luoi/?q=hue"


def test_a_deactivated_account_is_out_with_its_next_request(client):
    account = staff(Role.OPERATOR_HQ)
    sign_in(client, account.username)
    assert client.get("/mang-luoi/").status_code == 200

    accounts.deactivate(account_id=account.id, by=OFFICE, at=moment("2025-07-03 10:00"), reason="nghỉ việc")

    assert client.get("/mang-luoi/").status_code == 302


def test_a_new_password_ends_every_other_session_but_not_ones_own():
    account = staff(Role.OPERATOR_HQ)
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser, account.username)

    changed = here.post("/tai-khoan/", {"old_password": PASSWORD, "password": "mot-cau-that-dai-2025"})

    assert changed.status_code == 302
    assert here.get("/mang-luoi/").status_code == 200
    assert elsewhere.get("/mang-luoi/").status_code == 302


def test_changing_the_password_needs_the_present_one(client):
    account = staff(Role.OUTLET_CLERK)
    sign_in(client, account.username)

    answer = client.post("/tai-khoan/", {"old_password": "khong-phai", "password": "mot-cau-that-dai-2025"})

    account.refresh_from_db()
    assert answer.status_code == 422
    assert account.check_password(PASSWORD)


def test_logging_out_needs_a_post_and_ends_the_session(client):
    client.force_login(staff(Role.OPERATOR_HQ))
    assert client.get("/dang-xuat/").status_code == 405

    client.post("/dang-xuat/")

    assert client.get("/mang-luoi/").status_code == 302


def test_a_form_without_its_csrf_token_is_refused():
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict, "quay.hue").status_code == 403


def reads(asked):
    """The queries that read a table; telling PostgreSQL who asks is none."""
    return [query["sql"] for query in asked.captured_queries if " FROM " in query["sql"]]


def test_a_page_reads_two_rows_to_know_who_asks_and_where_she_works(client):
    client.force_login(staff(Role.OUTLET_CLERK))

    with CaptureQueriesContext(connection) as asked:
        client.get("/tai-khoan/")

    session, account, *counts = reads(asked)
    assert "django_session" in session
    assert "agents_operator" in account
    waiting = [each for each in counts if "intake_actingsession" not in each]
    assert len(counts) - len(waiting) <= 1, "whom she acts for"
    assert all("COUNT(" in each for each in waiting), "what waits in the rail, and nothing else"


def test_a_stranger_reads_nothing(client):
    with CaptureQueriesContext(connection) as asked:
        client.get(LOGIN)

    assert reads(asked) == []


def test_a_fragment_asked_for_without_a_session_is_refused_in_place(client):
    assert client.get("/mang-luoi/", headers={"HX-Request": "true"}).status_code == 401


def test_the_administration_site_has_no_log_in_of_its_own(client):
    assert client.get("/quan-tri/login/")["Location"] == f"{LOGIN}?next=/quan-tri/"
    client.force_login(staff(Role.OUTLET_CLERK))
    assert client.get("/quan-tri/login/?next=/quan-tri/").status_code == 403
