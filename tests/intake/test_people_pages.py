"""The people's pages: session, mandates, stops, near-duplicates, helps, referrals, a centre's walk-in."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models.account_help import AccountHelp, Referral
from intake.models.citizens import ActingSession, Citizen, Consent
from intake.models.dossiers import Dossier
from intake.models.mandates import Mandate, SecondCitizenStop
from intake.operations import account_help as help_operations
from intake.operations import referrals as referral_operations
from intake.operations import sessions
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import catalogue, citizens, network, places
from tests.intake.counter_cases import CARD, CITIZEN, TAKE, Counter, scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
SESSION = "/quay/phien/"


@pytest.fixture
def counter(client):
    return Counter(client)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# --- the session ----------------------------------------------------------------------------------------------------


def test_every_page_of_the_counter_says_whose_dossier_is_open(counter):
    counter.acts_for(full_name="Hồ Thị Lài")

    for page in ("/quay/", TAKE, "/tim/", "/quay/tai-khoan/", "/quay/gioi-thieu/", "/buu-gui/"):
        answer = counter.client.get(page)
        if answer.status_code == 200:
            assert "Lài" in text_of(answer), page
            assert "Kết thúc phiên" in text_of(answer), page


def test_without_a_session_no_strip_stands_there(counter):
    assert 'id="strip"' not in text_of(counter.client.get("/quay/"))


def test_an_authorisation_is_recorded_beside_the_dossier(counter):
    counter.acts_for()
    answer = counter.client.post(SESSION + "uy-quyen/", {
        "kind": "written", "relation": "child", "representative_name": "Nguyễn Văn Con",
        "national_id": "046090001234", "reference": "Giấy uỷ quyền 10/01/2026"}, headers={"HX-Request": "true"})

    assert "Nguyễn Văn Con" in text_of(answer)
    assert 'hx-swap-oob="outerHTML"' in text_of(answer)
    assert "046090001234" not in text_of(answer)
    assert Mandate.objects.get().relation == "child"


def test_what_is_wrong_with_a_mandate_comes_back_with_everything_typed(counter):
    counter.acts_for()
    answer = counter.client.post(SESSION + "uy-quyen/", {
        "kind": "certified", "representative_name": "Nguyễn Văn Con", "valid_to": "31/31/2026"})

    assert answer.status_code == 422
    assert "Nguyễn Văn Con" in text_of(answer)
    assert not Mandate.objects.exists()


def test_taking_back_the_help_itself_closes_the_session(counter):
    counter.acts_for()

    counter.client.post(SESSION + "dong-y/", {"consent": "withdraw:assist_filing"})

    assert ActingSession.objects.get().closed_because == "withdrawn"


def test_a_second_citizens_card_opens_the_stop_and_is_decided(counter):
    counter.acts_for()
    answer = counter.client.post(SESSION + "the/", {"text": CARD}, headers={"HX-Request": "true"})
    stop = SecondCitizenStop.objects.get()

    assert "Hồ Thị Lài" in text_of(answer)
    assert "046192001234" not in text_of(answer)
    decide = f"{SESSION}giay-to-nguoi-khac/{stop.id}/"
    assert counter.client.post(decide, {"decision": "relation"}).status_code == 422
    answer = counter.client.post(decide, {"decision": "representative"}, headers={"HX-Request": "true"})
    assert "046•••••1234" in text_of(answer)
    assert "046192001234" not in text_of(answer)

    counter.client.post(SESSION + "uy-quyen/", {
        "kind": "written", "relation": "sibling", "representative_name": "Hồ Thị Lài", "national_id": "",
        "stop_id": str(stop.id), "reference": "UQ 1"})

    assert Mandate.objects.get().representative_id_masked == "046•••••1234"


def test_switching_ends_the_session_and_leads_to_the_other_citizen(counter):
    other = citizens.citizen(counter.actor, full_name="Hồ Thị Lài", national_id="046192001234", birth="1992-08-12")
    counter.acts_for()
    counter.client.post(SESSION + "the/", {"text": CARD})
    stop = SecondCitizenStop.objects.get()

    answer = counter.client.post(f"{SESSION}giay-to-nguoi-khac/{stop.id}/", {"decision": "switch"})

    assert answer["Location"].endswith(f"?citizen={other.id}")
    assert ActingSession.objects.get().closed_because == "switched"


def test_another_clerks_stop_does_not_exist(counter, client):
    counter.acts_for()
    counter.client.post(SESSION + "the/", {"text": CARD})
    stop = SecondCitizenStop.objects.get()
    client.force_login(network.clerk(counter.outlet))

    assert client.post(f"{SESSION}giay-to-nguoi-khac/{stop.id}/", {"decision": "mistake"}).status_code in {302, 404}
    stop.refresh_from_db()
    assert stop.decision == ""


def test_who_came_for_the_citizen_cannot_file_without_a_mandate(counter):
    who = citizens.citizen(counter.actor)
    counter.client.post(CITIZEN, {"do": "begin", "citizen_id": str(who.id), "who": "other",
                                  "agree": ["assist_filing", "deliver_home"]})

    page = text_of(counter.posts())

    assert "chưa có uỷ quyền" in text_of(counter.client.get(TAKE))
    assert "uỷ quyền" in page
    assert counter.posts(do="submit").status_code == 422


# --- near-duplicates ------------------------------------------------------------------------------------------------


def registration(**changes) -> dict[str, object]:
    return {"do": "register", "is_new": "1", "full_name": "Hanh Nguyen Thi", "birth": "14/03/1992", "sex": "female",
            "phone": "0914275268", "commune": places.PHONG_DINH, "street": "Thôn Mới", "agree": ["assist_filing"],
            **changes}


def test_somebody_alike_stands_beside_what_was_typed(counter):
    known = citizens.citizen(counter.actor)

    answer = counter.client.post(CITIZEN, registration())

    assert answer.status_code == 422
    assert "Đã đăng ký rồi?" in text_of(answer)
    assert f'name="recognise" value="{known.id}"' in text_of(answer)
    assert Citizen.objects.count() == 1


def test_the_same_person_is_used_with_what_is_better(counter):
    known = citizens.citizen(counter.actor)

    answer = counter.client.post(CITIZEN, registration(**{
        "do": "", "recognise": str(known.id), f"take-{known.id}-residence": "1"}))

    known.refresh_from_db()
    assert "không ai bị đăng ký hai lần" in text_of(answer)
    assert (known.street, Citizen.objects.count()) == ("Thôn Mới", 1)


def test_somebody_else_is_registered_after_the_comparison(counter):
    known = citizens.citizen(counter.actor)

    counter.client.post(CITIZEN, registration(distinct_from=[str(known.id)]))

    assert Citizen.objects.count() == 2
    assert AuditEntry.objects.filter(action="citizen.distinct").count() == 1


def test_looking_at_a_citizen_is_written_down(counter):
    known = citizens.citizen(counter.actor)

    counter.client.post(CITIZEN, {"choose": str(known.id)})

    assert AuditEntry.objects.filter(action="citizen.see", object_id=str(known.id)).count() == 1


# --- a citizen's page, helps, referrals -----------------------------------------------------------------------------


def test_a_yes_is_taken_back_by_telephone(counter):
    who = counter.acts_for()
    sessions.close_session(session_id=ActingSession.objects.get().id, by=counter.actor, at=timezone.now())
    page = f"/quay/nguoi-dan/{who.id}/"

    assert "Có thể rút lại bất cứ lúc nào" in text_of(counter.client.get(page))
    counter.client.post(page + "rut-dong-y/", {"purpose": "notify", "channel": "phone"})

    assert Consent.objects.filter(purpose="notify", is_given=False, channel="phone").count() == 1


def test_a_help_goes_step_by_step_to_the_first_log_in(counter):
    who = counter.acts_for()
    counter.client.post("/quay/tai-khoan/", {"citizen": str(who.id), "kind": "vneid"})
    made = AccountHelp.objects.get()
    steps = f"/quay/tai-khoan/{made.id}/buoc/"
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT09:30")

    counter.client.post(steps, {"action": "explain", "note": "Đã nói rõ là miễn phí"})
    counter.client.post(steps, {"action": "install"})
    assert counter.client.post(steps, {"action": "book"}).status_code == 422
    counter.client.post(steps, {"action": "book", "booked_for": tomorrow})
    counter.client.post(steps, {"action": "activate", "proof": scan("anh.pdf")})
    counter.client.post(steps, {"action": "see_login"})

    made.refresh_from_db()
    assert made.state == "in_use"
    assert list(made.steps.order_by("id").values_list("action", flat=True)) == [
        "explain", "install", "book", "activate", "see_login"]
    assert made.steps.get(action="activate").document is not None
    assert "miễn phí" in text_of(counter.client.get(f"/quay/tai-khoan/{made.id}/"))


@pytest.mark.parametrize("note", ["OTP là 482913", "mật khẩu: Abc12345", "password = hunter2024", "mã xác thực 559812"])
def test_a_code_or_password_is_refused_and_not_kept(counter, note):
    who = counter.acts_for()
    made = help_operations.open_help(citizen_id=who.id, kind="portal", by=counter.actor, at=timezone.now())

    answer = counter.client.post(f"/quay/tai-khoan/{made.id}/buoc/", {"action": "explain", "note": note})

    assert answer.status_code == 422
    assert not made.steps.exists()


def test_a_step_out_of_turn_is_refused(counter):
    who = counter.acts_for()
    made = help_operations.open_help(citizen_id=who.id, kind="portal", by=counter.actor, at=timezone.now())

    assert counter.client.post(f"/quay/tai-khoan/{made.id}/buoc/", {"action": "see_login"}).status_code == 422


def test_one_help_of_a_kind_at_a_time(counter):
    who = counter.acts_for()
    for _ in range(2):
        counter.client.post("/quay/tai-khoan/", {"citizen": str(who.id), "kind": "portal"})

    assert AccountHelp.objects.count() == 1


def test_another_outlets_help_and_referral_do_not_exist(counter, client):
    who = counter.acts_for()
    made = help_operations.open_help(citizen_id=who.id, kind="portal", by=counter.actor, at=timezone.now())
    client.force_login(network.clerk(network.outlet(places.PHU_XUAN)))

    assert client.get(f"/quay/tai-khoan/{made.id}/").status_code == 404
    assert client.get(f"/quay/nguoi-dan/{who.id}/").status_code == 404


def test_a_referral_prints_where_with_what_and_is_followed_up(counter):
    who = counter.acts_for()
    counter.client.post(f"/quay/nguoi-dan/{who.id}/gioi-thieu/", {
        "procedure_code": catalogue.EXTRACT, "centre_id": str(counter.centre.id)})
    made = Referral.objects.get()

    assert counter.client.get(f"/quay/gioi-thieu/{made.id}/").status_code == 200
    slip = counter.client.get(f"/quay/gioi-thieu/{made.id}/phieu.pdf")
    assert slip.content.startswith(b"%PDF")
    assert slip.content == counter.client.get(f"/quay/gioi-thieu/{made.id}/phieu.pdf").content

    counter.client.post(f"/quay/gioi-thieu/{made.id}/ket-qua/", {"outcome": "came"})

    page = text_of(counter.client.get("/quay/gioi-thieu/"))
    assert '<b class="num">1</b>đã đến' in page


def test_the_police_of_the_commune_is_named_for_an_identity(counter):
    who = counter.acts_for()
    made = help_operations.open_help(citizen_id=who.id, kind="vneid", by=counter.actor, at=timezone.now())

    counter.client.post(f"/quay/nguoi-dan/{who.id}/gioi-thieu/", {"account_help_id": str(made.id)})

    assert Referral.objects.get().place_name.startswith("Công an phường Phong Dinh")


def test_what_nobody_follows_up_becomes_work(counter):
    who = counter.acts_for()
    now = timezone.now()
    help_operations.open_help(citizen_id=who.id, kind="vneid", by=counter.actor, at=now)
    referral_operations.refer_citizen(referral_operations.ReferralInput(who.id, catalogue.EXTRACT), by=counter.actor,
                                      at=now)
    later = now + timedelta(days=40)

    for _ in range(2):
        help_operations.watch_account_helps(at=later)
        referral_operations.watch_referrals(at=later)
    assert sorted(WorkItem.objects.values_list("kind", "owner_role")) == [
        ("account-help-left-lying", "outlet_manager"), ("referral-to-follow-up", "outlet_clerk")]

    referral_operations.record_outcome(referral_id=Referral.objects.get().id, outcome="unknown", by=counter.actor,
                                       at=later)
    referral_operations.watch_referrals(at=later)
    assert WorkItem.objects.get(kind="referral-to-follow-up").closed_at is not None


@pytest.mark.parametrize("count", [1, 12])
def test_the_lists_cost_the_same_however_long(count, counter, django_assert_max_num_queries):
    for number in range(count):
        who = citizens.citizen(counter.actor, full_name=f"Người {'abcdefghijklmn'[number]}", phone="", national_id="")
        help_operations.open_help(citizen_id=who.id, kind="vneid", by=counter.actor, at=timezone.now())
        referral_operations.refer_citizen(referral_operations.ReferralInput(who.id, catalogue.EXTRACT),
                                          by=counter.actor, at=timezone.now())
    for page in ("/quay/tai-khoan/", "/quay/gioi-thieu/"):
        with django_assert_max_num_queries(15):
            assert counter.client.get(page).status_code == 200


def test_no_field_anywhere_takes_a_citizens_password_or_code(counter):
    who = counter.acts_for()
    made = help_operations.open_help(citizen_id=who.id, kind="vneid", by=counter.actor, at=timezone.now())
    pages = ["/quay/", TAKE, SESSION, f"/quay/nguoi-dan/{who.id}/", f"/quay/tai-khoan/?citizen={who.id}",
             f"/quay/tai-khoan/{made.id}/", f"/quay/nguoi-dan/{who.id}/gioi-thieu/"]

    for page in pages:
        # Under the cover of an idle counter the clerk gives her own.
        shown = re.sub(r"<template.*?</template>", "", text_of(counter.client.get(page)), flags=re.DOTALL)
        fields = re.findall(r"<(?:input|textarea|select)[^>]*>", shown)
        assert fields, page
        assert not re.search(r"type=.password|otp|passw|mat_khau", " ".join(fields), re.IGNORECASE), page


# --- the centre's own counter ---------------------------------------------------------------------------------------


@pytest.fixture
def officer(client):
    catalogue.procedure(catalogue.EXTRACT)
    network.centre()
    account = network.officer()
    client.force_login(account)
    client.actor = network.acting(account)
    return client


WALK_IN = "/trung-tam/tiep-nhan/"


def test_a_citizen_who_comes_herself_is_received_on_one_page(officer):
    who = citizens.citizen(officer.actor)
    filled = {"citizen_id": str(who.id), "procedure_code": catalogue.EXTRACT, "checked": ["to_khai"]}

    page = text_of(officer.post(WALK_IN, filled))
    assert "UBND phường Phong Dinh" in page
    answer = officer.post(WALK_IN, filled | {"do": "receive"})

    dossier = Dossier.objects.get()
    assert (dossier.channel, dossier.citizen_id, dossier.presented) == ("direct", who.id, ["to_khai"])
    assert dossier.code
    done = text_of(officer.get(answer["Location"]))
    assert dossier.code in done
    assert "In mẫu 01" in done


def test_nothing_is_received_while_a_paper_is_not_checked(officer):
    who = citizens.citizen(officer.actor)

    answer = officer.post(WALK_IN, {"citizen_id": str(who.id), "procedure_code": catalogue.EXTRACT, "do": "receive"})

    assert answer.status_code == 422
    assert not Dossier.objects.exists()


def test_a_card_that_nobody_here_knows_fills_the_form(officer):
    places.former_commune()

    page = text_of(officer.post(WALK_IN, {"do": "find", "find": CARD}))

    assert 'value="Hồ Thị Lài"' in page
    assert "phường Phong Dinh" in page


def test_somebody_registered_elsewhere_is_known_by_her_card(officer):
    known = citizens.citizen(national_id="046192001234", full_name="Hồ Thị Lài", birth="1992-08-12")
    places.commune()

    page = text_of(officer.post(WALK_IN, registration(
        do="register", full_name="Hồ Thị Lài", birth="12/08/1992", national_id="046192001234")))

    assert str(known.id) in page


def test_a_stranger_cannot_be_chosen(officer):
    stranger = citizens.citizen()

    assert officer.post(WALK_IN, {"citizen_id": str(stranger.id)}).status_code == 404


def test_only_directly_received_procedures_are_offered(officer):
    answer = officer.get(WALK_IN + "thu-tuc/?procedure_q=trich luc")

    assert catalogue.EXTRACT in text_of(answer)
