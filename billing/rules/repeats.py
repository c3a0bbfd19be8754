"""A result that came back and travels once more: whoever was at fault pays for that trip.

Decision 45/2016/QĐ-TTg, Article 12.4. The tariff and the national reduction are those of any trip; what is left of the
price is borne by the addressee, by the authority that sent it, or by the carrier itself, and no support is paid for it.
Where nobody was at fault, the trip is paid for as the first one was.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.records import Step
from billing.rules.words import Words
from shared.money import ZERO, Money

RULE: Final = "QD45-2016-D12.4"
BASIS: Final = "Quyết định 45/2016/QĐ-TTg, khoản 4 Điều 12"


class Bearer(StrEnum):
    """Who bears the cost of a repeated delivery; empty in a case: it is not one, or nobody was at fault."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    CARRIER = "carrier"


REASONS: Final[Mapping[Bearer, Words]] = MappingProxyType({
    Bearer.RECIPIENT: Words("Phát lại do lỗi của người nhận: người nhận trả, không được hỗ trợ.",
                            "Sent again by the addressee's fault: the addressee pays, without support."),
    Bearer.SENDER: Words("Phát lại do lỗi của nơi gửi: cơ quan gửi trả phần còn lại.",
                         "Sent again by the sender's fault: the authority pays what is left."),
    Bearer.CARRIER: Words("Phát lại do lỗi của doanh nghiệp bưu chính: doanh nghiệp tự chịu, không tính cước.",
                          "Sent again by the carrier's fault: it bears the trip itself, nothing is charged."),
})
CODES: Final = frozenset(f"repeat-{bearer}" for bearer in Bearer)


def borne_by_carrier(tariff: Step) -> Step:
    """The tariff's step of a trip that the carrier bears: it costs nobody else anything."""
    reason = REASONS[Bearer.CARRIER]
    return replace(tariff, amount=ZERO, rule=RULE, legal_basis=BASIS, reason_code="repeat-carrier",
                   reason_vi=f"{reason.vi} {tariff.reason_vi}", reason_en=f"{reason.en} {tariff.reason_en}")


def support_of(bearer: Bearer, left: Money, city: str) -> Step:
    """The city's step: all that is left where the authority bears it, else nothing."""
    amount, reason = left if bearer is Bearer.SENDER else ZERO, REASONS[bearer]
    return Step("city_subsidy", -amount, f"{city} trả cho lần phát lại", f"{city} pays for sending it again", RULE,
                BASIS, "verified", f"repeat-{bearer}", reason.vi, reason.en)
