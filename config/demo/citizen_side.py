"""What outlet, centre and citizens say to each other in the demo: questions, one kept answer, and how it was."""

from datetime import datetime, timedelta
from typing import Any, Final

from agents.models.people import StaffAccount
from intake.errors import AlreadyRated
from intake.messages import operations as messages
from intake.messages.rules import InquiryKind
from intake.models.dossiers import Dossier
from intake.rules.states import Handling
from intake.satisfaction import operations as satisfaction
from intake.satisfaction.operations import Asked
from shared.actors import Actor

_ANSWERS: Final = (
    (5, 5, 4, 5, 5, 5), (4, 5, 3, 4, 5, 4), (5, 4, 4, 5, 4, 5), (3, 4, 2, 3, 4, 3), (5, 5, 5, 5, 5, 5),
    (4, 4, 3, 5, 4, 4), (2, 3, 1, 2, 4, 2), (5, 5, 4, 4, 5, 5), (4, 5, 4, 5, 3, 4), (5, 5, 5, 4, 5, 5),
)
_QUESTIONS: Final = ("bring", "attitude", "waiting", "trips", "delivery", "overall")
_COMMENTS: Final = {1: "Cô ở quầy hướng dẫn rõ, chỉ phải đi một lần.", 6: "Chờ lâu vì chỉ có một quầy mở."}


def tell(now: datetime) -> None:
    """Let them speak. What cannot be found in this story is left out."""
    _ask_and_answer(_actor("quay.hue"), _actor("canbo.hue"), now)
    for province in ("01", "46"):
        _rate(province, now)


def _actor(username: str) -> Actor:
    people = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre")
    return people.get(username=username).actor


def _ask_and_answer(clerk: Actor, officer: Actor, now: datetime) -> None:
    open_ones = Dossier.objects.seen_by(clerk).filter(
        receiving_centre_id=officer.centre_id, closed_at=None).exclude(handling=Handling.DRAFT)
    by_state = {dossier.handling: dossier for dossier in open_ones.order_by("-created_at")}
    if (arrived := by_state.get(Handling.REGISTERED)) is not None:
        messages.ask(dossier_id=arrived.id, by=clerk, at=now - timedelta(minutes=25),
                     text="Giấy chứng sinh chị ấy đưa là bản điện tử in ra, có mã QR. Trung tâm nhận bản này chứ ạ?")
    if (asked := by_state.get(Handling.SUPPLEMENT_ASKED)) is not None:
        messages.ask(dossier_id=asked.id, by=clerk, at=now - timedelta(minutes=9), kind=InquiryKind.EXPEDITE,
                     reason="school",
                     text="Cháu nhập học thứ Hai. Sáng mai bổ sung xong thì có kịp trong ngày không ạ?")
    if (started := by_state.get(Handling.IN_PROGRESS)) is not None:
        _answered(started, clerk, officer, now)


def _answered(dossier: Dossier, clerk: Actor, officer: Actor, now: datetime) -> None:
    inquiry = messages.ask(dossier_id=dossier.id, by=clerk, at=now - timedelta(hours=3),
                           text="Chủ hộ kinh doanh thuê nhà, hợp đồng thuê viết tay có dùng được không ạ?").inquiry
    messages.reply(inquiry_id=inquiry.id, by=officer, at=now - timedelta(hours=2, minutes=40),
                   text="Được. Hồ sơ đăng ký hộ kinh doanh không đòi hợp đồng thuê; chỉ cần ghi đúng địa chỉ.")
    messages.promote(
        inquiry_id=inquiry.id, by=officer, at=now - timedelta(hours=2), legal_source="Nghị định 168/2025/NĐ-CP",
        question="Đăng ký hộ kinh doanh tại nhà thuê có cần nộp hợp đồng thuê không?",
        answer="Không. Thành phần hồ sơ không có hợp đồng thuê; người nộp ghi đúng địa chỉ trụ sở.")


def _rate(province: str, now: datetime) -> None:
    done: Any = Dossier.objects.filter(province_code=province, handling=Handling.RETURNED).order_by("id")
    for number, dossier_id in enumerate(done.values_list("id", flat=True)[: len(_ANSWERS)]):
        asked = Asked("carrier", 20_000, "Người giao xin thêm tiền xăng.") if number == 6 else None
        try:
            satisfaction.answer(
                dossier_id=dossier_id, answers=dict(zip(_QUESTIONS, _ANSWERS[number], strict=True)),
                comment=_COMMENTS.get(number, ""), asked=asked, at=now - timedelta(days=number, hours=3))
        except AlreadyRated:
            continue
