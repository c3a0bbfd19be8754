"""A day of Huế's operations room: a review, the plan of the morning with what was carried over, a morning's trouble."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from agents.briefs import operations as briefs
from agents.briefs.models import Brief
from agents.briefs.rules import ActionState, ActionStep, BriefState, Half
from agents.models.people import StaffAccount
from agents.room import beats, outages, reporting, steps, vendors
from agents.room.models import Incident, Outage, PlaceBeat
from agents.room.reporting import Report
from agents.room.rules import Effect, IncidentKind, IncidentState, IncidentStep
from agents.room.steps import Said
from agents.surges import counting
from config.demo.hue_figures import PROVINCE as HUE
from config.demo.timeline import Timeline
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.working_days import work_calendar

_ROOM: Final = "truc.hue"
_CUT_OFF: Final = "HUE-003"
"""Its line fails for 25 minutes of the morning; the clerk quay.hue works there."""
# kind: vendor, telephone, working minutes
_VENDORS: Final = (
    (IncidentKind.NETWORK, "VNPT Huế (minh hoạ)", "0234 000 0001", 120),
    (IncidentKind.SOFTWARE, "Đơn vị phần mềm (minh hoạ)", "0234 000 0002", 240),
    (IncidentKind.EQUIPMENT, "Tổ thiết bị bưu điện (minh hoạ)", "0234 000 0003", 240),
    (IncidentKind.PROCEDURE, "Phòng Kiểm soát thủ tục hành chính", "0234 000 0004", 120),
    (IncidentKind.PEOPLE, "Phòng điều hành", "0234 000 0005", 60),
)
_BASIS: Final = "Hợp đồng minh hoạ, không có thật"


def plan(timeline: Timeline, now: datetime) -> None:
    """The two last working days up to `now`; what a day has not reached yet is left to the workers."""
    today, yesterday = working_days_up_to(now)
    duty = _account(_ROOM)
    happenings = (
        (at_local(yesterday, time(7, 20)), lambda at: _name_vendors(duty, at)),
        (at_local(yesterday, time(16, 31)), lambda at: _review(duty, yesterday, at)),
        (at_local(today, time(7, 31)), lambda at: _plan_of(duty, today, at)),
        (at_local(today, time(8, 2)), lambda at: _printer(duty, at)),
        (at_local(today, time(8, 20)), lambda at: _be_cut_off(at, at + timedelta(minutes=25))),
        (at_local(today, time(8, 36)), lambda at: _hand_the_line_over(duty, at)),
        (at_local(today, time(8, 47)), lambda at: _the_line_is_back(duty, at)),
        (at_local(today, time(9, 5)), lambda at: _slow_page(duty, at)),
    )
    for at, happening in happenings:
        if at <= now:
            timeline.plan(at, happening)
    timeline.plan(now, lambda at: counting.count_loads(at=at))


def working_days_up_to(now: datetime) -> tuple[date, date]:
    """The last working day whose morning is over by `now`, and the one before it."""
    calendar = work_calendar()
    found: list[date] = []
    day = local(now).date() if local(now).time() >= time(9, 30) else local(now).date() - timedelta(days=1)
    while len(found) < 2:  # that day and the one before
        if calendar.is_working(day):
            found.append(day)
        day -= timedelta(days=1)
    return found[0], found[1]


def _account(username: str) -> Actor:
    people = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator")
    return people.get(username=username).actor


def _name_vendors(duty: Actor, at: datetime) -> None:
    for kind, vendor, phone, minutes in _VENDORS:
        vendors.set_duty(kind=kind, vendor=vendor, phone=phone, minutes=minutes, basis=_BASIS, by=duty, at=at)


def _draft(day: date, half: Half, at: datetime) -> Brief | None:
    """Made here, or by a worker that was quicker; None: it is released already."""
    brief = briefs.make_brief(province_code=HUE, day=day, half=half, at=at)
    return brief if brief.state == BriefState.DRAFT else None


@dataclass(frozen=True, slots=True)
class _Agreed:
    text: str
    owner: str
    days: int
    clock: time


_AGREED: Final = (
    _Agreed("Đổi đường truyền dự phòng cho bưu cục HUE-003", "VNPT Huế (minh hoạ)", 1, time(16, 0)),
    _Agreed("Bố trí thêm một người ở quầy trong giờ cao điểm buổi sáng", "Trưởng điểm HUE-003", 1, time(8, 0)),
    _Agreed("Rà hồ sơ đến hạn trong tuần của phường Phong Dinh", "Trung tâm phường Phong Dinh", 2, time(11, 0)),
)


def _review(duty: Actor, day: date, at: datetime) -> None:
    brief = _draft(day, Half.REVIEW, at)
    if brief is None:
        return
    for each in _AGREED:
        briefs.agree_action(brief.id, text=each.text, owner_name=each.owner, by=duty, at=at,
                            due_at=at_local(work_calendar().due_date(day, each.days), each.clock))
    briefs.write_remarks(brief.id, text="Buổi chiều đông người ở quầy chứng thực, không có sự cố.", by=duty, at=at)
    briefs.release_brief(brief.id, by=duty, at=at + timedelta(minutes=12))


def _plan_of(duty: Actor, day: date, at: datetime) -> None:
    brief = _draft(day, Half.PLAN, at)
    if brief is None:
        return
    helped = next((each for each in briefs.actions_of(brief) if each.text == _AGREED[1].text), None)
    if helped is not None and helped.state == ActionState.OPEN:
        briefs.end_action(helped.id, ActionStep.FINISH, outcome="Đã có người tăng cường", by=duty, at=at)
    briefs.write_remarks(brief.id, text="Sáng nay theo dõi đường truyền của HUE-003.", by=duty, at=at)
    briefs.release_brief(brief.id, by=duty, at=at + timedelta(minutes=11))


def _printer(duty: Actor, at: datetime) -> None:
    made = reporting.report_incident(
        Report(IncidentKind.EQUIPMENT, Effect.WORKAROUND, "Máy in phiếu kẹt giấy, đang viết phiếu tay."),
        by=_account("quay.hue"), at=at)
    steps.take_step(made.id, IncidentStep.TAKE, by=duty, at=at + timedelta(minutes=6))
    steps.take_step(made.id, IncidentStep.SOLVE, by=duty, at=at + timedelta(minutes=24),
                    said=Said("Thay trục cuốn giấy, in thử được."))


def _be_cut_off(at: datetime, until: datetime) -> None:
    """The line of one outlet fails: its last beat, the sweep that notices, and the first beat after."""
    clerk = _account("quay.hue")
    beats.beat(by=clerk, latency_ms=130, at=at)
    for minutes in (6, 16):
        outages.watch_contact(at=at + timedelta(minutes=minutes))
    beats.beat(by=clerk, latency_ms=420, at=until)
    outages.watch_contact(at=until + timedelta(minutes=1))
    # Nobody sits at the counters of a demonstration: silence there is no outage from now on.
    PlaceBeat.objects.filter(outlet__code=_CUT_OFF).delete()


def _cut_off() -> Incident | None:
    outage = Outage.objects.filter(outlet__code=_CUT_OFF).exclude(incident=None).order_by("-started_at").first()
    return outage.incident if outage is not None else None


def _hand_the_line_over(duty: Actor, at: datetime) -> None:
    incident = _cut_off()
    if incident is None or incident.state != IncidentState.REPORTED:
        return
    steps.take_step(incident.id, IncidentStep.TAKE, by=duty, at=at)
    steps.take_step(incident.id, IncidentStep.HAND_TO_VENDOR, by=duty, at=at + timedelta(minutes=2),
                    said=Said(ticket="TT-0719"))


def _the_line_is_back(duty: Actor, at: datetime) -> None:
    incident = _cut_off()
    if incident is not None and incident.state == IncidentState.WITH_VENDOR:
        steps.take_step(incident.id, IncidentStep.SOLVE, by=duty, at=at,
                        said=Said("Nhà mạng đổi sang đường dự phòng; theo dõi đến hết ngày."))


def _slow_page(duty: Actor, at: datetime) -> None:
    made = reporting.report_incident(
        Report(IncidentKind.SOFTWARE, Effect.SLOW, "Ký số phải thử hai, ba lần mới được."),
        by=_account("canbo.hue"), at=at)
    steps.take_step(made.id, IncidentStep.TAKE, by=duty, at=at + timedelta(minutes=9))
    steps.add_note(made.id, text="Đã hỏi hai trung tâm khác: cùng hiện tượng từ 08:50.", by=duty,
                   at=at + timedelta(minutes=20))
    question = Report(IncidentKind.PROCEDURE, Effect.WORKAROUND, "Chưa rõ mẫu tờ khai mới áp dụng từ ngày nào.")
    reporting.report_incident(question, by=_account("truongtrungtam.hue"), at=at + timedelta(minutes=5))
