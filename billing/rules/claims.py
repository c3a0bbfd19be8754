"""A claim file on its way, and the verdicts of comparing it with our books and with what carriers and centres say.

A claim is what an operator asks a city to pay for one month. Nothing of a file counts before the operator has seen how
it was read and confirmed it; after that every line has exactly one verdict, and every verdict its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words
from shared.roles import Role


class ClaimState(StrEnum):
    RECEIVED = "received"
    """The file is kept; a worker reads it."""
    READ = "read"
    """Read without a fault: waits for the operator to confirm what was understood."""
    FAULTY = "faulty"
    """Some rows cannot be read: nothing was taken."""
    CONFIRMED = "confirmed"
    """Waits until the month's statement is prepared, then it is compared."""
    MATCHED = "matched"
    DISCARDED = "discarded"


class ClaimAction(StrEnum):
    READ = "read"
    FIND_FAULTS = "find_faults"
    CONFIRM = "confirm"
    MATCH = "match"
    DISCARD = "discard"


CLAIM: Final[Mapping[tuple[ClaimState, ClaimAction], ClaimState]] = MappingProxyType({
    (ClaimState.RECEIVED, ClaimAction.READ): ClaimState.READ,
    (ClaimState.RECEIVED, ClaimAction.FIND_FAULTS): ClaimState.FAULTY,
    (ClaimState.READ, ClaimAction.CONFIRM): ClaimState.CONFIRMED,
    (ClaimState.READ, ClaimAction.DISCARD): ClaimState.DISCARDED,
    (ClaimState.CONFIRMED, ClaimAction.DISCARD): ClaimState.DISCARDED,
    (ClaimState.CONFIRMED, ClaimAction.MATCH): ClaimState.MATCHED,
    (ClaimState.MATCHED, ClaimAction.DISCARD): ClaimState.DISCARDED,
})
FINAL_CLAIM: Final = frozenset({ClaimState.FAULTY, ClaimState.DISCARDED, ClaimState.MATCHED})
"""A matched claim is done with: what follows is its statement's."""
LIVE_CLAIM: Final = frozenset({ClaimState.RECEIVED, ClaimState.READ, ClaimState.CONFIRMED, ClaimState.MATCHED})
CLAIM_WORDS: Final[Mapping[ClaimState, Words]] = MappingProxyType({
    ClaimState.RECEIVED: Words("Đang đọc tệp", "Being read"),
    ClaimState.READ: Words("Chờ xác nhận", "Waits for confirmation"),
    ClaimState.FAULTY: Words("Có dòng lỗi", "Has faulty rows"),
    ClaimState.CONFIRMED: Words("Chờ đối chiếu", "Waits to be compared"),
    ClaimState.MATCHED: Words("Đã đối chiếu", "Compared"),
    ClaimState.DISCARDED: Words("Đã bỏ", "Discarded"),
})


@dataclass(frozen=True, slots=True)
class Patience:
    """Who answers for a state, and how long something may lie in it before she is told."""

    owner_role: str
    most: timedelta


WATCHED_CLAIM: Final[Mapping[ClaimState, Patience]] = MappingProxyType({
    ClaimState.RECEIVED: Patience(Role.ADMINISTRATOR, timedelta(hours=1)),
    ClaimState.READ: Patience(Role.OPERATOR_HQ, timedelta(days=3)),
    ClaimState.CONFIRMED: Patience(Role.FINANCE_REVIEWER, timedelta(days=3)),
})


class Verdict(StrEnum):
    ADMITTED = "admitted"
    REDUCED = "reduced"
    """Admitted with a smaller amount."""
    REJECTED = "rejected"
    LOOK = "look"
    """A person decides; until then nothing of it is admitted."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line is not simply admitted. `help` says what can be done about it."""

    verdict: Verdict
    title: Words
    help: Words
    is_ours: bool = False
    """The cause may lie with us: looked into by us first, never held against the operator."""


V = Verdict
REASONS: Final[Mapping[str, Reason]] = MappingProxyType({
    "citizen-denies": Reason(V.LOOK, Words("Người dân nói chưa nhận", "The citizen says it never came"), Words(
        "Hỏi bưu chính chứng cứ phát, rồi quyết định.", "Ask the operator for its proof of delivery, then decide.")),
    "not-posted": Reason(V.LOOK, Words("Đã phát, sổ chưa ghi", "Delivered, not in our books"), Words(
        "Lỗi có thể ở phía hệ thống: kiểm tra trước khi nói với bưu chính.",
        "The fault may be ours: find out before the operator is asked."), is_ours=True),
    "no-proof": Reason(V.LOOK, Words("Thiếu chứng cứ phát", "No proof of delivery"), Words(
        "Nhà vận chuyển báo đã phát nhưng chưa gửi chứng cứ.",
        "The carrier says it was delivered and has not sent a proof.")),
    "dossier-differs": Reason(V.LOOK, Words("Mã hồ sơ khác", "Another dossier"), Words(
        "Bưu gửi này không chứa hồ sơ ghi trong tệp.", "This parcel did not hold the dossier that the file names.")),
    "facts-differ": Reason(V.LOOK, Words("Ngày hoặc chiều khác", "Day or direction differs"), Words(
        "So với sự kiện của nhà vận chuyển rồi quyết định.", "Compare with the carrier's events, then decide.")),
    "second-trip": Reason(V.LOOK, Words("Hồ sơ đi hai lần cùng chiều", "Same dossier, same way, twice"), Words(
        "Có thể là phát lại hoặc tách bưu gửi.", "Perhaps sent again, perhaps one parcel made into two.")),
    "over-amount": Reason(V.REDUCED, Words("Vượt mức", "More than is owed"), Words(
        "Chấp nhận đúng số sổ đã tính theo biểu cước và quy định.",
        "Admitted is what our books worked out by tariff and rules.")),
    "class-not-proven": Reason(V.REDUCED, Words("Chưa chứng minh đối tượng", "Class not proven"), Words(
        "Không có giấy chứng minh đối tượng ở hồ sơ này.", "No proof of this class lies with the dossier.")),
    "under-amount": Reason(V.ADMITTED, Words("Thấp hơn sổ", "Less than our books"), Words(
        "Chấp nhận số đề nghị; bưu chính được báo phần chênh.", "Admitted as claimed; the operator is told.")),
    "bad-number": Reason(V.REJECTED, Words("Sai số kiểm tra của mã", "Check digit is wrong"), Words(
        "Số hiệu gồm 13 ký tự có chữ số kiểm tra theo chuẩn UPU S10.", "The number fails the check of UPU S10.")),
    "duplicate": Reason(V.REJECTED, Words("Trùng trong tệp", "Twice in the file"), Words(
        "Cùng một bưu gửi hoặc công việc đã có ở dòng trước.", "An earlier row claims the same.")),
    "claimed-before": Reason(V.REJECTED, Words("Đã đề nghị trước đây", "Claimed before"), Words(
        "Một đề nghị trước đã được chấp nhận cho mục này.", "An earlier claim was admitted for it.")),
    "unknown": Reason(V.REJECTED, Words("Không có sự kiện", "Nothing known of it"), Words(
        "Hệ thống không có bưu gửi hoặc công việc này.", "Neither a parcel nor work of this kind is known.")),
    "other-operator": Reason(V.REJECTED, Words("Của doanh nghiệp khác", "Another operator's"), Words(
        "Bưu gửi này do doanh nghiệp khác hoặc ở tỉnh khác.", "It belongs to another operator or province.")),
    "not-delivered": Reason(V.REJECTED, Words("Chưa phát", "Not delivered"), Words(
        "Đề nghị lại ở tháng phát thành công.", "Claim it in the month of its delivery.")),
    "wrong-commune": Reason(V.REJECTED, Words("Phát khác nơi đăng ký", "Delivered elsewhere"), Words(
        "Không có lệnh đổi nơi phát.", "There was no order to change the place of delivery.")),
    "taken-back": Reason(V.REJECTED, Words("Dòng đã đảo", "Taken back in the books"), Words(
        "Lý do ghi ở bút toán đảo.", "The reversal says why.")),
    "later-period": Reason(V.REJECTED, Words("Tính ở tháng sau", "Counts in a later month"), Words(
        "Đề nghị trong bảng kê của tháng đó.", "Claim it with that month's statement.")),
    "closed-period": Reason(V.REJECTED, Words("Thuộc kỳ đã khóa", "Belongs to a closed month"), Words(
        "Kỳ đó đã lập bảng kê.", "That month's statement is prepared.")),
    "not-online": Reason(V.REJECTED, Words("Không nộp trực tuyến", "Not filed online"), Words(
        "Chính sách chỉ trả cho hồ sơ nộp trực tuyến.", "The policy pays for dossiers filed online only.")),
    "beyond-budget": Reason(V.REJECTED, Words("Vượt dự toán", "Beyond the budget"), Words(
        "Dòng ngân sách đã hết khi phát sinh.", "The budget line was empty.")),
    "nothing-owed": Reason(V.REJECTED, Words("Thành phố không trả", "The city owes nothing"), Words(
        "Mở dòng của sổ để xem quy định.", "Open the line of our books for the rule.")),
})
EXCEPTION: Final = frozenset(REASONS)
MOST_CLAIMED: Final = 100_000_000
"""Đồng in one row; more is a slip of the pen."""
BUDGET_REASONS: Final = ("budget-empty", "beyond-budget", "no-budget-left")
"""Reasons of our own lines that mean an empty budget line."""
