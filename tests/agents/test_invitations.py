"""Somebody is asked in, opens her account herself, and reaches no further than her inviter settled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from agents.errors import InvalidAccount, MayNotGrant, UsernameTaken
from agents.events import StaffInvited
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people import inviting, mailing, reach
from agents.people.errors import InvalidInvitation, InvitationNotFound, InvitationOver
from agents.people.models import Invitation
from agents.people.rules import INVITATION_MOVES, InvitationState, InvitationStep, after
from agents.records import Workplace
from shared.crypto import token_digest
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import OFFICE, make_operator, make_outlet, moment, staff
from tests.agents.people_cases import key_issued_by, reads_of
from tests.factories.browsers import Api, body_of

pytestmark = pytest.mark.django_db

NOW = moment("2026-01-12 09:00")
PASSWORD = "mot-cau-that-dai-2026"


def asked(by, outlet=None, **changed) -> inviting.Invited:
    facts: dict[str, Any] = {"display_name": "Phan Thị Mới", "role": Role.OUTLET_CLERK, "email": "moi@buudien.example",
             "place": Workplace(outlet_id=(outlet or by.outlet).id), "at": NOW} | changed
    return inviting.invite(by=getattr(by, "actor", by), **facts)


def accepted(invited, at=NOW, username="phan.moi") -> StaffAccount:
    return inviting.accept(code=invited.code, username=username, password=PASSWORD, at=at)


def test_the_invited_opens_one_account_with_role_place_and_groups_as_they_were_settled():
    manager = staff(Role.OUTLET_MANAGER)
    invited = asked(manager, procedure_groups=["civil_status", "land"], phone="0914 275 268")

    account = accepted(invited)

    assert (account.role, account.outlet, account.display_name) == (Role.OUTLET_CLERK, manager.outlet, "Phan Thị Mới")
    assert account.procedure_groups == ["civil_status", "land"]
    assert account.phone == "+84914275268"
    assert account.check_password(PASSWORD)
    assert Invitation.objects.get().account == account
    with pytest.raises(InvitationNotFound):
        accepted(invited, username="lan.hai")
    assert StaffAccount.objects.filter(outlet=manager.outlet).count() == 2


def test_of_the_code_only_digests_are_kept_and_the_audit_names_nobody():
    invited = asked(staff(Role.OUTLET_MANAGER))

    row = Invitation.objects.get()
    assert bytes(row.digest) == token_digest(invited.code)
    assert invited.code not in str(OutboxMessage.objects.values_list("payload", flat=True))
    entry = AuditEntry.objects.get()
    assert "moi@buudien" not in str(entry.after)
    assert entry.after["role"] == Role.OUTLET_CLERK


def test_nobody_invites_beyond_her_own_reach():
    manager, elsewhere = staff(Role.OUTLET_MANAGER), make_outlet()

    with pytest.raises(MayNotGrant):
        asked(manager, role=Role.OUTLET_MANAGER)
    with pytest.raises(MayNotGrant):
        asked(manager, elsewhere)
    with pytest.raises(MayNotGrant):
        asked(staff(Role.OPERATOR_HQ, operator=make_operator("VTPOST")), manager.outlet)
    with pytest.raises(MayNotGrant):
        asked(staff(Role.OUTLET_CLERK, outlet=manager.outlet))
    assert not Invitation.objects.exists()


def test_who_is_bound_to_groups_gives_no_others():
    manager = staff(Role.OUTLET_MANAGER, procedure_groups=["civil_status", "land"])
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    waiting = asked(staff(Role.OUTLET_MANAGER, outlet=manager.outlet))

    for groups in ([], ["household_business"], ["land", "household_business"]):
        with pytest.raises(InvalidInvitation):
            asked(manager, procedure_groups=groups)
        with pytest.raises(InvalidAccount):
            reach.set_reach(account_id=clerk.id, procedure_groups=groups, works_until=None, by=manager.actor, at=NOW,
                            reason="thử")
    with pytest.raises(MayNotGrant):
        inviting.resend(invitation_id=waiting.invitation.id, by=manager.actor, at=NOW)
    assert accepted(asked(manager, procedure_groups=["land"])).procedure_groups == ["land"]
    enrolled = accounts.create_staff_account(
        username="phan.hai", display_name="Phan Hai", role=Role.OUTLET_CLERK, password=PASSWORD,
        place=Workplace(outlet_id=manager.outlet.id), by=manager.actor, at=NOW)
    assert enrolled.procedure_groups == ["civil_status", "land"]


def test_who_is_given_another_role_leaves_no_link_behind():
    headquarters = staff(Role.OPERATOR_HQ)
    outlet = make_outlet(operator=headquarters.operator)
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet)
    invited = asked(manager)

    accounts.assign_role(account_id=manager.id, role=Role.OUTLET_CLERK, place=Workplace(outlet_id=outlet.id),
                         by=headquarters.actor, at=NOW, reason="thôi làm trưởng bưu cục")

    assert Invitation.objects.get().state == InvitationState.REVOKED
    with pytest.raises(InvitationNotFound):
        accepted(invited)


@pytest.mark.parametrize(("changed", "pointer"), [
    ({"email": "", "phone": ""}, "/email"), ({"email": "khong phai"}, "/email"), ({"phone": "12345"}, "/phone"),
    ({"display_name": " "}, "/display_name"), ({"procedure_groups": ["bay"]}, "/procedure_groups"),
    ({"works_until": date(2026, 1, 12), "procedure_groups": ["land"]}, "/works_until"),
    ({"works_until": date(2026, 12, 1), "procedure_groups": ["land"]}, "/works_until"),
    ({"works_until": date(2026, 2, 1)}, "/procedure_groups"),
])
def test_what_is_wrong_is_said_beside_its_field(changed, pointer):
    with pytest.raises(InvalidInvitation) as refusal:
        asked(staff(Role.OUTLET_MANAGER), **changed)

    assert [each.pointer for each in refusal.value.errors] == [pointer]


def test_a_link_lapses_after_a_week_and_a_new_one_makes_the_old_one_worthless():
    manager = staff(Role.OUTLET_MANAGER)
    first, late = asked(manager), NOW + timedelta(days=7)

    with pytest.raises(InvitationNotFound):
        accepted(first, at=late)
    assert inviting.lapse(at=late, by=OFFICE) == 1
    second = inviting.resend(invitation_id=first.invitation.id, by=manager.actor, at=late)
    with pytest.raises(InvitationNotFound):
        accepted(first, at=late)
    assert accepted(second, at=late).outlet == manager.outlet
    assert inviting.lapse(at=late + timedelta(days=30), by=OFFICE) == 0


def test_what_is_taken_back_opens_nothing_and_stays_so():
    manager = staff(Role.OUTLET_MANAGER)
    invited = asked(manager)

    with pytest.raises(InvitationNotFound):
        inviting.revoke(invitation_id=invited.invitation.id, by=staff(Role.OUTLET_MANAGER).actor, at=NOW)
    inviting.revoke(invitation_id=invited.invitation.id, by=manager.actor, at=NOW)

    with pytest.raises(InvitationNotFound):
        accepted(invited)
    with pytest.raises(InvitationOver):
        inviting.resend(invitation_id=invited.invitation.id, by=manager.actor, at=NOW)


def test_every_state_that_is_no_end_leads_to_an_end():
    for state in InvitationState:
        steps = [step for step in InvitationStep if after(state, step) is not None]
        assert bool(steps) == (state not in {InvitationState.ACCEPTED, InvitationState.REVOKED})
    assert set(INVITATION_MOVES.values()) == set(InvitationState)


def test_a_refused_name_or_password_leaves_the_invitation_open():
    manager = staff(Role.OUTLET_MANAGER, username="truong.diem")
    invited = asked(manager)

    with pytest.raises(UsernameTaken):
        accepted(invited, username="truong.diem")
    with pytest.raises(InvalidAccount):
        inviting.accept(code=invited.code, username="phan.moi", password="ngan", at=NOW)

    assert accepted(invited).is_active


def test_the_letter_has_a_code_of_its_own_and_both_open_the_same_single_account(settings):
    settings.WARDPOST_EMAIL_FROM = "nhan-su@wardpost.example"
    invited = asked(staff(Role.OUTLET_MANAGER))
    assert OutboxMessage.objects.get(event=StaffInvited.__name__).subscriber == "mail_invitation"

    mailing.mail_invitation(invitation_id=invited.invitation.id, at=NOW)

    (letter,) = mail.outbox
    code = letter.body.partition("/loi-moi/#")[2].split()[0]
    assert code != invited.code
    assert letter.to == ["moi@buudien.example"]
    inviting.accept(code=code, username="phan.moi", password=PASSWORD, at=NOW)
    with pytest.raises(InvitationNotFound):
        accepted(invited, username="lan.hai")
    mailing.mail_invitation(invitation_id=invited.invitation.id, at=NOW)
    assert len(mail.outbox) == 1


def test_from_the_list_of_staff_to_the_first_page_of_the_invited(client):
    manager = staff(Role.OUTLET_MANAGER)
    client.force_login(manager)
    form = {"display_name": "Phan Thị Mới", "email": "", "phone": "0914275268", "role": "outlet_clerk",
            "place": f"outlet:{manager.outlet_id}", "procedure_groups": ["land"]}

    wrong = client.post("/nhan-su/moi-vao/", form | {"phone": ""})
    shown = client.post("/nhan-su/moi-vao/", form).content.decode()
    link = shown.partition('value="http')[2].partition('"')[0]
    listed = client.get("/nhan-su/").content.decode()

    assert wrong.status_code == 422
    assert "Phan Thị Mới" in wrong.content.decode()
    assert "chờ trả lời" in listed
    assert link not in listed
    stranger = Client()
    assert stranger.get("/loi-moi/nhan/")["Location"] == "/loi-moi/"
    assert stranger.post("/loi-moi/", {"code": "khong-co"}).status_code == 422
    assert stranger.post("/loi-moi/", {"code": link.partition("#")[2]})["Location"] == "/loi-moi/nhan/"
    assert "Phan Thị Mới" in stranger.get("/loi-moi/nhan/").content.decode()
    answer = stranger.post("/loi-moi/nhan/", {"username": "phan.moi", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "Tài khoản của bạn đã mở" in answer.content.decode()


def test_the_api_shows_the_link_once():
    manager = staff(Role.OUTLET_MANAGER)
    api = Api(person=manager)
    body = {"display_name": "Phan Thị Mới", "phone": "0914275268", "role": "outlet_clerk",
            "outlet_id": str(manager.outlet_id)}

    first, again = api.post("/invitations", body, key="k1"), api.post("/invitations", body, key="k1")

    assert first.status_code == 201
    assert body_of(first)["link"].partition("#")[2]
    assert body_of(again)["link"] == ""
    number = body_of(first)["id"]
    assert api.post(f"/invitations/{number}/resends", {}).status_code == 201
    assert body_of(api.post(f"/invitations/{number}/revocations", {}))["state"] == "revoked"
    assert api.post(f"/invitations/{number}/resends", {}).status_code == 409
    assert [each["state"] for each in body_of(api.get("/invitations"))["items"]] == ["revoked"]
    assert {each["username"] for each in body_of(api.get("/staff"))["items"]} == {manager.username}


# --- reach ----------------------------------------------------------------------------------------------------------


def test_groups_are_set_by_who_answers_for_her_and_reach_the_actor(client):
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    client.force_login(manager)
    address = f"/nhan-su/{clerk.id}/pham-vi/"

    assert client.post(address, {"procedure_groups": ["land"]}).status_code == 422
    assert client.post(address, {"procedure_groups": ["land"], "reason": "mới vào"}).status_code == 302

    clerk.refresh_from_db()
    assert clerk.actor.may_take_group("land")
    assert not clerk.actor.may_take_group("civil_status")
    with pytest.raises(InvalidAccount):
        reach.set_reach(account_id=clerk.id, procedure_groups=["bay"], works_until=None, by=manager.actor, at=NOW,
                        reason="thử")


def test_a_helper_is_out_with_the_end_of_her_last_day_and_her_account_is_shut(client, time_machine):
    manager = staff(Role.OUTLET_MANAGER)
    helper = staff(Role.OUTLET_CLERK, outlet=manager.outlet, procedure_groups=["land"], works_until=date(2026, 1, 16))
    time_machine.move_to(moment("2026-01-15 16:00"), tick=False)
    client.force_login(helper)
    assert client.get("/tai-khoan/").status_code == 200

    time_machine.move_to(moment("2026-01-16 00:00"), tick=False)

    assert client.get("/tai-khoan/").status_code == 302
    assert Client().post("/dang-nhap/", {"username": helper.username, "password": "quay-so-3-hue"}).status_code == 422
    assert reach.end_help(by=OFFICE, at=timezone.now()) == 1
    assert reach.end_help(by=OFFICE, at=timezone.now()) == 0
    helper.refresh_from_db()
    assert not helper.is_active
    assert OutboxMessage.objects.filter(event="StaffLeft").exists()


# --- leaving --------------------------------------------------------------------------------------------------------


def test_a_leavers_next_request_is_refused_everywhere_and_a_return_revives_nothing(client):
    headquarters = staff(Role.OPERATOR_HQ)
    outlet = make_outlet(operator=headquarters.operator)
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet)
    invited = asked(manager, outlet)
    client.force_login(manager)
    api = Api(person=manager)
    assert client.get("/nhan-su/").status_code == 200
    assert api.get("/me").status_code == 200

    accounts.deactivate(account_id=manager.id, by=headquarters.actor, at=NOW, reason="nghỉ việc")

    assert client.get("/nhan-su/").status_code == 302
    assert api.get("/me").status_code == 401
    with pytest.raises(InvitationNotFound):
        accepted(invited)
    accounts.reactivate(account_id=manager.id, by=headquarters.actor, at=NOW, reason="trở lại")
    assert client.get("/nhan-su/").status_code == 302, "an old session stays dead"


def test_the_keys_a_leaver_has_seen_end_with_her_and_her_colleagues_keys_go_on(client):
    hue = staff(Role.AUDITOR).province
    leaver, colleague = (staff(Role.ADMINISTRATOR, province=hue) for _ in range(2))
    outlet = make_outlet()
    hers, other = key_issued_by(leaver, outlet), key_issued_by(colleague, outlet)
    assert hers.get("/me").status_code == other.get("/me").status_code == 200
    client.force_login(colleague)

    accounts.deactivate(account_id=leaver.id, by=OFFICE, at=timezone.now(), reason="nghỉ việc")

    assert hers.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_the_list_of_staff_costs_the_same_however_many_are_invited(client):
    manager = staff(Role.OUTLET_MANAGER)
    client.force_login(manager)
    asked(manager)
    client.get("/nhan-su/")
    before = reads_of(client, "/nhan-su/")

    for _ in range(11):
        asked(manager)

    assert reads_of(client, "/nhan-su/") == before
