"""States and steps in people's words, Vietnamese as the national portal writes them (handling codes 1–10)."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.states import (
    Handling,
    HandlingAction,
    MoneyAction,
    MoneyState,
    ResultAction,
    ResultState,
    SyncAction,
    SyncState,
)
from intake.rules.wording import Words

H, A = Handling, HandlingAction

STATE_WORDS: Final[Mapping[IntEnum | StrEnum, Words]] = MappingProxyType({
    H.DRAFT: Words("Bản nháp", "Draft"),
    H.REGISTERED: Words("Mới đăng ký", "Newly registered"),
    H.RECEIVED: Words("Được tiếp nhận", "Received"),
    H.NOT_ACCEPTED: Words("Không được tiếp nhận", "Not accepted"),
    H.IN_PROGRESS: Words("Đang xử lý", "Being handled"),
    H.SUPPLEMENT_ASKED: Words("Chờ bổ sung giấy tờ", "Waiting for papers"),
    H.PAYMENT_ASKED: Words("Chờ thực hiện nghĩa vụ tài chính", "Waiting for payment"),
    H.WITHDRAWN: Words("Công dân rút hồ sơ", "Withdrawn by the citizen"),
    H.STOPPED: Words("Dừng xử lý", "Stopped"),
    H.RESOLVED: Words("Đã xử lý xong", "Resolved"),
    H.RETURNED: Words("Đã trả kết quả", "Result returned"),
    MoneyState.NOTHING_DUE: Words("Không phải nộp", "Nothing due"),
    MoneyState.DUE: Words("Chưa nộp", "Due"),
    MoneyState.PAID: Words("Đã nộp", "Paid"),
    MoneyState.REFUNDED: Words("Đã hoàn lại", "Refunded"),
    ResultState.NOT_READY: Words("Chưa có kết quả", "No result yet"),
    ResultState.TO_SEND: Words("Chờ gửi về", "To be sent home"),
    ResultState.ON_THE_WAY: Words("Đang trên đường về", "On the way home"),
    ResultState.DELIVERED: Words("Đã phát tận nơi", "Delivered"),
    ResultState.CAME_BACK: Words("Chuyển hoàn về trung tâm", "Came back to the centre"),
    ResultState.NOT_BY_POST: Words("Không trả qua bưu chính", "Not by post"),
    SyncState.NOT_CONNECTED: Words("Chưa kết nối", "Not connected"),
    SyncState.PENDING: Words("Chờ đồng bộ", "Waiting to synchronise"),
    SyncState.SYNCED: Words("Đã đồng bộ", "Synchronised"),
    SyncState.PARKED: Words("Đồng bộ bị dừng", "Synchronisation parked"),
})

STEP_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    A.SUBMIT: Words("Nộp hồ sơ", "Filed"),
    A.FORWARD: Words("Chuyển đến trung tâm", "Forwarded to the centre"),
    "hand_over": Words("Bưu tá và trung tâm ký giao nhận", "Handed over to the centre, minutes signed"),
    "hand_over_undone": Words("Kiểm đếm thấy thiếu: chưa giao nhận", "Missing at the count: not handed over"),
    "forward_undone": Words("Còn tại điểm phục vụ, chuyển lại", "Still at the outlet, to be forwarded again"),
    A.RECEIVE: Words("Tiếp nhận, thời hạn bắt đầu", "Received, the clock starts"),
    A.REFUSE: Words("Từ chối tiếp nhận", "Not accepted"),
    A.START: Words("Bắt đầu xử lý", "Handling started"),
    A.ASK_SUPPLEMENT: Words("Yêu cầu bổ sung, tạm dừng thời hạn", "More papers asked for, the clock stops"),
    A.ANSWER_SUPPLEMENT: Words("Đã bổ sung, thời hạn chạy tiếp", "Papers brought, the clock runs again"),
    A.ASK_PAYMENT: Words("Yêu cầu nộp phí, tạm dừng thời hạn", "Payment asked for, the clock stops"),
    A.RECORD_PAYMENT: Words("Đã nộp phí, thời hạn chạy tiếp", "Paid, the clock runs again"),
    A.WITHDRAW: Words("Công dân rút hồ sơ", "Withdrawn by the citizen"),
    A.STOP: Words("Dừng giải quyết", "Handling stopped"),
    A.RESUME: Words("Giải quyết tiếp", "Handling goes on"),
    A.RESOLVE: Words("Giải quyết xong", "Resolved"),
    A.RETURN: Words("Trả kết quả", "Result handed over"),
    A.REOPEN: Words("Mở lại để sửa kết quả", "Reopened to correct the result"),
    "assign": Words("Phân công", "Assigned"),
    "escalate": Words("Nhắc việc theo thời hạn", "Reminded of the deadline"),
    "due_moved": Words("Đổi ngày hẹn trả theo lịch của trung tâm", "Due moment moved with the centre's calendar"),
    "ask_opinion": Words("Hỏi ý kiến", "Opinion asked for"),
    "opinion_answered": Words("Đã có trả lời ý kiến", "Opinion answered"),
    "pass_on": Words("Bàn giao cho đồng nghiệp", "Passed on to a colleague"),
    "release": Words("Trả về hàng đợi chung", "Back in the team's queue"),
    "hand_on": Words("Chuyển bước xử lý", "Next step of handling"),
    "extend": Words("Xin lỗi, gia hạn", "Apology sent, term extended"),
    "propose_correction": Words("Đề nghị sửa thông tin", "Correction proposed"),
    "correct": Words("Sửa thông tin, đã duyệt", "Corrected, approved"),
    "reject_correction": Words("Không duyệt sửa thông tin", "Correction turned down"),
    "remind": Words("Nhắc nhận kết quả", "Reminded to collect the result"),
    MoneyAction.CHARGE: Words("Thông báo phải nộp", "Amount due"),
    MoneyAction.PAY: Words("Đã thu tiền", "Paid"),
    MoneyAction.REFUND: Words("Hoàn tiền", "Refunded"),
    MoneyAction.REVERSE: Words("Hủy biên lai, chưa thu được tiền", "Receipt voided, not collected after all"),
    ResultAction.BOOK: Words("Đặt bưu gửi trả kết quả", "Parcel home booked"),
    ResultAction.DISPATCH: Words("Bưu điện nhận kết quả", "The post has the result"),
    ResultAction.DELIVER: Words("Đã phát kết quả", "Result delivered"),
    ResultAction.BRING_BACK: Words("Kết quả chuyển hoàn", "Result came back"),
    ResultAction.KEEP: Words("Trả kết quả không qua bưu chính", "Result not by post"),
    SyncAction.CHANGE: Words("Có thay đổi cần đồng bộ", "Change to synchronise"),
    SyncAction.CONFIRM: Words("Đã đồng bộ", "Synchronised"),
    SyncAction.PARK: Words("Đồng bộ bị dừng", "Synchronisation parked"),
    SyncAction.RELEASE: Words("Đồng bộ lại", "Synchronised again"),
})


def state_words(state: IntEnum | StrEnum) -> Words:
    return STATE_WORDS[state]


def step_words(action: str) -> Words:
    """An action without words of its own is shown as it is named."""
    return STEP_WORDS.get(action, Words(action, action))
