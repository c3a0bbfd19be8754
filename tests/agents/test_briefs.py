"""The brief twice a day: made from data, released by a person, its actions carried over until they are done."""

from datetime import timedelta
from io import BytesIO

import orjson
import pytest
from pypdf import PdfReader

from agents.briefs import operations, queries
from agents.briefs.errors import BriefActionEnded, BriefNotFound, BriefRefused, BriefReleased
from agents.briefs.models import Brief
from agents.briefs.paper import brief_pdf
from agents.briefs.queries import shown_actions, told
from agents.briefs.rules import ActionStep, Half
from agents.models.people import StaffAccount
from agents.room import reporting
from agents.room.reporting import Report
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.agents.factories import moment, staff
from tests.agents.test_operations_room import acting

pytestmark = pytest.mark.django_db

MORNING = moment("2025-07-02 07:30")
EVENING = moment("2025-07-02 16:30")


@pytest.fixture
def room():
    return acting(staff(Role.OPERATIONS_OFFICER, display_name="Nguyễn Văn Trực"))


def made(at=MORNING):
    operations.make_due_briefs(at=at)
    return Brief.objects.order_by("-as_of")[0]


def test_both_briefs_are_made_on_time_once_and_not_on_a_day_off(room):
    assert operations.make_due_briefs(at=MORNING - timedelta(minutes=1)) == 0
    assert operations.make_due_briefs(at=MORNING) == 1
    assert operations.make_due_briefs(at=MORNING + timedelta(minutes=1)) == 0
    assert operations.make_due_briefs(at=EVENING + timedelta(minutes=20)) == 1
    assert operations.make_due_briefs(at=moment("2025-07-05 07:30")) == 0

    assert list(Brief.objects.order_by("as_of").values_list("half", "since", "as_of")) == [
        (Half.PLAN, moment("2025-07-01 16:30"), MORNING), (Half.REVIEW, MORNING, EVENING)]
    assert WorkItem.objects.filter(kind="brief-to-release", closed_at=None).count() == 2


def test_a_brief_tells_what_is_wrong_in_both_languages(room):
    officer = acting(staff(Role.CENTRE_OFFICER))
    reporting.report_incident(Report("network", text="Mất kết nối từ sáng"), by=officer,
                              at=EVENING - timedelta(hours=3))
    brief = made(EVENING)

    section = next(each for each in told(brief, "vi") if each["code"] == "incidents")
    assert [figure["value"] for figure in section["figures"]] == [1, 0, 1]
    assert "Mất kết nối từ sáng" in section["rows"][0]["said"]
    assert next(each for each in told(brief, "en") if each["code"] == "incidents")["title"] == "Incidents"


def test_an_action_is_carried_over_until_it_is_done_and_the_released_brief_stays_as_it_was(room):
    first = made()
    action = operations.agree_action(first.id, text="Đổi đường truyền Kim Long", owner_name="VNPT Huế",
                                     due_at=EVENING, by=room, at=MORNING)
    operations.release_brief(first.id, by=room, at=MORNING)
    second = made(EVENING)
    assert [(each.text, each.carried) for each in shown_actions(second)] == [("Đổi đường truyền Kim Long", 1)]

    operations.end_action(action.id, ActionStep.FINISH, by=room, at=EVENING + timedelta(minutes=2))
    operations.release_brief(second.id, by=room, at=EVENING + timedelta(minutes=5))
    third = made(moment("2025-07-03 07:30"))

    first.refresh_from_db()
    assert [(each.state, each.carried) for each in shown_actions(first)] == [("open", 0)]
    assert [each.state for each in shown_actions(Brief.objects.get(id=second.id))] == ["done"]
    assert [each.state for each in shown_actions(third)] == ["done"]  # it ended after the review: told once more
    with pytest.raises(BriefActionEnded):
        operations.end_action(action.id, ActionStep.DROP, outcome="Thôi", by=room, at=EVENING)


def test_only_the_room_sees_a_draft_and_another_city_sees_nothing(room):
    brief, manager = made(), acting(staff(Role.CENTRE_MANAGER))

    assert not Brief.objects.seen_by(manager).exists()
    operations.release_brief(brief.id, by=room, at=MORNING)
    assert Brief.objects.seen_by(manager).get().id == brief.id
    assert not Brief.objects.seen_by(acting(_of_hanoi())).exists()


def _of_hanoi():
    from tests.agents.factories import make_province

    return staff(Role.OPERATIONS_OFFICER, province=make_province("01", name="Hà Nội", region="north"))


def test_what_is_released_is_not_changed(room):
    brief = made()
    operations.write_remarks(brief.id, text="Sáng nay đông ở Phú Xuân.", by=room, at=MORNING)
    operations.release_brief(brief.id, by=room, at=MORNING)

    with pytest.raises(BriefReleased):
        operations.write_remarks(brief.id, text="Khác", by=room, at=MORNING)
    with pytest.raises(BriefNotFound):
        operations.release_brief(brief.id, by=acting(_of_hanoi()), at=MORNING)


def test_an_action_has_an_owner_and_a_moment_ahead_and_is_dropped_with_a_reason(room):
    brief = made()
    for text, owner, due_at in (("Gọi VNPT", "", EVENING), ("x", "Trực", EVENING),
                                ("Gọi VNPT", "Trực", MORNING - timedelta(days=3))):
        with pytest.raises(BriefRefused):
            operations.agree_action(brief.id, text=text, owner_name=owner, due_at=due_at, by=room, at=MORNING)
    action = operations.agree_action(brief.id, text="Gọi VNPT", owner_name="Trực", due_at=EVENING, by=room, at=MORNING)
    with pytest.raises(BriefRefused):
        operations.end_action(action.id, ActionStep.DROP, by=room, at=MORNING)


def pages(paper):
    return [page.extract_text() for page in PdfReader(BytesIO(paper)).pages]


def test_the_paper_is_one_page_with_the_figures_actions_and_remarks_and_the_same_bytes_each_time(room):
    for number in range(3):
        reporting.report_incident(Report("software", text=f"Trang quay mãi không tải xong {number}"),
                                  by=acting(staff(Role.CENTRE_OFFICER)), at=MORNING - timedelta(minutes=number + 1))
    brief = made()
    operations.agree_action(brief.id, text="Đổi đường truyền", owner_name="VNPT", due_at=EVENING, by=room, at=MORNING)
    operations.write_remarks(brief.id, text="Lễ hội, đông người.", by=room, at=MORNING)
    operations.release_brief(brief.id, by=room, at=MORNING)
    brief.refresh_from_db()

    paper = brief_pdf(brief)
    (text,) = pages(paper)
    assert paper == brief_pdf(brief)
    assert "3 báo từ lần giao ban trước" in " ".join(text.split())
    assert all(words in text for words in ("Đổi đường truyền", "VNPT", "Lễ hội, đông người.", "Nguyễn Văn Trực"))


def test_the_fullest_day_still_is_one_page_and_loses_no_figure(room):
    officers = [acting(staff(Role.CENTRE_OFFICER)) for _ in range(12)]
    for number, officer in enumerate(officers):
        for kind in ("software", "network", "equipment"):
            reporting.report_incident(Report(kind, text="Trang quay mãi không tải xong, " * 4), by=officer,
                                      at=MORNING - timedelta(minutes=number + 1))
    brief = made()
    for number in range(15):
        operations.agree_action(brief.id, text=f"Việc {number} " + "phải làm ngay " * 20, owner_name="Tổ kỹ thuật " * 9,
                                due_at=EVENING, by=room, at=MORNING)
    operations.write_remarks(brief.id, text="một dòng\n" * 200, by=room, at=MORNING)
    brief.refresh_from_db()

    (text,) = pages(brief_pdf(brief))
    told = " ".join(text.split())
    assert all(f"{figure['value']} {figure['label']}" in told
               for section in queries.told(brief, "vi") for figure in section["figures"])
    assert "và 3 việc khác trên màn hình" in told
    assert "BẢN NHÁP" in told


def test_the_room_writes_agrees_and_releases_on_the_page_and_over_the_api(room, client, time_machine):
    time_machine.move_to(MORNING, tick=False)
    brief = made()
    client.force_login(StaffAccount.objects.get(id=room.id))
    page = f"/giao-ban/{brief.id}/"

    assert client.post(page + "viec/", {"text": "Gọi VNPT", "owner_name": "Trực", "due_at": "sớm"}).status_code == 422
    sent = {"text": "Gọi VNPT", "owner_name": "Trực", "due_at": "2025-07-02T16:00"}
    assert client.post(page + "viec/", sent).status_code == 302
    assert "Gọi VNPT" in client.get(page).content.decode()
    released = client.post(f"/api/v1/briefs/{brief.id}/releases", content_type="application/json")
    assert released.status_code == 201
    shown = client.get(f"/api/v1/briefs/{brief.id}").json()
    assert [each["owner_name"] for each in shown["actions"]] == ["Trực"]
    assert client.get(page + "pdf/")["Content-Type"] == "application/pdf"
    again = client.post(f"/api/v1/briefs/{brief.id}/actions", orjson.dumps(sent | {"due_at": EVENING.isoformat()}),
                        content_type="application/json")
    assert again.json()["code"] == "brief-released"
