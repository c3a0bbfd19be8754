"""How cases, steps, signals and calls read, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from intake.brokers.rules import Call, CaseState, Heard, Signal, Step
from intake.rules.wording import Words
from shared.formatting import number, percent

STATES: Final[Mapping[CaseState, Words]] = {
    CaseState.OPENED: Words("chờ xem", "waits to be looked at"),
    CaseState.LOOKED_AT: Words("đang xem", "being looked at"),
    CaseState.CALLING: Words("đang gọi lại người dân", "citizens are called back"),
    CaseState.PROPOSED: Words("đề nghị kết luận có cơ sở", "proposed as founded"),
    CaseState.FOUNDED: Words("có cơ sở", "founded"),
    CaseState.UNFOUNDED: Words("không có cơ sở", "unfounded"),
    CaseState.NOT_ENOUGH: Words("chưa đủ căn cứ", "not enough to tell"),
}
FACES: Final[Mapping[CaseState, tuple[str, str]]] = {
    CaseState.OPENED: ("inbox", "soon"), CaseState.LOOKED_AT: ("eye", "run"), CaseState.CALLING: ("phone", "run"),
    CaseState.PROPOSED: ("users", "soon"), CaseState.FOUNDED: ("octagon-alert", "late"),
    CaseState.UNFOUNDED: ("check", "ok"), CaseState.NOT_ENOUGH: ("circle-pause", "pause"),
}
"""Icon and kind of the badge."""
STEPS: Final[Mapping[Step, Words]] = {
    Step.LOOK: Words("Nhận xem", "Look into it"),
    Step.ASK_CALLS: Words("Chọn người để gọi lại", "Draw whom to call"),
    Step.PROPOSE: Words("Đề nghị: có cơ sở", "Propose: founded"),
    Step.SEND_BACK: Words("Trả lại để xem thêm", "Send back to look again"),
    Step.CONFIRM: Words("Xác nhận: có cơ sở", "Confirm: founded"),
    Step.DISMISS: Words("Kết luận: không có cơ sở", "Close: unfounded"),
    Step.LEAVE_OPEN: Words("Kết luận: chưa đủ căn cứ", "Close: not enough to tell"),
}
DONE: Final[Mapping[str, Words]] = {
    "open": Words("Mở vụ việc", "Opened"),
    "evidence": Words("Thêm căn cứ", "More evidence"),
    Step.LOOK: Words("Nhận xem", "Taken up"),
    Step.ASK_CALLS: Words("Chọn ngẫu nhiên người để gọi lại", "Drew at random whom to call"),
    Step.PROPOSE: Words("Đề nghị kết luận có cơ sở", "Proposed as founded"),
    Step.SEND_BACK: Words("Trả lại để xem thêm", "Sent back to look again"),
    Step.CONFIRM: Words("Xác nhận có cơ sở", "Confirmed as founded"),
    Step.DISMISS: Words("Kết luận không có cơ sở", "Closed as unfounded"),
    Step.LEAVE_OPEN: Words("Kết luận chưa đủ căn cứ", "Closed, not enough to tell"),
}
CALL_STATES: Final[Mapping[Call, Words]] = {
    Call.WAITING: Words("chưa gọi được", "not called yet"), Call.REACHED: Words("đã trả lời", "answered"),
    Call.DECLINED: Words("từ chối trả lời", "declined"), Call.UNREACHED: Words("không liên lạc được", "not reached"),
}
HEARD: Final[Mapping[Heard, Words]] = {
    Heard.TALKED: Words("Đã trả lời", "Answered"), Heard.DECLINED: Words("Từ chối trả lời", "Declined"),
    Heard.NO_ANSWER: Words("Không nghe máy", "No answer"),
}
ANSWER_WORDS: Final[Mapping[str, Words]] = {
    "yes": Words("có", "yes"), "no": Words("không", "no"), "unsure": Words("không rõ", "not sure")}

NAMES: Final[Mapping[str, Words]] = {
    Signal.SAME_PHONE: Words("Một số điện thoại, nhiều người nộp", "One phone number behind many applicants"),
    Signal.SAME_ADDRESS: Words("Một địa chỉ nhận, nhiều chủ hồ sơ", "One receiving address for unrelated owners"),
    Signal.PAIR: Words("Một nhân viên, một người nộp, nhiều lần", "One clerk and one applicant, again and again"),
    Signal.ABSENT: Words("Nộp khi người dân vắng mặt", "Filed without a present citizen"),
    Signal.AFTER_HOURS: Words("Nộp ngoài giờ mở cửa", "Filed outside opening hours"),
    Signal.MONEY: Words("Bị đòi tiền ngoài biên lai", "Money asked beyond the receipt"),
    Signal.SUBMITTER: Words("Một người nộp thay nhiều họ, nhiều xã", "One person files for many families and communes"),
    Signal.ONE_CLERK: Words("Bổ sung chỉ qua một nhân viên", "Supplements settled through one clerk only"),
    Signal.REFILED: Words("Bỏ dở rồi nộp lại qua người khác", "Given up, then filed again through somebody else"),
}
MEANS: Final[Mapping[str, Words]] = {
    Signal.SAME_PHONE: Words(
        "số người nộp khác nhau, của ít nhất ba họ, cùng để lại một số điện thoại; không tính số của điểm phục vụ",
        "different applicants of at least three family names who left one phone number; the outlet's own not counted"),
    Signal.SAME_ADDRESS: Words(
        "số chủ hồ sơ khác nhau, của ít nhất ba họ, nhận kết quả ở một địa chỉ không phải nhà mình",
        "different owners of at least three family names whose results go to one address that is not their own"),
    Signal.PAIR: Words("số ngày khác nhau mà nhân viên này nộp hồ sơ cho người này",
                       "different days on which this clerk filed for this applicant"),
    Signal.ABSENT: Words(
        "số hồ sơ nộp khi không có người dân, không có uỷ quyền, hoặc phiên quá ngắn để có người dân",
        "dossiers filed with nobody present and no mandate, or in a session too short for a citizen"),
    Signal.AFTER_HOURS: Words("số hồ sơ nộp khi điểm phục vụ đã đóng cửa quá nửa giờ hoặc chưa mở",
                              "dossiers filed more than half an hour outside the outlet's opening hours"),
    Signal.MONEY: Words("số người dân nói bị đòi tiền ngoài biên lai tại điểm hoặc khi giao",
                        "citizens who said that they were asked for money at the outlet or at the door"),
    Signal.SUBMITTER: Words("số người được một người nộp thay, của ít nhất ba họ và hai xã",
                            "people for whom one person filed, of at least three family names and two communes"),
    Signal.ONE_CLERK: Words("số lần bổ sung hồ sơ của đồng nghiệp đều do một nhân viên này làm",
                            "supplements on colleagues' dossiers that this one clerk settled"),
    Signal.REFILED: Words("số hồ sơ bị từ chối, rút hoặc bỏ dở ở người khác rồi nộp lại qua nhân viên này",
                          "dossiers refused, withdrawn or left with somebody else and filed again through this clerk"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A signal in words: what was counted, what is usual there, from where on it is a signal."""

    name: Words
    means: Words
    found: str
    usual: str
    threshold: str
    sentence: Words


def explain(*, rule: str, version: str, found: int, baseline: float, threshold: float, days: int) -> Explained:
    """`baseline` is what is usual at this outlet, or for the same procedures elsewhere: a busy place is no signal."""
    usual, least = _figure(baseline), _figure(threshold)
    sentence = Words(
        f"Trong {days} ngày đếm được {number(found)}; thông thường là {usual}; từ {least} trở lên mới thành tín hiệu"
        f" (quy tắc {rule}, phiên bản {version}).",
        f"{number(found)} counted in {days} days; usual is {usual}; it is a signal from {least} on"
        f" (rule {rule}, version {version}).")
    return Explained(NAMES[rule], MEANS[rule], number(found), usual, least, sentence)


def _figure(value: float) -> str:
    return number(round(value)) if value == round(value) or value >= 100 else f"{value:.1f}".replace(".", ",")


def share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "–"
