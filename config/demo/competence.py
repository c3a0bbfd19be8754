"""What a visitor finds about competence in Huế: a question asked once, one that waits, a closed day, a delegation."""

from datetime import date, datetime, timedelta
from typing import Final

from agents.models.organisations import Centre
from agents.models.people import StaffAccount
from agents.models.sites import SiteDay
from agents.operations import sites
from intake.models.delegations import SigningPermit
from intake.models.opinions import Opinion
from intake.operations import delegations, opinion_answers, opinions
from intake.operations.opinion_answers import AnswerInput
from intake.operations.opinions import Addressee, OpinionInput
from shared.actors import Actor
from shared.calendar import local
from shared.roles import Role
from shared.working_days import work_calendar

PERMIT: Final = "1.013225"
PHONG_HOA: Final = "19846"
"""Former ward of Phong Hòa, part of Phong Dinh since 1 July 2025."""
HUE: Final = "46"


def tell(at: datetime) -> None:
    """Ask, answer, close a day and delegate, once; every word of it is invented."""
    officer = StaffAccount.objects.select_related("centre").get(username="canbo.hue")
    manager = StaffAccount.objects.select_related("centre").filter(
        centre=officer.centre, role=Role.CENTRE_MANAGER, is_active=True).order_by("username").first()
    if officer.centre is None or manager is None or Opinion.objects.filter(province_code=HUE).exists():
        return
    by = manager.actor
    _ask_about_phong_hoa(by, at)
    _ask_the_neighbour(by, officer.centre, at)
    _close_a_day(by, officer.centre, at)
    _delegate(by, officer, at)


def _ask_about_phong_hoa(by: Actor, at: datetime) -> None:
    """Does a building permit apply in the former ward? Asked of the department, answered, asked again: no letter."""
    question = OpinionInput(
        subject="substance", key="permit-needed", procedure_code=PERMIT, place_code=PHONG_HOA, days=3,
        question="Xây dựng nhà ở riêng lẻ tại địa bàn phường Phong Hòa cũ có phải xin giấy phép xây dựng không?",
        addressees=(Addressee(name="Sở Xây dựng thành phố Huế", contact="Phòng Quản lý xây dựng (ví dụ)"),))
    asked = opinions.ask(question, by=by, at=at - timedelta(days=6))
    opinion_answers.answer(
        AnswerInput("yes", "Luật Xây dựng 50/2014/QH13, Điều 89 (sửa đổi bởi Luật 62/2020/QH14)",
                    "Địa bàn thuộc khu vực đô thị theo quy hoạch, không thuộc trường hợp được miễn giấy phép.",
                    signed_by="Văn bản trả lời (ví dụ)"),
        opinion_id=asked.id, addressee_id=asked.addressees.get().id, by=by, at=at - timedelta(days=4))
    opinions.ask(question, by=by, at=at - timedelta(days=1))


def _ask_the_neighbour(by: Actor, own: Centre, at: datetime) -> None:
    other = Centre.objects.filter(province_id=HUE).exclude(id=own.id).order_by("level", "agency_code").last()
    if other is not None:
        opinions.ask(OpinionInput(
            subject="coordination", key="other", days=2, addressees=(Addressee(centre_id=other.id),),
            question="Hồ sơ chứng thực theo thôn giáp ranh do nơi nào lưu sổ gốc, đề nghị cho biết để phối hợp?"),
            by=by, at=at - timedelta(hours=3))


def _close_a_day(by: Actor, centre: Centre, at: datetime) -> None:
    day = work_calendar().due_date(local(at).date(), 8)
    if not SiteDay.objects.filter(centre=centre, withdrawn_at=None).exists():
        sites.set_day(site=sites.Site(centre_id=centre.id), day=day, kind="morning", by=by, at=at,
                      reason="Buổi chiều bảo trì hệ thống điện", legal_basis="Thông báo của UBND phường (ví dụ)")


def _delegate(by: Actor, officer: StaffAccount, at: datetime) -> None:
    city = StaffAccount.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("username").first()
    if city is None or SigningPermit.objects.filter(province_code=HUE).exists():
        return
    today: date = local(at).date()
    delegations.open_register(province_code=HUE, legal_basis="Nghị quyết của HĐND thành phố (ví dụ)", by=city.actor,
                              at=at)
    delegations.grant(
        delegate_id=officer.id, procedure_codes=("2.000815", "2.000635"), valid_from=today,
        valid_to=today + timedelta(days=90), legal_basis="Quyết định uỷ quyền của Chủ tịch UBND phường (ví dụ)",
        by=by, at=at)
