"""Kinds of work about money: of which family each is, in whose words, and where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words


class Family(StrEnum):
    """What a person filters by."""

    MONTHS = "thang"
    DISPUTES = "tranh-chap"
    CARDS = "the"
    BANK = "ngan-hang"
    PAYOUTS = "chi-tra"
    RULES = "quy-dinh"


FAMILY_WORDS: Final[Mapping[Family, Words]] = MappingProxyType({
    Family.MONTHS: Words("Tháng và đề nghị", "Months and claims"),
    Family.DISPUTES: Words("Tranh chấp, lỗi, đảo dòng", "Disputes, errors, take-backs"),
    Family.CARDS: Words("Thẻ", "Cards"),
    Family.BANK: Words("Thu hộ", "Collecting"),
    Family.PAYOUTS: Words("Chi trả", "Payouts"),
    Family.RULES: Words("Quy định, dự toán", "Rules and budget"),
})


@dataclass(frozen=True, slots=True)
class Kind:
    family: Family
    words: Words
    page: str
    """The named page where it is done."""
    by: str = ""
    """What the page needs: "reference", or a name in the item's detail; empty: it is a list."""


_F = Family
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({
    "claim-waits": Kind(_F.MONTHS, Words("Đề nghị chờ xem xét", "A claim waits for review"), "claim", "reference"),
    "claim-late": Kind(_F.MONTHS, Words("Đề nghị để quá lâu", "A claim has waited too long"), "claim", "claim"),
    "claim-call-backs-late": Kind(_F.MONTHS, Words("Chưa hỏi lại dân", "Citizens not asked yet"), "claim", "claim"),
    "statement-late": Kind(_F.MONTHS, Words("Bảng kê để quá lâu", "A statement has waited too long"), "claims"),
    "payment-differs": Kind(_F.MONTHS, Words("Kho bạc trả số khác", "The Treasury paid another amount"), "settlement",
                            "reference"),
    "parcel-without-tariff": Kind(_F.MONTHS, Words("Bưu gửi chưa có biểu cước", "A parcel without a tariff"), "month"),
    "dispute-raised": Kind(_F.DISPUTES, Words("Tranh chấp chưa ai nhận", "A dispute nobody has taken"), "dispute",
                           "dispute"),
    "dispute-in_review": Kind(_F.DISPUTES, Words("Tranh chấp đang xem xét", "A dispute under review"), "dispute",
                              "dispute"),
    "dispute-asked": Kind(_F.DISPUTES, Words("Câu hỏi chờ trả lời", "A question waits for an answer"), "dispute",
                          "dispute"),
    "dispute-proposed": Kind(_F.DISPUTES, Words("Kết luận chờ duyệt", "A proposal to confirm"), "dispute", "dispute"),
    "dispute-decided": Kind(_F.DISPUTES, Words("Kết luận chờ ý kiến", "A decision waits for your word"), "dispute",
                            "dispute"),
    "dispute-appealed": Kind(_F.DISPUTES, Words("Khiếu nại kết luận", "An appeal"), "dispute", "dispute"),
    "dispute-late": Kind(_F.DISPUTES, Words("Tranh chấp quá hạn", "A dispute past its day"), "disputes"),
    "known-error-late": Kind(_F.DISPUTES, Words("Lỗi đã biết quá hạn", "A known error past its day"), "known-errors"),
    "take-back-asked": Kind(_F.DISPUTES, Words("Đảo dòng chờ duyệt", "A take-back to decide"), "take-backs"),
    "card-payment-exception": Kind(_F.CARDS, Words("Tiền thẻ không trả khoản nào", "Card money that pays nothing"),
                                   "card-payment", "reference"),
    "card-payment-disputed": Kind(_F.CARDS, Words("Ngân hàng chủ thẻ đòi lại", "A cardholder's bank asks it back"),
                                  "cards"),
    "card-refund-to-decide": Kind(_F.CARDS, Words("Hoàn thẻ chờ người thứ hai", "A card refund to decide"), "cards"),
    "card-refund-failed": Kind(_F.CARDS, Words("Hoàn thẻ không được", "A card refund that failed"), "cards"),
    "bank-line-exception": Kind(_F.BANK, Words("Dòng ngân hàng không khớp", "A bank line that fits nothing"),
                                "collecting"),
    "collection-to-return": Kind(_F.BANK, Words("Tiền phải trả lại dân", "Money to give back to a citizen"),
                                 "collecting"),
    "payee-account-to-approve": Kind(_F.PAYOUTS, Words("Tài khoản nhận chờ duyệt", "A payee's account to approve"),
                                     "payees"),
    "payout-line-exception": Kind(_F.PAYOUTS, Words("Dòng chi không khớp", "A payout line that fits nothing"),
                                  "payouts"),
    "payout-returned": Kind(_F.PAYOUTS, Words("Khoản chi bị trả lại", "A payout that came back"), "payouts"),
    "payout-unknown": Kind(_F.PAYOUTS, Words("Chưa rõ đã chi chưa", "Not known whether it was paid"), "payouts"),
    "payout-batch-late": Kind(_F.PAYOUTS, Words("Lô chi để quá lâu", "A batch has waited too long"), "payouts"),
    "payout-reversed-in-part": Kind(_F.PAYOUTS, Words("Khoản chi bị rút một phần", "A payout taken back in part"),
                                    "payouts"),
    "rule-to-approve": Kind(_F.RULES, Words("Quy định chờ duyệt", "A rule to approve"), "rules"),
    "budget-running-out": Kind(_F.RULES, Words("Dự toán sắp hết", "A budget line runs out"), "budget"),
    "budget-used-up": Kind(_F.RULES, Words("Dự toán đã hết", "A budget line is used up"), "budget"),
    "support-access-asked": Kind(_F.RULES, Words("Xin truy cập hỗ trợ", "Support access asked for"), "support"),
})
OTHER: Final = {"known-error-": Kind(_F.DISPUTES, Words("Lỗi đã biết", "A known error"), "known-errors")}
"""Kinds that carry a state, by how they begin."""


def kind_of(name: str) -> Kind | None:
    """None: it is not about money."""
    return KINDS.get(name) or next((kind for begins, kind in OTHER.items() if name.startswith(begins)), None)
