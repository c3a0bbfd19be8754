"""What the operations room of the demonstration announces and answers, and who was coached to file alone."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from agents.announcements import operations as announcements
from agents.announcements.models import Announcement
from agents.announcements.operations import Notice
from agents.announcements.rules import Addressed
from agents.handbook import operations as handbook
from agents.handbook import questions
from agents.handbook.models import HandbookQuestion
from agents.models.people import StaffAccount
from intake.coaching import operations as coaching
from intake.coaching.operations import CoachingInput
from intake.models.citizens import Citizen
from shared.actors import Actor
from shared.roles import OUTLET_ROLES, Role

_PLACES: Final = ("outlet__operator", "outlet__commune", "operator", "centre", "province")
_COACHED: Final = (
    (("log_in", "fill_in", "scan"), 35, "alone"), (("log_in", "follow"), 20, ""), (("scan", "pay"), 25, "with_help"),
    (("fill_in", "result"), 15, ""))
_STORY: Final = UUID("3e0f5a4e-57a4-4d0f-9a52-6f0f2d7a9b11")
_NOTICE: Final = "Hạn trả in trên giấy hẹn: nói rõ ngày và giờ"
_ANSWERED: Final = "Người dân không có điện thoại thông minh thì nộp trực tuyến bằng cách nào?"
_WAITING: Final = "Giấy khai sinh cũ bị ố, mờ con dấu thì có dùng để đối chiếu được không?"


def tell(now: datetime) -> None:
    """Announce, have it read by one, ask and answer; what was told before is left as it is."""
    room, clerk, manager = (_actor(name) for name in ("truc.hue", "quay.hue", "truong.hue"))
    if not Announcement.objects.filter(province_code="46", title=_NOTICE).exists():
        _announce(room, manager, now)
    if not HandbookQuestion.objects.filter(text=_ANSWERED).exists():
        _ask_and_answer(room, clerk, manager, now)
    _coach(clerk, now)


def _actor(username: str) -> Actor:
    return StaffAccount.objects.select_related(*_PLACES).get(username=username).actor


def _announce(room: Actor, manager: Actor, now: datetime) -> None:
    begun = now - timedelta(hours=3)
    made = announcements.publish(by=room, at=begun, notice=Notice(
        title=_NOTICE, is_must_read=True, starts_at=begun, ends_at=now + timedelta(days=14),
        read_by=now + timedelta(days=1),
        addressed=Addressed(roles=frozenset({*map(str, OUTLET_ROLES), str(Role.CENTRE_OFFICER)})),
        text="Khi đưa giấy hẹn, đọc to ngày và giờ trả, và nói rõ ai giải quyết hồ sơ.\n"
             "Hồ sơ trả trong ngày mà nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo. (Dữ liệu minh hoạ)"))
    announcements.publish(by=room, at=begun, notice=Notice(
        title="Lịch trực phòng điều hành tuần này", starts_at=begun, ends_at=now + timedelta(days=7),
        text="Gọi khi trang không mở được; còn lại báo bằng nút ở đầu trang. (Dữ liệu minh hoạ)"))
    announcements.confirm(announcement_id=made.id, by=manager, at=now - timedelta(hours=1))


def _ask_and_answer(room: Actor, clerk: Actor, manager: Actor, now: datetime) -> None:
    asked = questions.ask(text=_ANSWERED, field_key="take.channel", by=clerk, at=now - timedelta(hours=6))
    questions.answer(question_id=asked.id, by=room, at=now - timedelta(hours=4), reply=questions.Reply(
        answer="Dùng máy của điểm: người dân tự đăng nhập và tự nhập mã; nếu không đăng nhập được thì nộp hồ sơ giấy, "
               "không bắt buộc có VNeID.",
        legal_source="Công điện 111/CĐ-TTg ngày 17/7/2025 của Thủ tướng Chính phủ", makes_entry=True))
    questions.ask(text=_WAITING, field_key="take.papers", by=manager, at=now - timedelta(hours=2))
    proposed = HandbookQuestion.objects.get(id=asked.id).entry
    office = StaffAccount.objects.select_related(*_PLACES).filter(
        role=Role.PROGRAMME_OFFICER, province_id="46", is_active=True).first()
    if proposed is not None and office is not None:
        handbook.decide(version_id=proposed.versions.get().id, is_approved=True, by=office.actor,
                        at=now - timedelta(hours=3))


def _coach(clerk: Actor, now: datetime) -> None:
    """Some of the outlet's citizens, a few days ago; one says that she has filed alone since."""
    taught = now - timedelta(days=5)
    for number, citizen_id in enumerate(Citizen.objects.seen_by(clerk).order_by("registered_at", "id").values_list(
            "id", flat=True)[:len(_COACHED)]):
        topics, minutes, said = _COACHED[number]
        made = coaching.record_session(CoachingInput(
            client_ref=uuid5(_STORY, str(number)), citizen_id=citizen_id, topics=topics, minutes=minutes, agrees=True,
            held_at=taught + timedelta(hours=number)), by=clerk, at=now - timedelta(days=1))
        if said and not made.answers.exists():
            coaching.record_answer(session_id=made.id, said=said, by=clerk, at=now - timedelta(hours=2))
    coaching.look_who_files(at=now)
