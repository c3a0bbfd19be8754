"""Helps with accounts and referrals in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from intake.rules.account_help import AccountKind, HelpAction, HelpState, ReferralOutcome
from intake.rules.wording import Words

S, A = HelpState, HelpAction

KIND_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    AccountKind.PORTAL: Words("Tài khoản Cổng dịch vụ công", "Public-service portal account"),
    AccountKind.VNEID: Words("Định danh điện tử VNeID mức độ 2", "VNeID electronic identity, level 2"),
})
STATE_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    S.OPEN: Words("Mới mở", "Opened"),
    S.EXPLAINED: Words("Đã giải thích", "Explained"),
    S.INSTALLED: Words("Đã cài ứng dụng", "App installed"),
    S.BOOKED: Words("Đã đặt lịch", "Booked"),
    S.ACTIVATED: Words("Đã kích hoạt cùng người dân", "Activated together"),
    S.IN_USE: Words("Đã đăng nhập lần đầu", "First log-in seen"),
    S.GIVEN_UP: Words("Không tiếp tục", "Given up"),
})
ACTION_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    A.EXPLAIN: Words("Đã giải thích cho người dân", "Explained to the citizen"),
    A.INSTALL: Words("Đã cài ứng dụng trên điện thoại của người dân", "App installed on the citizen’s phone"),
    A.BOOK: Words("Đã đặt lịch đến cơ quan", "Booked an appointment"),
    A.ACTIVATE: Words("Đã kích hoạt cùng người dân, người dân tự nhập mã",
                      "Activated together; the citizen typed the codes"),
    A.SEE_LOGIN: Words("Đã thấy người dân tự đăng nhập", "Saw the citizen log in"),
    A.GIVE_UP: Words("Người dân không muốn tiếp tục", "The citizen does not want to go on"),
})
OUTCOME_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    ReferralOutcome.CAME: Words("Đã đến", "Came"),
    ReferralOutcome.DID_NOT_COME: Words("Không đến", "Did not come"),
    ReferralOutcome.UNKNOWN: Words("Không liên lạc được", "Could not be reached"),
})
