"""One computer, several people: locking, unlocking and switching, and what each of them must not see or keep."""

import pytest
from django.contrib.sessions.models import Session

from agents.operations import accounts
from agents.switching import operations
from agents.switching.errors import InvalidPin
from agents.switching.models import CounterPin
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import OFFICE, PASSWORD, make_outlet, moment, staff

pytestmark = pytest.mark.django_db

PIN = "528417"
SWITCH = "/doi-nguoi/"
PAGE = "/tai-khoan/"


@pytest.fixture
def two(client, time_machine):
    """Two clerks of one outlet who have both signed in on this computer today; the second one is at work."""
    time_machine.move_to(moment("2026-01-12 08:00"), tick=False)
    outlet = make_outlet()
    first = staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Nguyễn Thị Hạnh")
    second = staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Trần Văn Bình")
    operations.set_pin(account_id=first.pk, pin=PIN, by=first.actor, at=moment("2026-01-12 08:00"))
    sign_in(client, first)
    lock(client)
    sign_in(client, second)
    return first, second


def sign_in(client, account):
    return client.post("/dang-nhap/", {"username": account.username, "password": PASSWORD})


def lock(client):
    return client.post(f"{SWITCH}khoa/")


def comes(client, account, secret):
    return client.post(SWITCH, {"account": str(account.pk), "secret": secret})


def at_work(client):
    return client.session.get("_auth_user_id")


def test_who_has_signed_in_here_today_comes_on_with_a_pin_and_gets_a_session_of_her_own(two, client):
    first, second = two
    former = client.session.session_key
    lock(client)

    assert "Nguyễn Thị Hạnh" in client.get(SWITCH).content.decode()
    assert comes(client, first, PIN).status_code == 302

    assert at_work(client) == str(first.pk)
    assert client.session.session_key != former
    assert not Session.objects.filter(session_key=former).exists(), "the former session has ended"
    told = AuditEntry.objects.get(action="session.switch")
    assert (told.actor_id, told.before, told.after) == (str(first.pk), {"account": str(second.pk)}, {"how": "pin"})


def test_nothing_is_shown_or_done_while_the_screen_is_locked(two, client):
    lock(client)

    assert client.get(PAGE)["Location"] == f"{SWITCH}?next=%2Ftai-khoan%2F"
    assert client.get(PAGE, headers={"HX-Request": "true"}).status_code == 403
    assert client.post(f"{PAGE}ma-pin/", {}).status_code == 403
    refused = client.get("/api/v1/me")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "screen-locked")


def test_the_right_person_unlocks_her_own_session_and_goes_on_where_she_was(two, client):
    _, second = two
    former = client.session.session_key
    lock(client)

    assert client.post(SWITCH, {"secret": PASSWORD, "next": PAGE})["Location"] == PAGE

    assert (at_work(client), client.session.session_key) == (str(second.pk), former)
    assert client.get(PAGE).status_code == 200
    assert AuditEntry.objects.filter(action="session.unlock", actor_id=str(second.pk)).count() == 1


def test_a_script_unlocks_without_leaving_the_page(two, client):
    lock(client)
    wrong = client.post(SWITCH, {"secret": "sai"}, headers={"x-wardpost": "unlock"})
    right = client.post(SWITCH, {"secret": PASSWORD}, headers={"x-wardpost": "unlock"})

    assert (wrong.status_code, bool(wrong.json()["error"])) == (422, True)
    assert set(right.json()) == {"token", "here"}
    assert right.json()["here"] == client.cookies["wp_here"].value


def test_a_pin_opens_nothing_on_a_computer_where_she_has_not_signed_in(two, client):
    first, _ = two
    lock(client)
    del client.cookies["wp_known"]

    comes(client, first, PIN)

    assert at_work(client) != str(first.pk)
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("moment_after", ["2026-01-12 20:01", "2026-01-13 08:00"])
def test_a_pin_opens_nothing_the_next_day(moment_after, two, client, time_machine):
    first, _ = two
    time_machine.move_to(moment(moment_after), tick=False)
    lock(client)

    comes(client, first, PIN)

    assert at_work(client) != str(first.pk)


def test_after_five_wrong_ones_the_right_pin_sleeps_until_a_full_sign_in(two, client):
    first, _ = two
    for _number in range(operations.MOST_FAILURES):
        assert not operations.is_right_pin(account_id=first.pk, pin="111222")
    assert not operations.is_right_pin(account_id=first.pk, pin=PIN)

    sign_out(client)
    sign_in(client, first)

    assert operations.is_right_pin(account_id=first.pk, pin=PIN)


def sign_out(client):
    return client.post("/dang-xuat/")


def test_wrong_secrets_close_the_locked_screen_as_they_close_the_sign_in(two, client):
    first, _ = two
    lock(client)
    answers = [comes(client, first, "sai-mat-khau").status_code for _ in range(6)]

    assert answers[-1] == 429
    assert comes(client, first, PASSWORD).status_code != 302
    assert at_work(client) != str(first.pk)


def test_who_signs_out_or_is_sent_away_is_known_here_no_longer(two, client):
    first, second = two
    accounts.deactivate(account_id=first.pk, reason="Nghỉ việc", by=OFFICE, at=moment("2026-01-12 09:00"))
    assert not CounterPin.objects.exists()
    lock(client)
    comes(client, first, PIN)
    assert at_work(client) == str(second.pk)

    sign_out(client)
    sign_in(client, staff(Role.OUTLET_CLERK, outlet=second.outlet))
    assert second.display_name not in client.get(SWITCH).content.decode()


@pytest.mark.parametrize("pin", [
    "", "12345", "1234567", "123456", "654321", "111111", "121212", "12345a", "１２３４５６"])
def test_a_pin_that_everybody_guesses_is_refused(pin):
    account = staff(Role.OUTLET_CLERK)
    with pytest.raises(InvalidPin):
        operations.set_pin(account_id=account.pk, pin=pin, by=account.actor, at=moment("2026-01-12 08:00"))


def test_a_pin_is_set_with_the_password_and_taken_off_again(two, client):
    _, second = two
    page = f"{PAGE}ma-pin/"
    wrong = client.post(page, {"pin-pin": "847361", "pin-password": "sai"})
    assert wrong.status_code == 422
    assert "847361" not in wrong.content.decode()
    assert client.post(page, {"pin-pin": "847361", "pin-password": PASSWORD}).status_code == 302
    assert operations.is_right_pin(account_id=second.pk, pin="847361")

    client.post(page, {"off": "1"})
    assert not CounterPin.objects.filter(account=second).exists()


def test_pages_of_somebody_signed_in_stay_in_no_cache_and_say_whose_they_are(two, client):
    first, _ = two
    page = client.get(PAGE)
    mark = client.cookies["wp_here"].value
    assert "no-store" in page["Cache-Control"]
    assert f'data-here="{mark}"' in page.content.decode()

    lock(client)
    assert client.cookies["wp_here"].value != mark, "other pages of this browser cover themselves"
    comes(client, first, PIN)
    assert client.cookies["wp_here"].value != mark
    sign_out(client)
    assert client.cookies["wp_here"].value == ""


def test_after_a_new_password_her_pin_opens_nothing_before_she_has_signed_in_with_it(two, client):
    first, _ = two
    manager = staff(Role.OUTLET_MANAGER, outlet=first.outlet)
    accounts.set_password(account_id=first.pk, password="một mật khẩu khác hẳn", by=manager.actor,
                          at=moment("2026-01-12 08:30"))
    lock(client)

    assert "Nguyễn Thị Hạnh" not in client.get(SWITCH).content.decode()
    comes(client, first, PIN)

    assert at_work(client) != str(first.pk)
