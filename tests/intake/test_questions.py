"""Outlet and centre ask each other on the dossier, and the clock knows who owes an answer."""

from datetime import timedelta

import pytest
from django.test import Client

from intake.errors import (
    AnswerClockRefused,
    DossierNotFound,
    InquiryClosed,
    InquiryNotFound,
    MessageRefused,
    NoCentreToAsk,
    NotYourCentre,
    PromotionRefused,
)
from intake.messages import operations, queries
from intake.messages.models import Inquiry, InquiryMessage, PromotedAnswer
from intake.messages.rules import InquiryKind, Side
from intake.models.dossiers import Dossier
from shared.masking import without_national_ids
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from tests.factories import network, places
from tests.intake import centre_cases
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
MONDAY = local("2026-01-12 09:30")


@pytest.fixture
def scene():
    class Scene:
        dossier = centre_cases.forwarded(moment=MONDAY)
        clerk = network.clerk(Dossier.objects.select_related("outlet").get(id=dossier.id).outlet)
        officer = network.officer(centre_cases.hue_centre())
        outlet_actor = network.acting(clerk)
        centre_actor = network.acting(officer)

        def asks(self, text="Hồ sơ này có cần bản gốc không?", at=MONDAY, **more):
            return operations.ask(dossier_id=self.dossier.id, text=text, by=self.outlet_actor, at=at, **more).inquiry

        def answers(self, inquiry, text="Không cần, chỉ cần bản chụp.", at=MONDAY + timedelta(minutes=30)):
            return operations.reply(inquiry_id=inquiry.id, text=text, by=self.centre_actor, at=at).inquiry

    return Scene()


def test_a_question_gives_the_centre_two_working_hours(scene):
    inquiry = scene.asks()

    assert inquiry.due_at == local("2026-01-12 11:30")
    assert OutboxMessage.objects.filter(event="InquiryAsked", payload__from_side="outlet").exists()


def test_the_answer_clock_stands_still_outside_working_hours(scene):
    assert scene.asks(at=local("2026-01-16 16:30")).due_at == local("2026-01-19 09:30"), "Friday evening to Monday"


def test_a_request_to_hurry_needs_a_reason_and_is_owed_an_answer_sooner(scene):
    with pytest.raises(MessageRefused):
        scene.asks(kind=InquiryKind.EXPEDITE)
    assert not Inquiry.objects.exists()

    urgent = scene.asks(kind=InquiryKind.EXPEDITE, reason="funeral")
    assert (urgent.due_at, urgent.reason) == (local("2026-01-12 10:30"), "funeral")


def test_each_centre_may_set_its_own_clock_and_only_its_manager(scene):
    manager = network.acting(network.centre_manager(centre_cases.hue_centre()))
    with pytest.raises(NotYourCentre):
        operations.set_answer_clock(question_minutes=60, expedite_minutes=30, by=scene.centre_actor, at=MONDAY)
    with pytest.raises(AnswerClockRefused):
        operations.set_answer_clock(question_minutes=5, expedite_minutes=30, by=manager, at=MONDAY)

    operations.set_answer_clock(question_minutes=60, expedite_minutes=30, by=manager, at=MONDAY)

    assert scene.asks().due_at == local("2026-01-12 10:30")


def test_the_other_sides_words_answer_it_and_ones_own_ask_again(scene):
    inquiry = scene.asks()
    operations.reply(inquiry_id=inquiry.id, text="Thêm: bản chụp màu?", by=scene.outlet_actor, at=MONDAY)
    inquiry.refresh_from_db()
    assert inquiry.answered_at is None

    answered = scene.answers(inquiry)
    assert answered.answered_at == MONDAY + timedelta(minutes=30)

    later = MONDAY + timedelta(hours=1)
    operations.reply(inquiry_id=inquiry.id, text="Còn ảnh thẻ thì sao?", by=scene.outlet_actor, at=later)
    inquiry.refresh_from_db()
    assert (inquiry.answered_at, inquiry.due_at) == (None, local("2026-01-12 13:30")), "noon is no working time"


def test_the_centre_asks_the_outlet_as_well(scene):
    inquiry = operations.ask(dossier_id=scene.dossier.id, text="Dấu trên tờ 2 có rõ không?", by=scene.centre_actor,
                             at=MONDAY).inquiry

    mine = queries.lists(scene.outlet_actor, side=Side.OUTLET, now=MONDAY)
    assert [row.id for row in mine.to_answer] == [inquiry.id]
    assert queries.counts(scene.outlet_actor, side=Side.OUTLET, now=MONDAY).unread == 1


def test_nobody_else_sees_or_answers_it(scene):
    inquiry = scene.asks()
    stranger = network.acting(network.clerk(network.outlet()))
    other_centre = network.acting(network.officer(network.centre(places.PHU_XUAN)))

    for by in (stranger, other_centre):
        with pytest.raises(InquiryNotFound):
            operations.reply(inquiry_id=inquiry.id, text="x", by=by, at=MONDAY)
        with pytest.raises(DossierNotFound):
            operations.ask(dossier_id=scene.dossier.id, text="x", by=by, at=MONDAY)
        assert queries.counts(by, side=Side.CENTRE, now=MONDAY).total == 0


def test_a_dossier_whose_centre_nobody_knows_has_nobody_to_ask(scene):
    Dossier.objects.update(receiving_centre=None, authority_centre=None)

    with pytest.raises(NoCentreToAsk):
        scene.asks()


@pytest.mark.parametrize(("written", "kept"), [
    ("Số 046192004127 đúng không?", "Số 046•••••4127 đúng không?"),
    ("046 192 004 127", "046•••••4127"), ("0461-9200-4127", "046•••••4127"), ("046 192 004127", "046•••••4127"),
])
def test_id_numbers_are_covered_however_they_are_written(written, kept):
    assert without_national_ids(written) == (kept, 1)


@pytest.mark.parametrize("text", [
    "H57.31-260114-0231", "H57-260114-0231", "0914 275 268", "123.456.789.000 đ", "RR100000005VN",
    "tài khoản 1234567890123456", "hạn 12-01-2026"])
def test_what_is_no_id_number_stays(text):
    assert without_national_ids(text) == (text, 0)


def test_a_number_in_a_message_never_reaches_the_database(scene):
    sent = operations.ask(dossier_id=scene.dossier.id, text="Chị 046192004127 hỏi", by=scene.outlet_actor, at=MONDAY)

    assert sent.masked == 1
    assert not InquiryMessage.objects.filter(text__contains="046192004127").exists()


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 2001])
def test_nothing_and_too_much_are_refused(scene, text):
    with pytest.raises(MessageRefused):
        scene.asks(text)
    assert not Inquiry.objects.exists()


def test_papers_of_another_dossier_cannot_be_pointed_at(scene):
    from shared.ids import uuid7

    with pytest.raises(MessageRefused):
        scene.asks(documents=[uuid7()])


def test_reading_is_marked_once_and_for_the_right_side(scene):
    scene.asks()

    assert operations.mark_read(dossier_id=scene.dossier.id, by=scene.outlet_actor, at=MONDAY) == 0, "one's own"
    assert operations.mark_read(dossier_id=scene.dossier.id, by=scene.centre_actor, at=MONDAY) == 1
    assert operations.mark_read(dossier_id=scene.dossier.id, by=scene.centre_actor, at=MONDAY) == 0
    assert InquiryMessage.objects.get().read_by_name == "Lê Văn Giải"


def test_a_late_answer_goes_to_the_manager_once_and_is_settled_by_the_answer(scene):
    inquiry = scene.asks()
    assert operations.escalate_late(at=inquiry.due_at - timedelta(minutes=1)) == 0

    late = inquiry.due_at + timedelta(minutes=1)
    assert [operations.escalate_late(at=late), operations.escalate_late(at=late)] == [1, 0]
    item = WorkItem.objects.get(kind="inquiry-unanswered", closed_at=None)
    assert (item.owner_role, item.owner_place) == ("centre_manager", "H57.31")

    scene.answers(inquiry, at=late)
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_late_answer_of_the_outlet_goes_to_its_manager(scene):
    operations.ask(dossier_id=scene.dossier.id, text="Gửi lại bản chụp?", by=scene.centre_actor, at=MONDAY)

    operations.escalate_late(at=MONDAY + timedelta(days=1))

    item = WorkItem.objects.get()
    assert (item.owner_role, item.owner_place) == ("outlet_manager", scene.clerk.outlet.code)


def test_who_asked_may_close_it_and_then_nothing_more_is_said(scene):
    inquiry = scene.asks()
    with pytest.raises(InquiryNotFound):
        operations.close(inquiry_id=inquiry.id, by=scene.centre_actor, at=MONDAY)

    operations.close(inquiry_id=inquiry.id, by=scene.outlet_actor, at=MONDAY)

    with pytest.raises(InquiryClosed):
        scene.answers(inquiry)
    assert operations.escalate_late(at=MONDAY + timedelta(days=9)) == 0


def test_an_answer_is_kept_for_the_handbook_with_its_law(scene):
    inquiry = scene.asks()
    texts = {"question": "Có cần bản gốc giấy chứng sinh không?", "answer": "Không, người số 046192004127 cũng không."}
    with pytest.raises(PromotionRefused):
        operations.promote(inquiry_id=inquiry.id, legal_source="", by=scene.centre_actor, at=MONDAY, **texts)
    scene.answers(inquiry)
    with pytest.raises(NotYourCentre):
        operations.promote(inquiry_id=inquiry.id, legal_source="x", by=scene.outlet_actor, at=MONDAY, **texts)

    for _ in range(2):
        operations.promote(inquiry_id=inquiry.id, legal_source="Điều 9 NĐ 118/2025", by=scene.centre_actor, at=MONDAY,
                           **texts)

    kept = PromotedAnswer.objects.get()
    assert (kept.procedure_code, "046192004127" in kept.answer) == ("1.001193", False)
    assert [each.id for each in queries.promoted(scene.outlet_actor)] == [kept.id]


@pytest.mark.parametrize("asked", [1, 12])
def test_the_lists_and_a_thread_cost_the_same_however_much_was_said(scene, asked, django_assert_num_queries):
    for _ in range(asked):
        scene.answers(scene.asks())
        scene.asks()

    with django_assert_num_queries(4):
        queries.lists(scene.centre_actor, side=Side.CENTRE, now=MONDAY)
    with django_assert_num_queries(3):
        queries.threads(scene.dossier.id, actor=scene.centre_actor, side=Side.CENTRE, now=MONDAY)


# --- screens and programs -------------------------------------------------------------------------------------------


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_both_sides_speak_on_the_page(scene):
    path = f"/ho-so/{scene.dossier.id}/hoi-dap/"
    clerk, officer = signed_in(scene.clerk), signed_in(scene.officer)
    sent = clerk.post(path, {"kind": "question", "text": "Cần bản gốc không? 046192004127"}, follow=True)
    assert "đã được che" in sent.content.decode()

    page = officer.get(path).content.decode()
    assert "046•••••4127" in page
    assert "Câu trả lời của bạn" in page
    assert "1 câu hỏi cần trả lời" in officer.get("/hoi-dap/dang-cho/").content.decode()
    officer.post(path, {"inquiry": str(Inquiry.objects.get().id), "text": "Không cần."})

    assert "Không cần." in clerk.get("/quay/hoi-dap/").content.decode()
    assert clerk.post(f"{path}da-doc/").status_code == 204
    assert "đã xem lúc" not in clerk.get(path).content.decode(), "nobody has seen the clerk's own question yet"


def test_what_was_typed_stays_when_it_is_refused(scene):
    path = f"/ho-so/{scene.dossier.id}/hoi-dap/"

    again = signed_in(scene.clerk).post(path, {"kind": "expedite", "text": "Mai đi viện", "reason": ""})

    assert again.status_code == 422
    assert "Mai đi viện" in again.content.decode()
    assert "Chọn lý do cần gấp" in again.content.decode()


def test_strangers_get_nothing(scene):
    inquiry = scene.asks()
    stranger = signed_in(network.clerk(network.outlet()))

    assert stranger.get(f"/ho-so/{scene.dossier.id}/hoi-dap/").status_code == 404
    assert stranger.post(f"/ho-so/{scene.dossier.id}/hoi-dap/da-doc/").status_code == 404
    assert stranger.post(f"/hoi-dap/{inquiry.id}/xong/").status_code == 404
    other = signed_in(network.officer(network.centre(places.PHU_XUAN)))
    assert other.get(f"/hoi-dap/{inquiry.id}/so-tay/").status_code == 404


def test_the_manager_sets_the_clock_on_the_list(scene):
    manager = signed_in(network.centre_manager(centre_cases.hue_centre()))

    refused = manager.post("/trung-tam/hoi-dap/", {"question_minutes": "3", "expedite_minutes": "30"})
    assert refused.status_code == 422
    manager.post("/trung-tam/hoi-dap/", {"question_minutes": "90", "expedite_minutes": "30"})

    assert scene.asks().minutes == 90


def test_programs_ask_and_answer(scene):
    from tests.factories.browsers import Api, body_of

    outlet, centre = Api(person=scene.clerk), Api(person=scene.officer)
    asked = body_of(outlet.post(f"/dossiers/{scene.dossier.id}/questions", {"text": "Hỏi 046192004127"}))
    assert asked["masked_numbers"] == 1
    assert body_of(centre.get("/questions/waiting"))["to_answer"] == 1
    answered = body_of(centre.post(f"/questions/{asked['id']}/replies", {"text": "Đáp"}))
    assert answered["answered_at"]
    said = body_of(outlet.get(f"/dossiers/{scene.dossier.id}/questions"))["items"][0]["said"]
    assert [each["text"] for each in said] == ["Hỏi 046•••••4127", "Đáp"]
    kept = centre.post(f"/questions/{asked['id']}/promotions", {
        "question": "Q", "answer": "A", "legal_source": "Luật"})
    assert kept.status_code == 201
    assert len(body_of(outlet.get("/promoted-answers"))["items"]) == 1
    assert outlet.post(f"/questions/{asked['id']}/closings", {}).status_code in {201, 422}
