"""Take a dossier, on one page: nothing typed is lost, one press is one dossier, old places are understood."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from intake.models.citizens import ActingSession, Citizen, Consent
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.rules.states import Handling
from shared.models.oversight import AuditEntry
from tests.factories import catalogue, citizens, network, places
from tests.intake.counter_cases import CARD, CITIZEN, TAKE, Counter, scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(client: Client, rate_book) -> Counter:
    return Counter(client)


def body(answer) -> str:
    return answer.content.decode()


# --- the citizen ----------------------------------------------------------------------------------------------------


def test_a_scanned_card_fills_the_form_and_shows_what_became_of_the_old_commune(counter):
    page = body(counter.client.post(CITIZEN, {"do": "find", "find": CARD}))

    assert 'value="Hồ Thị Lài"' in page
    assert 'value="12/08/1992"' in page
    assert "xã Phong Chương</s>" in page
    assert "<b>phường Phong Dinh</b>" in page
    assert f'value="{places.PHONG_DINH}/{places.PHONG_CHUONG}"' in page
    assert 'value="Thôn Trung Thạnh"' in page


def test_a_known_number_finds_the_citizen_without_repeating_the_number(counter):
    known = citizens.citizen(counter.actor, national_id="046192001234")

    page = body(counter.client.post(CITIZEN, {"do": "find", "find": "046 192 001 234"}))

    assert known.full_name in page
    assert "046•••••1234" in page
    assert "046192001234" not in page
    assert AuditEntry.objects.filter(action="citizen.find", object_id=str(known.id)).exists()


def test_another_outlets_citizen_is_not_found_by_phone_or_name(counter):
    citizens.citizen(phone="0914 275 999", full_name="Người Nơi Khác")

    for text in ("0914275999", "nguoi noi khac"):
        assert "Người Nơi Khác" not in body(counter.client.post(CITIZEN, {"do": "find", "find": text}))


@pytest.mark.parametrize("scanned", ["https://vidu.vn/tra-cuu/2CZWMN4KT3/", "2CZWMN4KT3", "a@b.vn"])
def test_the_code_of_something_else_does_not_become_a_name(counter, scanned):
    page = body(counter.client.post(CITIZEN, {"do": "find", "find": scanned}))

    assert page.count(f'value="{scanned}"') == 1  # in the search box, where it was typed


def test_searching_again_in_the_middle_of_a_registration_keeps_what_was_typed(counter):
    page = body(counter.client.post(CITIZEN, {
        "do": "find", "find": "H'Hen Niê", "is_new": "1", "full_name": "H'Hen Niê", "birth": "1992",
        "phone": "0914275268", "who": "other", "agree": ["assist_filing"]}))

    assert 'value="1992"' in page
    assert 'value="0914275268"' in page
    assert 'value="H&#x27;Hen Niê"' in page
    assert "checked" in page.partition('value="other"')[2][:40]


def test_a_refused_registration_still_knows_that_somebody_came_for_the_citizen(counter):
    page = body(counter.client.post(CITIZEN, {"do": "register", "full_name": "", "who": "other"}))

    assert "checked" in page.partition('value="other"')[2][:40]


def test_wrong_entries_are_all_named_and_all_kept(counter):
    answer = counter.client.post(CITIZEN, {
        "do": "register", "full_name": "Nguyễn 3", "phone": "123", "birth": "31/02/1990", "street": "Thôn Một",
        "national_id": "12345", "agree": ["assist_filing"]})

    page = body(answer)
    assert answer.status_code == 422
    for typed in ("Nguyễn 3", "123", "31/02/1990", "Thôn Một", "12345"):
        assert f'value="{typed}"' in page
    for field in ("full_name", "phone", "birth", "national_id", "commune_code"):
        assert f'href="#c-{field}"' in page
    assert not Citizen.objects.exists()


def test_a_split_commune_is_asked_about_and_not_guessed(counter):
    places.former_commune(places.CONG_VI)

    page = body(counter.client.post(CITIZEN, {"is_new": "1", "commune": f"/{places.CONG_VI}", "full_name": "A"}))

    assert "đã được chia" in page
    assert f'value="{places.NGOC_HA}/{places.CONG_VI}"' in page
    assert f'value="{places.GIANG_VO}/{places.CONG_VI}"' in page


def test_nobody_is_acted_for_without_a_yes(counter):
    known = citizens.citizen(counter.actor)

    answer = counter.client.post(CITIZEN, {"do": "begin", "citizen_id": str(known.id)})

    assert answer.status_code == 422
    assert not ActingSession.objects.exists()


def test_registering_with_a_yes_begins_the_session(counter):
    answer = counter.client.post(CITIZEN, {
        "do": "register", "full_name": "Hồ Thị Lài", "commune": f"{places.PHONG_DINH}/{places.PHONG_CHUONG}",
        "street": "Thôn Trung Thạnh", "phone": "0914275268", "sex": "female", "agree": ["assist_filing"]})

    assert answer.status_code == 302
    page = body(counter.client.get(TAKE))
    assert "Đang làm hồ sơ của" in page
    assert "bà Hồ Thị Lài".replace(" ", "\u00a0") in page
    assert "<s>xã Phong Chương</s>" in page


def test_ending_the_session_takes_the_strip_away(counter):
    counter.acts_for()

    counter.client.post("/quay/phien/ket-thuc/")

    assert 'class="strip"' not in body(counter.client.get(TAKE))


def test_the_whole_number_is_shown_for_a_reason_only_and_written_down(counter):
    citizen = counter.acts_for(national_id="046192007777")
    url = f"/quay/nguoi-dan/{citizen.id}/so-dinh-danh/"

    refused = counter.client.post(url, {"purpose": ""})
    shown = counter.client.post(url, {"purpose": "đối chiếu với tờ khai"})

    assert refused.status_code == 422
    assert "046192007777" not in body(refused)
    assert "046192007777" in body(shown)
    assert AuditEntry.objects.filter(action="citizen.reveal").count() == 1


# --- the filing -----------------------------------------------------------------------------------------------------


def test_everyday_words_without_accents_find_the_procedure(counter):
    counter.acts_for()

    page = body(counter.client.get("/quay/thu-tuc/goi-y/", {"procedure_q": "trich luc"}))

    assert f'name="pick_procedure" value="{catalogue.EXTRACT}"' in page


def test_three_ways_stand_side_by_side_before_the_choice(counter):
    counter.acts_for()

    page = body(counter.posts(channel=""))

    assert page.count('name="channel"') == 3
    assert "Khi bàn giao" in page
    assert "Trung tâm Phục vụ hành chính công phường Phong Dinh" in page
    assert "Xã Phong Chương, Thị xã Phong Điền nay thuộc phường Phong Dinh" in page


def test_a_place_that_only_the_citizen_knows_is_asked_first(counter):
    counter.acts_for()

    page = body(counter.posts(place=""))

    assert "Trước đây đăng ký ở đâu?" in page
    assert "Chọn địa điểm trước" in page


def test_the_main_button_names_the_first_missing_paper(counter):
    counter.acts_for()

    page = body(counter.posts(shown=[]))

    assert "Còn thiếu: Tờ khai" in page
    assert 'data-goto="paper-to_khai"' in page
    assert 'value="submit"' not in page


def test_an_upload_stays_with_the_form(counter):
    counter.acts_for()

    page = body(counter.posts(shown=[], **{"file-to_khai": scan()}))

    stored = Document.objects.get()
    assert stored.outlet_id == counter.outlet.id
    assert f'name="document" value="to_khai:{stored.id}"' in page
    assert "Đã quét" in page


def test_a_file_that_is_no_paper_is_refused_and_the_rest_kept(counter):
    counter.acts_for()
    wrong = scan("x.pdf")
    wrong.file.seek(0)
    wrong.file.write(b"MZ not a paper at all")
    wrong.file.seek(0)

    page = body(counter.posts(note="Giữ lời này", **{"file-to_khai": wrong}))

    assert not Document.objects.exists()
    assert "Giữ lời này" in page


def test_submitting_makes_a_dossier_with_its_route(counter):
    citizen = counter.acts_for()

    answer = counter.posts(do="submit")

    dossier = Dossier.objects.get()
    assert answer["Location"] == f"/quay/ho-so/{dossier.id}/"
    assert dossier.handling == Handling.REGISTERED
    assert dossier.citizen_id == citizen.id
    assert dossier.authority_centre_id == counter.centre.id
    assert dossier.route["former_place_code"] == places.PHONG_CHUONG


def test_pressing_twice_is_one_dossier(counter):
    counter.acts_for()
    reference = str(uuid4())

    first = counter.posts(do="submit", client_ref=reference)
    second = counter.posts(do="submit", client_ref=reference)

    assert first["Location"] == second["Location"]
    assert Dossier.objects.count() == 1


def test_what_the_operation_refuses_keeps_everything_typed(counter):
    counter.acts_for()

    answer = counter.posts(do="submit", result_choice="home", street="Số 5", home="", note="Ghi chú dài", copies="0",
                           phone="abc")

    page = body(answer)
    assert answer.status_code == 422
    assert 'value="Số 5"' in page
    assert 'value="abc"' in page
    assert "Ghi chú dài" in page
    assert 'href="#t-delivery_phone"' in page
    assert not Dossier.objects.exists()


def test_the_yes_to_home_delivery_can_be_given_where_it_is_needed(counter):
    counter.acts_for("assist_filing")

    asked = body(counter.posts())
    counter.posts(do="submit", agree_deliver="1")

    assert "Hỏi ý kiến về việc chuyển địa chỉ" in asked
    assert Dossier.objects.get().handling == Handling.REGISTERED


def test_a_yes_can_be_taken_back_and_the_form_stays(counter):
    counter.acts_for()

    page = body(counter.posts(consent="withdraw:deliver_home", note="Vẫn còn đây"))

    assert "Hỏi ý kiến về việc chuyển địa chỉ" in page
    assert "Vẫn còn đây" in page
    assert list(Consent.objects.filter(purpose="deliver_home").order_by("id").values_list("is_given", flat=True)) == [
        True, False]


def test_an_unclear_authority_is_taken_and_says_who_answers_by_when(counter):
    counter.acts_for()
    counter.centre.open_until = counter.centre.open_from
    counter.centre.save()

    page = body(counter.posts())
    answer = counter.posts(do="submit")

    assert "Chưa rõ cơ quan có thẩm quyền" in page
    assert "cán bộ trung tâm sẽ xác định" in page
    assert "Chưa rõ cơ quan có thẩm quyền" in body(counter.client.get(answer["Location"]))


def test_a_draft_is_kept_and_goes_on_where_it_stopped(counter):
    counter.acts_for()

    counter.posts(do="draft", note="Mai quay lại", copies="3")
    draft = Dossier.objects.get()
    page = body(counter.client.get(TAKE, {"draft": str(draft.id)}))

    assert draft.handling == Handling.DRAFT
    assert "Mai quay lại" in page
    assert f'value="{draft.client_ref}"' in page


def test_another_outlets_draft_is_nothing_here(counter, client):
    counter.acts_for()
    counter.posts(do="draft", note="Của người khác")
    draft = Dossier.objects.get()
    client.force_login(network.clerk(network.outlet(places.PHU_XUAN)))

    assert "Của người khác" not in body(client.get(TAKE, {"draft": str(draft.id)}))


def test_referring_files_nothing_and_ends_the_session(counter):
    counter.acts_for()

    counter.posts(do="refer", channel="refer")

    assert not Dossier.objects.exists()
    assert ActingSession.objects.get().closed_at is not None


def test_the_rules_open_with_their_law(counter):
    counter.acts_for()

    page = body(counter.posts(do="rule"))

    assert "Nghị định 118/2025/NĐ-CP" in page
    assert "Cước trả kết quả" in page


def test_htmx_gets_the_form_alone_and_is_led_on_after_submitting(counter):
    counter.acts_for()

    part = counter.client.post(TAKE, counter.filled(), headers={"HX-Request": "true"})
    done = counter.client.post(TAKE, counter.filled(do="submit"), headers={"HX-Request": "true"})

    assert "<html" not in body(part)
    assert done.status_code == 200
    assert done["HX-Redirect"].startswith("/quay/ho-so/")


def test_a_refused_file_is_said_at_once_and_only_once(counter):
    counter.acts_for()
    wrong = SimpleUploadedFile("anh.exe", b"MZ" + b"x" * 200)

    part = counter.client.post(TAKE, counter.filled(**{"file-to_khai": wrong}), headers={"HX-Request": "true"})

    assert 'id="toasts" hx-swap-oob="innerHTML"' in body(part)
    assert "anh.exe" in body(part)
    assert "anh.exe" not in body(counter.client.get("/quay/"))


def test_a_draft_has_no_route_to_explain(counter):
    counter.acts_for()
    counter.posts(do="come-back", shown=[])
    dossier = Dossier.objects.get()

    panel = counter.client.get(f"/ho-so/{dossier.id}/y-kien/", headers={"HX-Request": "true"})

    assert f"/ho-so/{dossier.id}/vi-sao/" not in body(panel)


def test_a_page_whose_session_was_ended_elsewhere_is_asked_for_anew_with_its_draft(counter):
    counter.acts_for()
    counter.posts(do="draft")
    dossier = Dossier.objects.get()
    ActingSession.objects.update(closed_at=timezone.now())

    again = counter.filled(client_ref=str(dossier.client_ref))
    answer = counter.client.post(TAKE, again, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == f"{TAKE}?draft={dossier.id}"
