"""The handbook: found without accents, written by one and approved by another, never silently out of date."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.handbook import links, operations, queries, questions, sources
from agents.handbook.errors import InvalidEntry, MayNotEdit, NotYourOwnProposal, ProposalOpen
from agents.handbook.models import HandbookEntry, HandbookMiss, HandbookQuestion
from agents.handbook.rules import Draft, Standing, covered, words_of
from agents.room.reporting import Report, report_incident
from shared.calendar import local
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.agents.factories import make_province, moment, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
NOW = moment("2025-07-03 10:00")
TODAY = local(NOW).date()


@pytest.fixture
def room():
    return staff(Role.OPERATIONS_OFFICER, province=make_province()).actor


@pytest.fixture
def office():
    return staff(Role.PROGRAMME_OFFICER, province=make_province(), username="office").actor


@pytest.fixture
def clerk():
    return staff(Role.OUTLET_CLERK).actor


def draft(**facts):
    usual: dict[str, Any] = {
        "question_vi": "Giấy tờ gốc của người dân có phải nộp không?", "question_en": "Must originals be handed in?",
        "answer_vi": "Chỉ nộp khi thủ tục yêu cầu; còn lại chỉ xuất trình để đối chiếu.",
        "answer_en": "Only where the procedure asks for it.", "legal_source": "Nghị định 118/2025/NĐ-CP",
        "valid_from": date(2025, 7, 1), "review_on": date(2026, 1, 1)}
    return Draft(**usual | facts)


def approved(room, office, **facts):
    made = operations.propose(draft=draft(**facts), by=room, at=NOW)
    return operations.decide(version_id=made.id, is_approved=True, by=office, at=NOW)


def test_an_entry_is_found_without_accents_by_any_of_its_words(room, office, clerk):
    made = approved(room, office)

    for asked in ("giay to goc", "GIẤY TỜ GỐC", "xuat trinh doi chieu", "originals", "118/2025 giay goc"):
        assert [each.id for each in queries.search(asked, clerk, TODAY)] == [made.entry_id], asked
    assert queries.search("ket hon nuoc ngoai", clerk, TODAY) == ()


def test_a_misspelt_word_finds_what_it_looks_like(room, office, clerk):
    made = approved(room, office)

    assert [each.id for each in queries.search("xuat trinnh", clerk, TODAY)] == [made.entry_id]


def test_a_proposal_answers_nobody_until_somebody_else_has_approved_it(room, office, clerk):
    made = operations.propose(draft=draft(), by=room, at=NOW)

    assert queries.search("giay to goc", clerk, TODAY) == ()
    with pytest.raises(NotYourOwnProposal):
        operations.decide(version_id=made.id, is_approved=True, by=room, at=NOW)
    with pytest.raises(MayNotEdit):
        operations.decide(version_id=made.id, is_approved=True, by=clerk, at=NOW)
    assert WorkItem.objects.get(kind=operations.PROPOSED).owner_role == Role.PROGRAMME_OFFICER

    operations.decide(version_id=made.id, is_approved=True, by=office, at=NOW)

    assert len(queries.search("giay to goc", clerk, TODAY)) == 1
    assert WorkItem.objects.get(kind=operations.PROPOSED).closed_at is not None


def test_what_is_returned_says_why_and_makes_room_for_another_proposal(room, office):
    made = operations.propose(draft=draft(), by=room, at=NOW)

    with pytest.raises(InvalidEntry):
        operations.decide(version_id=made.id, is_approved=False, by=office, at=NOW)
    with pytest.raises(ProposalOpen):
        operations.propose(draft=draft(), entry_id=made.entry_id, by=room, at=NOW)

    operations.decide(version_id=made.id, is_approved=False, note="Thiếu điều khoản", by=office, at=NOW)

    assert operations.propose(draft=draft(), entry_id=made.entry_id, by=room, at=NOW).number == 2


def test_a_later_version_takes_over_on_its_day_and_the_earlier_one_answers_for_days_before(room, office, clerk):
    first = approved(room, office)
    second = operations.propose(draft=draft(answer_vi="Không nộp bản gốc.", valid_from=date(2025, 8, 1)),
                                entry_id=first.entry_id, by=room, at=NOW)
    operations.decide(version_id=second.id, is_approved=True, by=office, at=NOW)

    def said(day):
        return [each.number for each in queries.search("giay to goc", clerk, day)]

    assert said(date(2025, 7, 31)) == [1]
    assert said(date(2025, 8, 1)) == [2]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"legal_source": " "}, "/legal_source"), ({"answer_vi": ""}, "/answer_vi"),
    ({"valid_until": date(2025, 7, 1)}, "/valid_until"), ({"review_on": date(2025, 7, 1)}, "/review_on"),
    ({"field_key": "nowhere"}, "/field_key")])
def test_an_entry_without_source_or_with_impossible_days_is_refused_at_its_field(room, wrong, field):
    with pytest.raises(InvalidEntry) as refused:
        operations.propose(draft=draft(**wrong), by=room, at=NOW)

    assert [each.pointer for each in refused.value.errors] == [field]


def test_an_answer_past_its_day_is_flagged_and_becomes_work_until_somebody_has_looked(room, office, clerk):
    made = approved(room, office, review_on=date(2025, 7, 2))

    assert operations.flag_stale(at=NOW) == 1
    operations.flag_stale(at=NOW)

    assert queries.search("giay to goc", clerk, TODAY)[0].standing is Standing.STALE
    assert WorkItem.objects.get(kind=operations.STALE).reference == str(made.entry_id)

    operations.confirm(entry_id=made.entry_id, by=room, at=NOW)

    assert queries.search("giay to goc", clerk, TODAY)[0].standing is Standing.VALID
    assert WorkItem.objects.filter(kind=operations.STALE, closed_at=None).count() == 0
    assert operations.flag_stale(at=NOW) == 0


def test_a_changed_law_flags_the_answers_that_name_it_and_a_confirmed_one_holds_again(room, office, clerk):
    made = approved(room, office)
    approved(room, office, question_vi="Phí bao nhiêu?", legal_source="Nghị quyết 77/2025/NQ-HĐND")

    with pytest.raises(MayNotEdit):
        sources.source_changed(source="118/2025/NĐ-CP", because="Sửa Điều 5", by=clerk, at=NOW)
    assert sources.source_changed(source="118/2025/nđ-cp", because="Sửa Điều 5", by=room, at=NOW) == 1

    answer = queries.search("giay to goc", clerk, TODAY)[0]
    assert (answer.standing, answer.review_because) == (Standing.STALE, "118/2025/nđ-cp: Sửa Điều 5")
    assert WorkItem.objects.get(kind=operations.STALE).reference == str(made.entry_id)

    operations.confirm(entry_id=made.entry_id, by=office, at=NOW)

    again = queries.search("giay to goc", clerk, TODAY)[0]
    assert (again.standing, again.review_because) == (Standing.VALID, "")


def test_a_new_version_of_a_procedure_flags_its_answers_until_somebody_has_looked(room, office, clerk, monkeypatch):
    def began(codes, day):
        return dict.fromkeys(codes, date(2025, 7, 20) if day >= date(2025, 7, 20) else date(2025, 1, 1))

    monkeypatch.setattr(sources, "_procedures", [began])
    made = approved(room, office, procedure_code="2.000635")
    approved(room, office, question_vi="Phí bao nhiêu?")
    later = moment("2025-07-21 04:10")

    assert sources.notice_changed_procedures(at=NOW) == 0
    assert sources.notice_changed_procedures(at=later) == 1
    assert sources.notice_changed_procedures(at=later) == 0
    assert queries.search("giay to goc", clerk, local(later).date())[0].review_because == "2.000635: 20/07/2025"

    operations.confirm(entry_id=made.entry_id, by=room, at=later)

    assert sources.notice_changed_procedures(at=later) == 0
    assert WorkItem.objects.filter(kind=operations.STALE, closed_at=None).count() == 0


def test_an_expired_answer_says_so_and_cannot_be_confirmed(room, office, clerk):
    made = approved(room, office, valid_until=date(2025, 7, 3))

    assert queries.search("giay to goc", clerk, TODAY)[0].standing is Standing.EXPIRED
    with pytest.raises(InvalidEntry):
        operations.confirm(entry_id=made.entry_id, by=room, at=NOW)


def test_a_question_is_somebodys_work_until_it_is_answered_and_the_answer_becomes_an_entry(room, office, clerk):
    asked = questions.ask(text="Người dân không có điện thoại thì xác thực thế nào?", by=clerk, at=NOW)
    item = WorkItem.objects.get(kind=questions.ASKED)
    assert (item.owner_role, item.owner_place) == (Role.OPERATIONS_OFFICER, "46")

    done = questions.answer(question_id=asked.id, by=room, at=NOW, reply=questions.Reply(
        answer="Dùng tờ khai giấy và văn bản uỷ quyền.", legal_source="Nghị định 118/2025/NĐ-CP", makes_entry=True))

    item.refresh_from_db()
    assert item.closed_at == NOW
    proposal = done.entry.versions.get()
    operations.decide(version_id=proposal.id, is_approved=True, by=office, at=NOW)
    assert [each.id for each in queries.search("khong co dien thoai", clerk, TODAY)] == [done.entry_id]


def test_an_entry_made_of_an_answer_needs_its_law(room, clerk):
    asked = questions.ask(text="Có thu phí chuyển phát không?", by=clerk, at=NOW)

    with pytest.raises(InvalidEntry):
        questions.answer(question_id=asked.id, by=room, at=NOW, reply=questions.Reply(answer="Có", makes_entry=True))

    assert HandbookQuestion.objects.get().answered_at is None


def test_numbers_of_people_are_covered_and_searched_words_keep_no_digits(clerk):
    asked = questions.ask(text="CCCD 001 088 012 345, số 0912345678 thì làm sao?", by=clerk, at=NOW)

    assert not any(letter.isdigit() for letter in asked.text)
    assert covered("Điều 12 Nghị định 118/2025/NĐ-CP") == "Điều 12 Nghị định 118/2025/NĐ-CP"
    assert words_of("Khai sinh cho 001088012345 ở Phú Xuân?") == ("khai", "sinh", "phu", "xuan")


def test_what_was_looked_for_in_vain_is_counted_in_words(clerk, room):
    for text in ("Đăng ký kết hôn 0912345678", "dang ky ket hon"):
        questions.note_miss(text=text, by=clerk, at=NOW)

    assert [(each.words, each.times) for each in queries.misses(room)] == [("dang ky ket hon", 2)]
    questions.forget_misses(at=NOW + timedelta(days=200))
    assert not HandbookMiss.objects.exists()


def test_a_vote_counts_once_for_each_person(room, office, clerk):
    made = approved(room, office)

    operations.vote(entry_id=made.entry_id, is_useful=False, by=clerk, at=NOW)
    operations.vote(entry_id=made.entry_id, is_useful=True, by=clerk, at=NOW)

    page = queries.entry_page(made.entry_id, clerk, TODAY)
    assert (page.useful, page.useless, page.mine) == (1, 0, True)


def test_another_citys_entries_are_not_found(room, office):
    approved(room, office)
    stranger = staff(Role.OPERATIONS_OFFICER, province=make_province("01", name="Hà Nội"), username="hn").actor

    assert queries.search("giay to goc", stranger, TODAY) == ()


def test_a_field_leads_to_its_entry_without_asking_the_database(room, office, clerk, django_assert_num_queries):
    made = approved(room, office, field_key="take.papers", valid_from=date(2025, 7, 1), review_on=date(2099, 1, 1))
    links.remember()

    with django_assert_num_queries(0):
        assert links.entry_for("take.papers", clerk) == made.entry_id
        assert links.entry_for("take.fee", clerk) is None


def test_an_answer_kept_by_a_centre_is_proposed_once_and_follows_its_correction(office, clerk):
    kept = questions.KeptAnswer("inquiry-1", "46", "2.000635", "Bản sao hộ khẩu cũ có dùng được không?", "Được.",
                                "Luật Hộ tịch 2014", "Lê Thị Hoa")

    first = questions.propose_kept(kept=kept, at=NOW)
    assert questions.propose_kept(kept=kept, at=NOW) is None
    second = questions.propose_kept(kept=questions.KeptAnswer(
        "inquiry-1", "46", "2.000635", kept.question, "Chỉ để đối chiếu.", kept.legal_source, "Lê Thị Hoa"), at=NOW)

    assert HandbookEntry.objects.count() == 1
    assert [each.id for each in queries.proposals(office)] == [second.id] != [first.id]


def test_the_pages_search_ask_answer_and_approve(client):
    clerk = staff(Role.OUTLET_CLERK)
    room = staff(Role.OPERATIONS_OFFICER, province=make_province())
    office = staff(Role.PROGRAMME_OFFICER, province=make_province(), username="office")
    client.force_login(clerk)
    assert "/so-tay/hoi/" in client.post("/so-tay/", {"q": "dien thoai"}).content.decode()
    assert client.post("/so-tay/hoi/", {"text": "Không có điện thoại thì sao?"}).status_code == 302
    assert client.post("/so-tay/hoi/", {"text": ""}).status_code == 422

    client.force_login(room)
    question = HandbookQuestion.objects.get()
    assert "Không có điện thoại" in client.get("/so-tay/viec/").content.decode()
    assert client.post(f"/so-tay/cau-hoi/{question.id}/", {
        "answer": "Dùng giấy.", "legal_source": "Nghị định 118/2025/NĐ-CP", "makes_entry": "on"}).status_code == 302
    entry = HandbookEntry.objects.get()
    assert client.post(f"/so-tay/ban/{entry.versions.get().id}/", {"do": "approve"}).status_code == 302
    assert entry.versions.get().decided_at is None

    client.force_login(office)
    client.post(f"/so-tay/ban/{entry.versions.get().id}/", {"do": "approve"})

    client.force_login(clerk)
    page = client.post("/so-tay/", {"q": "khong co dien thoai"}).content.decode()
    assert f"/so-tay/{entry.id}/" in page
    assert client.get(f"/so-tay/{entry.id}/").status_code == 200
    assert client.get("/so-tay/viec/").status_code == 403


def test_a_changed_law_is_named_on_the_page_of_work(client):
    client.force_login(staff(Role.OPERATIONS_OFFICER, province=make_province()))

    assert client.post("/so-tay/can-cu-doi/", {"source": "118", "because": ""}).status_code == 422
    done = client.post("/so-tay/can-cu-doi/", {"source": "118/2025/NĐ-CP", "because": "Sửa Điều 5"}, follow=True)
    assert done.redirect_chain[-1][0] == "/so-tay/viec/"


def test_an_incident_leads_to_the_answer_for_its_kind(client, office):
    room = staff(Role.OPERATIONS_OFFICER, province=make_province(), username="room")
    today = timezone.localdate()
    made = approved(room.actor, office, field_key="incident.network", valid_from=today,
                    review_on=today + timedelta(days=9))
    links.remember()
    trouble = report_incident(Report(kind="network", text="Không tải được trang"), by=room.actor, at=timezone.now())
    client.force_login(room)

    assert f"/so-tay/{made.entry_id}/" in client.get(f"/su-co/{trouble.id}/").content.decode()


def test_the_list_asks_the_same_number_of_questions_for_one_entry_and_for_many(client):
    room = staff(Role.OPERATIONS_OFFICER, province=make_province()).actor
    office = staff(Role.PROGRAMME_OFFICER, province=make_province(), username="office").actor
    client.force_login(staff(Role.OUTLET_CLERK))
    counts = []
    for batch in (1, 5):
        for number in range(batch):
            approved(room, office, question_vi=f"Giấy tờ gốc {batch} {number}?", valid_from=timezone.localdate(),
                     review_on=timezone.localdate() + timedelta(days=9))
        with CaptureQueriesContext(connection) as asked:
            assert "Giấy tờ gốc" in client.get("/so-tay/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
