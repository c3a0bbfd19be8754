"""Who answers for a dossier right now, since when, until when, and what there is to do.

In every state that is not final exactly one party is responsible and exactly one deadline runs: the term of the law
while the authority decides, our own patience everywhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.clock import DAY_MINUTES
from intake.rules.states import FINAL_HANDLING, Handling, ResultState
from intake.rules.wording import Words
from shared.calendar import WorkCalendar


class Holder(StrEnum):
    """The party that a duty lies with. Where a dossier has no outlet, its receiving centre holds the outlet's."""

    OUTLET = "outlet"
    RECEIVING = "receiving"
    AUTHORITY = "authority"


class Duty(StrEnum):
    FINISH_DRAFT = "finish-draft"
    NAME_AUTHORITY = "name-authority"
    FORWARD = "forward"
    BRING_PAPERS = "bring-papers"
    RECEIVE = "receive"
    DECIDE = "decide"
    GET_PAPERS = "get-papers"
    GET_PAYMENT = "get-payment"
    GO_ON_OR_END = "go-on-or-end"
    SEND_RESULT = "send-result"
    DELIVER_RESULT = "deliver-result"
    SETTLE_RETURN = "settle-return"
    HAND_OVER = "hand-over"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class DutyRule:
    """`days` working days of patience; for deciding, only where the procedure publishes no term of its own."""

    duty: Duty
    holder: Holder
    days: int
    what: Words
    is_pause: bool = False
    """The statutory clock stands still meanwhile."""


D, By = Duty, Holder
RULES: Final[Mapping[Duty, DutyRule]] = MappingProxyType({rule.duty: rule for rule in (
    DutyRule(D.FINISH_DRAFT, By.OUTLET, 1, Words("Nộp hoặc bỏ bản nháp", "Submit the draft or drop it")),
    DutyRule(D.NAME_AUTHORITY, By.RECEIVING, 1, Words(
        "Xác định cơ quan có thẩm quyền", "Name the competent authority")),
    DutyRule(D.FORWARD, By.OUTLET, 1, Words("Chuyển hồ sơ đến trung tâm", "Forward it to the centre")),
    DutyRule(D.BRING_PAPERS, By.OUTLET, 3, Words("Theo bưu gửi tới khi ký giao nhận",
                                                "Follow the parcel until it is signed for")),
    DutyRule(D.RECEIVE, By.RECEIVING, 1, Words("Kiểm tra, tiếp nhận hoặc từ chối", "Look at it; receive or refuse")),
    DutyRule(D.DECIDE, By.AUTHORITY, 10, Words("Giải quyết trước hạn", "Decide before the due moment")),
    DutyRule(D.GET_PAPERS, By.OUTLET, 5, Words("Nhắc người dân bổ sung giấy tờ", "Remind the citizen of the papers"),
             is_pause=True),
    DutyRule(D.GET_PAYMENT, By.OUTLET, 5, Words("Nhắc người dân nộp tiền", "Remind the citizen of the payment"),
             is_pause=True),
    DutyRule(D.GO_ON_OR_END, By.AUTHORITY, 10, Words("Giải quyết tiếp hoặc kết thúc", "Go on with it or end it"),
             is_pause=True),
    DutyRule(D.SEND_RESULT, By.AUTHORITY, 1, Words("Gửi kết quả về nhà", "Send the result home")),
    DutyRule(D.DELIVER_RESULT, By.OUTLET, 7, Words("Theo bưu gửi trả kết quả", "Follow the result's parcel")),
    DutyRule(D.SETTLE_RETURN, By.AUTHORITY, 1, Words(
        "Gửi lại hoặc mời đến nhận", "Send it again or invite to fetch it")),
    DutyRule(D.HAND_OVER, By.RECEIVING, 10, Words("Mời người dân đến nhận kết quả", "Invite the citizen to fetch it")),
    DutyRule(D.CLOSE, By.AUTHORITY, 1, Words("Đóng hồ sơ đã trả kết quả", "Close it: the result is delivered")),
)})


@dataclass(frozen=True, slots=True)
class Standing:
    """The columns of a dossier that say who has it."""

    handling: Handling
    result: ResultState
    channel: str
    is_clear: bool
    created_at: datetime
    submitted_at: datetime | None = None
    forwarded_at: datetime | None = None
    handed_over_at: datetime | None = None
    received_at: datetime | None = None
    due_at: datetime | None = None
    paused_at: datetime | None = None
    resolved_at: datetime | None = None


_BY_HANDLING: Final[Mapping[Handling, Duty]] = MappingProxyType({
    Handling.DRAFT: D.FINISH_DRAFT, Handling.RECEIVED: D.DECIDE, Handling.IN_PROGRESS: D.DECIDE,
    Handling.SUPPLEMENT_ASKED: D.GET_PAPERS, Handling.PAYMENT_ASKED: D.GET_PAYMENT,
    Handling.STOPPED: D.GO_ON_OR_END,
})
_BY_RESULT: Final[Mapping[ResultState, Duty]] = MappingProxyType({
    ResultState.NOT_READY: D.SEND_RESULT, ResultState.TO_SEND: D.SEND_RESULT,
    ResultState.ON_THE_WAY: D.DELIVER_RESULT, ResultState.CAME_BACK: D.SETTLE_RETURN,
    ResultState.NOT_BY_POST: D.HAND_OVER, ResultState.DELIVERED: D.CLOSE,
})


def duty_of(standing: Standing) -> Duty | None:
    """The one duty of a dossier; None when it has ended."""
    if standing.handling in FINAL_HANDLING:
        return None
    if standing.handling == Handling.RESOLVED:
        return _BY_RESULT[standing.result]
    if standing.handling != Handling.REGISTERED:
        return _BY_HANDLING[standing.handling]
    if not standing.is_clear:
        return Duty.NAME_AUTHORITY
    if standing.forwarded_at is None:
        return Duty.FORWARD
    is_travelling = standing.channel == "post" and standing.handed_over_at is None
    return Duty.BRING_PAPERS if is_travelling else Duty.RECEIVE


def since(standing: Standing, duty: Duty) -> datetime:
    """Since when the duty lies there."""
    moments: Sequence[datetime | None]
    match duty:
        case Duty.FINISH_DRAFT:
            moments = ()
        case Duty.NAME_AUTHORITY | Duty.FORWARD:
            moments = (standing.submitted_at,)
        case Duty.BRING_PAPERS:
            moments = (standing.forwarded_at,)
        case Duty.RECEIVE:
            moments = (standing.handed_over_at, standing.forwarded_at)
        case Duty.DECIDE:
            moments = (standing.received_at,)
        case Duty.GET_PAPERS | Duty.GET_PAYMENT | Duty.GO_ON_OR_END:
            moments = (standing.paused_at, standing.received_at)
        case _:
            moments = (standing.resolved_at,)
    return next((moment for moment in moments if moment is not None), standing.created_at)


def deadline(standing: Standing, duty: Duty, calendar: WorkCalendar) -> datetime:
    """Until when: the term of the law for deciding, the rule's working days otherwise."""
    if duty == Duty.DECIDE and standing.due_at is not None:
        return standing.due_at
    return calendar.add_working_minutes(since(standing, duty), RULES[duty].days * DAY_MINUTES)


# --- escalation -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told when a duty nears or passes its deadline by `minutes` working minutes; negative: before it."""

    code: str
    minutes: int
    role: str
    words: Words


_CITY: Final = Words("báo thành phố", "the city is told")
LADDERS: Final[Mapping[Holder, Sequence[Rung]]] = MappingProxyType({
    Holder.AUTHORITY: (
        Rung("officer", -DAY_MINUTES, "centre_officer", Words("nhắc cán bộ xử lý", "the officer is reminded")),
        Rung("manager", 0, "centre_manager", Words("báo lãnh đạo trung tâm", "the centre's manager is told")),
        Rung("city", DAY_MINUTES, "administrator", _CITY)),
    Holder.RECEIVING: (
        Rung("manager", 0, "centre_manager", Words("báo lãnh đạo trung tâm", "the centre's manager is told")),
        Rung("city", DAY_MINUTES, "administrator", _CITY)),
    Holder.OUTLET: (
        Rung("outlet", 0, "outlet_manager", Words("báo trưởng bưu cục", "the outlet's manager is told")),
        Rung("operator", DAY_MINUTES, "operator_hq", Words("báo doanh nghiệp bưu chính", "the operator is told")),
        Rung("city", 2 * DAY_MINUTES, "administrator", _CITY)),
})
"""A working day before the due moment the officer, at it the manager, a working day later the city."""
