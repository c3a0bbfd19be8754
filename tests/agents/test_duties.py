"""A manager hands duties to a colleague for some days: what that opens, what it never opens, and how it ends."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.urls import NoReverseMatch, resolve, reverse

from agents.duties import operations
from agents.duties.acting import acting_for
from agents.duties.errors import (
    DutyDelegationNotFound,
    DutyDelegationOver,
    InvalidDutyDelegation,
    NothingToDelegate,
)
from agents.duties.models import DutyDelegation
from agents.duties.queries import acts_under
from agents.duties.rules import REACHES, Duty, duties_of
from agents.operations import accounts
from agents.records import Workplace
from agents.roster.models import RosterShift
from shared.actors import Actor, ActorKind
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import OFFICE, make_outlet, moment, opens, staff
from tests.architecture.access_matrix import API

pytestmark = pytest.mark.django_db

NOW = moment("2026-01-12 08:00")  # a Monday
TODAY = date(2026, 1, 12)
UNTIL = date(2026, 1, 17)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)



@pytest.fixture
def two():
    """The manager of an outlet and one of its clerks."""
    outlet = make_outlet()
    opens(outlet, 0, 1, 2, 3, 4)
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet, display_name="Lê Minh Tuấn")
    return manager, staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Nguyễn Thị Hạnh")


def hand(giver, receiver, *duties, by=None, at=NOW, **changes):
    asked: dict[str, Any] = {"duties": [str(duty) for duty in duties or (Duty.ROSTER,)], "from_date": TODAY,
                             "until_date": UNTIL, "reason": "Đi tập huấn"} | changes
    return operations.give(giver_id=giver.pk, receiver_id=receiver.pk, by=by or giver.actor, at=at, **asked)


def puts_in(client, manager, person):
    return client.post(f"/lich-truc/{manager.outlet_id}/them/", {
        "tuan": "2026-01-12", "account_id": str(person.pk), "days": ["2026-01-14"], "begins": "8:00", "ends": "12:00"})


def test_the_duty_and_nothing_else_is_open_to_who_stands_in(two, client):
    manager, clerk = two
    client.force_login(clerk)
    assert puts_in(client, manager, clerk).status_code == 403

    hand(manager, clerk)

    assert puts_in(client, manager, clerk).status_code == 302
    assert RosterShift.objects.get().account_id == clerk.pk
    assert client.get(f"/lich-truc/{manager.outlet_id}/").status_code == 200
    for page in ("/nhan-su/", "/nhan-su/moi-vao/", "/dao-tao/nhan-su/"):
        assert client.get(page).status_code == 403, page
    assert client.get("/api/v1/staff").status_code == 403


def test_an_act_on_behalf_names_both_and_is_found_under_the_delegation(two, client):
    manager, clerk = two
    given = hand(manager, clerk)
    client.force_login(clerk)

    puts_in(client, manager, clerk)

    act = AuditEntry.objects.get(action="roster.add", object_type="outlet")
    assert (act.actor_id, act.after["on_behalf_of"], act.after["delegation"]) == (
        str(clerk.pk), str(manager.pk), str(given.id))
    assert [each.action for each in acts_under(given.id)] == ["roster.add"]
    assert "Đưa người vào lịch trực" in client.get(f"/giao-viec/{given.id}/").content.decode()


def test_the_api_is_open_to_the_same_duty(two, client):
    manager, clerk = two
    hand(manager, clerk)
    client.force_login(clerk)

    made = client.post(f"/api/v1/outlets/{manager.outlet_id}/roster-shifts", {
        "account_id": str(clerk.pk), "days": ["2026-01-14"], "begins": "08:00", "ends": "12:00"},
        content_type="application/json", headers={"Idempotency-Key": "a-1"})

    assert made.status_code == 201, made.content
    assert AuditEntry.objects.get(action="roster.add", object_type="outlet").after["on_behalf_of"] == str(manager.pk)


def test_she_reads_on_every_page_for_whom_she_stands_in(two, client):
    manager, clerk = two
    hand(manager, clerk)
    client.force_login(clerk)

    assert "Bạn làm thay Lê Minh Tuấn đến hết 16/01/2026" in client.get("/tai-khoan/").content.decode()
    assert "Ở trang này bạn làm việc thay Lê Minh Tuấn" in client.get(
        f"/lich-truc/{manager.outlet_id}/").content.decode()


@pytest.mark.parametrize(("day", "is_open"), [("2026-01-13", False), ("2026-01-14", True), ("2026-01-16", True),
                                              ("2026-01-17", False)])
def test_it_holds_from_its_first_day_to_its_last(two, client, time_machine, day, is_open):
    manager, clerk = two
    hand(manager, clerk, from_date=date(2026, 1, 14))
    time_machine.move_to(moment(f"{day} 09:00"), tick=False)
    client.force_login(clerk)

    page = client.get(f"/lich-truc/{manager.outlet_id}/").content.decode()

    assert ("/them/" in page) is is_open


def _called_off(manager, clerk, given):
    operations.end(delegation_id=given.id, by=manager.actor, at=NOW)


def _given_back(manager, clerk, given):
    operations.end(delegation_id=given.id, by=clerk.actor, at=NOW)


def _giver_shut(manager, clerk, given):
    accounts.deactivate(account_id=manager.pk, by=OFFICE, at=NOW, reason="nghỉ việc")
    accounts.reactivate(account_id=manager.pk, by=OFFICE, at=NOW, reason="nhầm")


def _giver_elsewhere(manager, clerk, given):
    accounts.assign_role(account_id=manager.pk, role=Role.OUTLET_MANAGER, place=Workplace(outlet_id=make_outlet().id),
                         by=OFFICE, at=NOW, reason="điều chuyển")


def _giver_no_manager_any_more(manager, clerk, given):
    accounts.assign_role(account_id=manager.pk, role=Role.OUTLET_CLERK, place=Workplace(outlet_id=manager.outlet_id),
                         by=OFFICE, at=NOW, reason="thôi phụ trách")


def _she_helps_out_only(manager, clerk, given):
    clerk.works_until = date(2026, 2, 1)
    clerk.save(update_fields=["works_until"])


@pytest.mark.parametrize("event", [_called_off, _given_back, _giver_shut, _giver_elsewhere, _giver_no_manager_any_more,
                                   _she_helps_out_only])
def test_it_ends_with_the_very_next_click(two, client, event):
    manager, clerk = two
    given = hand(manager, clerk)
    client.force_login(clerk)
    assert puts_in(client, manager, clerk).status_code == 302

    event(manager, clerk, given)

    assert client.post(f"/lich-truc/{manager.outlet_id}/them/", {}).status_code == 403


def test_what_a_leaver_had_handed_on_stays_over_when_she_comes_back(two):
    manager, clerk = two
    given = hand(manager, clerk)

    _giver_shut(manager, clerk, given)

    given.refresh_from_db()
    clerk.refresh_from_db()
    assert (given.ended_at, clerk.stands_in_until) == (NOW, None)
    with pytest.raises(DutyDelegationOver):
        operations.end(delegation_id=given.id, by=manager.actor, at=NOW)


def test_nobody_hands_on_what_she_was_handed(two):
    manager, clerk = two
    hand(manager, clerk)
    third = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    clerk.refresh_from_db()
    acting = acting_for(clerk, "agents:roster", "", TODAY)

    for by in (clerk.actor, acting):
        with pytest.raises(NothingToDelegate):
            hand(manager, third, by=by, from_date=date(2026, 2, 1), until_date=date(2026, 2, 3))
    with pytest.raises(NothingToDelegate):
        hand(clerk, third)


def test_whoever_answers_for_the_manager_hands_on_for_her(two):
    manager, clerk = two
    headquarters = staff(Role.OPERATOR_HQ, operator=manager.outlet.operator, display_name="Phan Thu Hà")

    given = hand(manager, clerk, by=headquarters.actor)

    assert (given.giver_id, given.given_by_name) == (manager.pk, "Phan Thu Hà")
    operations.end(delegation_id=given.id, by=headquarters.actor, at=NOW)


def _wrong(two, **changes):
    manager, clerk = two
    with pytest.raises(InvalidDutyDelegation) as refused:
        hand(manager, changes.pop("receiver", clerk), **changes)
    return {each.pointer for each in refused.value.errors}


@pytest.mark.parametrize(("changes", "field"), [
    ({"duties": []}, "/duties"),
    ({"duties": ["team"]}, "/duties"),
    ({"duties": ["people"]}, "/duties"),
    ({"from_date": TODAY - timedelta(days=1)}, "/from_date"),
    ({"from_date": date.max, "until_date": date.max}, "/from_date"),
    ({"until_date": TODAY}, "/until_date"),
    ({"until_date": TODAY + timedelta(days=93)}, "/until_date"),
    ({"reason": "  "}, "/reason"),
])
def test_a_delegation_has_bounds(two, changes, field):
    assert field in _wrong(two, **changes)


def test_it_goes_to_a_standing_colleague_of_the_place_only(two):
    manager, _clerk = two
    for person in (staff(Role.OUTLET_CLERK), manager,
                   staff(Role.OUTLET_CLERK, outlet=manager.outlet, is_active=False),
                   staff(Role.OUTLET_CLERK, outlet=manager.outlet, works_until=date(2026, 2, 1)),
                   staff(Role.OPERATOR_HQ, operator=manager.outlet.operator)):
        assert _wrong(two, receiver=person) == {"/receiver_id"}


def test_the_same_days_are_not_handed_on_twice(two):
    manager, clerk = two
    hand(manager, clerk)

    assert _wrong(two, from_date=UNTIL - timedelta(days=1), until_date=UNTIL + timedelta(days=2)) == {"/from_date"}
    hand(manager, clerk, from_date=UNTIL, until_date=UNTIL + timedelta(days=2))


def test_strangers_neither_see_nor_end_it(two, client):
    manager, clerk = two
    given = hand(manager, clerk)
    stranger = staff(Role.OUTLET_MANAGER)
    client.force_login(stranger)

    assert client.get(f"/giao-viec/{given.id}/").status_code == 404
    assert client.get(f"/giao-viec/cua/{manager.pk}/").status_code == 404
    assert client.get("/api/v1/duty-delegations").json()["items"] == []
    with pytest.raises(DutyDelegationNotFound):
        operations.end(delegation_id=given.id, by=stranger.actor, at=NOW)
    bystander = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    with pytest.raises(DutyDelegationNotFound):
        operations.end(delegation_id=given.id, by=bystander.actor, at=NOW)


def test_a_manager_hands_duties_on_in_the_browser(two, client):
    manager, clerk = two
    client.force_login(manager)
    page = client.get("/giao-viec/", follow=True)
    assert "Giao việc" in page.content.decode()

    asked = {"duties": ["roster", "cash"], "receiver_id": str(clerk.pk), "from_date": "2026-01-13",
             "last_day": "2026-01-12", "reason": "Nghỉ phép"}
    refused = client.post(f"/giao-viec/cua/{manager.pk}/", asked)
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"last_day"}

    client.post(f"/giao-viec/cua/{manager.pk}/", asked | {"last_day": "2026-01-16"})
    given = DutyDelegation.objects.get()
    assert (given.duties, given.until_date) == (["roster", "cash"], UNTIL)
    client.post(f"/giao-viec/{given.id}/ket-thuc/")
    given.refresh_from_db()
    assert given.ended_by_name == "Lê Minh Tuấn"


def test_what_asks_the_manager_for_a_second_factor_asks_who_stands_in(two, client, settings):
    manager, clerk = two
    hand(manager, clerk)
    settings.WARDPOST_MFA_FROM = date(2026, 1, 1)
    settings.WARDPOST_MFA_ROLES = frozenset({Role.OUTLET_MANAGER})
    client.force_login(clerk)

    assert client.get(f"/lich-truc/{manager.outlet_id}/")["Location"] == "/tai-khoan/xac-thuc/"
    assert client.get("/tai-khoan/").status_code == 200


def test_she_and_whom_she_stands_in_for_are_one_person():
    actor = Actor(ActorKind.PERSON, "b", role=Role.OUTLET_MANAGER, on_behalf_of="a", delegation="d")

    assert actor.is_one_of("a")
    assert actor.is_one_of("b", "")
    assert not actor.is_one_of("c", "")
    assert not Actor(ActorKind.PERSON, "b").is_one_of("a", "")


def test_she_stands_in_for_one_person_at_a_time_in_one_duty(two):
    """Else a difference of one's drawer could be answered in the other's name."""
    manager, clerk = two
    other = staff(Role.OUTLET_MANAGER, outlet=manager.outlet, display_name="Trần Thị Bích")
    hand(manager, clerk, Duty.CASH)

    with pytest.raises(InvalidDutyDelegation) as refused:
        hand(other, clerk, Duty.CASH, Duty.ROSTER)
    hand(other, clerk, Duty.ROSTER)

    assert [each.pointer for each in refused.value.errors] == ["/receiver_id"]
    clerk.refresh_from_db()
    assert clerk.stands_in_until == UNTIL


def test_every_page_and_route_of_a_duty_exists():
    routes = {each.partition(" /")[2] for each in API}
    for reach in REACHES.values():
        for name in reach.pages:
            assert any(_reversible(name, args) for args in ARGUMENTS), name
        for route in reach.routes:
            assert route in routes, route


ARGUMENTS: Final[tuple[list[str], ...]] = ([], ["01890000-0000-7000-8000-000000000000"],
             ["01890000-0000-7000-8000-000000000000", "2026-01", "forward-time"])


def _reversible(name, args):
    try:
        return bool(resolve(reverse(name, args=args)))
    except NoReverseMatch:
        return False


def test_no_duty_holds_people_keys_or_payments():
    forbidden = ("staff", "invit", "token", "payout", "account", "second-factor", "prove", "link")
    for reach in REACHES.values():
        for name in {*reach.pages, *reach.routes}:
            assert not any(word in name for word in forbidden), name
    assert {role for role in Role if duties_of(role)} == {Role.OUTLET_MANAGER, Role.CENTRE_MANAGER}
