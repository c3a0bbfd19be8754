from typing import Any

import pytest

from agents.errors import AccountNotFound, InvalidAccount, MayNotGrant, NotToYourself, UsernameTaken
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.operations.places import PLACE_OF_ROLE
from agents.records import Workplace
from agents.rules import GRANTS
from shared.ids import uuid7
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import (
    OFFICE,
    PASSWORD,
    make_centre,
    make_operator,
    make_outlet,
    make_province,
    moment,
    staff,
)

pytestmark = pytest.mark.django_db

NOW = moment("2025-07-03 10:00")


def enrol(by=OFFICE, **changed):
    facts = {
        "username": "hanh.nguyen",
        "display_name": "Nguyễn Thị Hạnh",
        "role": Role.OUTLET_CLERK,
        "password": "mot-cau-that-dai-2025",
    } | changed
    if "place" not in facts:
        facts["place"] = Workplace(outlet_id=make_outlet().id)
    return accounts.create_staff_account(**facts, by=by, at=NOW)


def place_for(role: Role) -> Workplace:
    match PLACE_OF_ROLE[role]:
        case "outlet":
            return Workplace(outlet_id=make_outlet().id)
        case "centre":
            return Workplace(centre_id=make_centre().id)
        case "operator":
            return Workplace(operator_id=make_operator().id)
    return Workplace(province_code=make_province().code)


@pytest.mark.parametrize("role", list(Role))
def test_a_person_of_every_role_is_enrolled_at_her_place_and_the_audit_knows(role):
    account = enrol(role=role, place=place_for(role))

    assert account.check_password("mot-cau-that-dai-2025")
    assert account.is_staff == (role == Role.ADMINISTRATOR)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.after["role"]) == ("create_staff_account", str(account.id), role)
    assert "Hạnh" not in str(entry.after)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"username": ""}, "/username"),
        ({"username": "ab"}, "/username"),
        ({"username": "hạnh"}, "/username"),
        ({"username": "a b c"}, "/username"),
        ({"username": "x" * 61}, "/username"),
        ({"username": "hanh;--"}, "/username"),
        ({"display_name": "  "}, "/display_name"),
        ({"display_name": "x" * 121}, "/display_name"),
        ({"display_name": "NguyÔn"}, "/display_name"),
        ({"display_name": "A\u202en"}, "/display_name"),
        ({"role": "mayor"}, "/role"),
        ({"password": "ngan"}, "/password"),
        ({"password": "1234567890"}, "/password"),
        ({"password": "x" * 129}, "/password"),
        ({"password": "hanh.nguyen"}, "/password"),
        ({"place": Workplace()}, "/outlet"),
        ({"place": Workplace(outlet_id=uuid7())}, "/outlet"),
        ({"place": Workplace(province_code="46")}, "/outlet"),
        ({"role": Role.AUDITOR, "place": Workplace(province_code="99")}, "/province"),
        ({"role": Role.AUDITOR, "place": Workplace()}, "/province"),
        ({"role": Role.ADMINISTRATOR, "place": Workplace(operator_id=uuid7())}, "/province"),
    ],
)
def test_a_wrong_entry_is_refused_by_field_and_nobody_is_enrolled(changed, pointer):
    with pytest.raises(InvalidAccount) as refused:
        enrol(**changed)

    assert [error.pointer for error in refused.value.errors][:1] == [pointer]
    assert not StaffAccount.objects.exists()
    assert not AuditEntry.objects.exists()


def test_every_wrong_entry_is_named_at_once():
    with pytest.raises(InvalidAccount) as refused:
        enrol(username="", display_name="", password="x", place=Workplace())

    assert {error.pointer for error in refused.value.errors} == {"/username", "/display_name", "/password", "/outlet"}


def test_a_user_name_is_one_persons_whatever_its_case():
    enrol(username="hanh.nguyen")

    with pytest.raises(UsernameTaken):
        enrol(username="Hanh.Nguyen")


@pytest.mark.parametrize("granter", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_given_only_by_whoever_answers_for_it(granter, role):
    outlet, centre, province = make_outlet(), make_centre(), make_province()
    places: dict[str, dict[str, Any]] = {
        "outlet": {"outlet": outlet},
        "centre": {"centre": centre},
        "operator": {"operator": outlet.operator},
        "province": {"province": province},
    }
    by = staff(granter, **places[PLACE_OF_ROLE[granter]]).actor
    place = {
        "outlet": Workplace(outlet_id=outlet.id),
        "centre": Workplace(centre_id=centre.id),
        "operator": Workplace(operator_id=outlet.operator_id),
        "province": Workplace(province_code=province.code),
    }

    if role in GRANTS.get(granter, frozenset()):
        assert enrol(by, role=role, place=place[PLACE_OF_ROLE[role]]).role == role
    else:
        with pytest.raises(MayNotGrant):
            enrol(by, role=role, place=place[PLACE_OF_ROLE[role]])


@pytest.mark.parametrize("granter", [Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.ADMINISTRATOR])
def test_nobody_enrols_at_a_place_that_is_not_hers(granter):
    hanoi = make_province("01", name="Hà Nội")
    facts = {"province": hanoi} if granter == Role.ADMINISTRATOR else {}
    by = staff(granter, **facts).actor
    elsewhere = make_outlet(operator=make_operator("VTPOST", name="Viettel Post"))

    with pytest.raises(MayNotGrant):
        enrol(by, place=Workplace(outlet_id=elsewhere.id))


def test_an_administrator_of_one_city_appoints_nobody_in_another():
    by = staff(Role.ADMINISTRATOR, province=make_province("01", name="Hà Nội")).actor

    with pytest.raises(MayNotGrant):
        enrol(by, role=Role.AUDITOR, place=Workplace(province_code=make_province().code))
    with pytest.raises(MayNotGrant):
        enrol(by, role=Role.CENTRE_MANAGER, place=Workplace(centre_id=make_centre().id))


def test_only_the_machines_owner_appoints_an_administrator():
    by = staff(Role.ADMINISTRATOR).actor

    with pytest.raises(MayNotGrant):
        enrol(by, role=Role.ADMINISTRATOR, place=Workplace())
    assert enrol(OFFICE, role=Role.ADMINISTRATOR, place=Workplace()).is_staff


def test_one_shuts_and_opens_others_accounts_and_each_time_says_why():
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)

    accounts.deactivate(account_id=clerk.id, by=manager.actor, at=NOW, reason="nghỉ sinh")
    accounts.deactivate(account_id=clerk.id, by=manager.actor, at=NOW, reason="nghỉ sinh")
    accounts.reactivate(account_id=clerk.id, by=manager.actor, at=NOW, reason="đi làm lại")

    clerk.refresh_from_db()
    assert clerk.is_active
    assert [(entry.action, entry.reason) for entry in AuditEntry.objects.order_by("id")] == [
        ("deactivate_account", "nghỉ sinh"),
        ("reactivate_account", "đi làm lại"),
    ]


def test_shutting_an_account_needs_a_reason():
    with pytest.raises(InvalidAccount):
        accounts.deactivate(account_id=staff(Role.OUTLET_CLERK).id, by=OFFICE, at=NOW, reason="  ")


def test_nobody_shuts_or_moves_her_own_account():
    manager = staff(Role.OUTLET_MANAGER)

    with pytest.raises(NotToYourself):
        accounts.deactivate(account_id=manager.id, by=manager.actor, at=NOW, reason="thử")
    with pytest.raises(NotToYourself):
        accounts.assign_role(
            account_id=manager.id, role=Role.ADMINISTRATOR, place=Workplace(), by=manager.actor, at=NOW, reason="thử"
        )


def test_another_outlets_clerk_and_none_at_all_are_one_and_the_same_answer():
    manager = staff(Role.OUTLET_MANAGER)

    for account_id in (staff(Role.OUTLET_CLERK).id, uuid7()):
        with pytest.raises(AccountNotFound):
            accounts.deactivate(account_id=account_id, by=manager.actor, at=NOW, reason="thử")


def test_a_manager_sees_her_own_kind_but_does_not_shut_them():
    manager = staff(Role.OUTLET_MANAGER)
    other = staff(Role.OUTLET_MANAGER, outlet=manager.outlet)

    with pytest.raises(MayNotGrant):
        accounts.deactivate(account_id=other.id, by=manager.actor, at=NOW, reason="thử")


def test_everybody_sets_her_own_password_and_a_granter_those_of_others():
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)

    accounts.set_password(account_id=clerk.id, password="mot-cau-khac-2025", by=clerk.actor, at=NOW)
    accounts.set_password(account_id=clerk.id, password="cau-cua-truong-quay", by=manager.actor, at=NOW)

    clerk.refresh_from_db()
    assert clerk.check_password("cau-cua-truong-quay")
    with pytest.raises(AccountNotFound):
        accounts.set_password(account_id=manager.id, password="mot-cau-khac-2025", by=clerk.actor, at=NOW)


def test_a_weak_password_is_refused_and_the_old_one_stays():
    clerk = staff(Role.OUTLET_CLERK)

    with pytest.raises(InvalidAccount):
        accounts.set_password(account_id=clerk.id, password="1234567890", by=clerk.actor, at=NOW)

    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_person_who_moves_leaves_her_former_place():
    clerk, centre = staff(Role.OUTLET_CLERK), make_centre()

    accounts.assign_role(
        account_id=clerk.id,
        role=Role.CENTRE_OFFICER,
        place=Workplace(centre_id=centre.id),
        by=OFFICE,
        at=NOW,
        reason="chuyển công tác",
    )

    clerk.refresh_from_db()
    assert (clerk.role, clerk.outlet_id, clerk.centre_id) == (Role.CENTRE_OFFICER, None, centre.id)


def test_moving_needs_authority_over_the_former_place_too():
    centre = make_centre()
    manager = staff(Role.CENTRE_MANAGER, centre=centre)
    clerk = staff(Role.OUTLET_CLERK)

    with pytest.raises(AccountNotFound):
        accounts.assign_role(
            account_id=clerk.id,
            role=Role.CENTRE_OFFICER,
            place=Workplace(centre_id=centre.id),
            by=manager.actor,
            at=NOW,
            reason="lôi kéo",
        )
