"""Receipts for fees that an outlet collects for an authority (Decree 254/2026/NĐ-CP, Articles 23 to 25).

A number has at most eight digits and begins again at 1 every 1 January; an outlet uses its own range in ascending
order; nobody voids what she issued herself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

LAST_NUMBER: Final = 99_999_999
DAYS_TAX_OFFICE_HEARS_BEFORE: Final = 3
"""Decree 254/2026/NĐ-CP, Article 25."""
FEW_LEFT: Final = 20
"""From here on the operator is told to allot more."""


class SeriesKind(StrEnum):
    ELECTRONIC = "electronic"
    PREPRINTED = "preprinted"


SERIES_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    SeriesKind.ELECTRONIC: Words("Điện tử", "Electronic"),
    SeriesKind.PREPRINTED: Words("In sẵn, dùng khi mất mạng", "Pre-printed, for when the network is down"),
})


class ReceiptState(StrEnum):
    ISSUED = "issued"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    SPOILED = "spoiled"
    """A pre-printed sheet that was never used for money."""


RECEIPT_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    ReceiptState.ISSUED: Words("Đã lập", "Issued"),
    ReceiptState.CANCELLED: Words("Đã hủy", "Void"),
    ReceiptState.REPLACED: Words("Đã thay thế", "Replaced"),
    ReceiptState.SPOILED: Words("Giấy hỏng", "Spoiled sheet"),
})
VOID: Final = frozenset({ReceiptState.CANCELLED, ReceiptState.REPLACED})


class ReceiptAction(StrEnum):
    CANCEL = "cancel"
    REPLACE = "replace"


RECEIPTS: Final[Mapping[tuple[ReceiptState, ReceiptAction], ReceiptState]] = MappingProxyType({
    (ReceiptState.ISSUED, ReceiptAction.CANCEL): ReceiptState.CANCELLED,
    (ReceiptState.ISSUED, ReceiptAction.REPLACE): ReceiptState.REPLACED,
})


@dataclass(frozen=True, slots=True)
class VoidReason:
    """Why a receipt is void. `after`: what then becomes of the money, "replaced", "due" or "refunded"."""

    code: str
    words: Words
    after: str


VOID_REASONS: Final[Mapping[str, VoidReason]] = MappingProxyType({reason.code: reason for reason in (
    VoidReason("wrong-payer", Words("Sai tên hoặc địa chỉ người nộp", "Wrong name or address of the payer"),
               "replaced"),
    VoidReason("misprint", Words("In hỏng, không giao được", "Misprinted, could not be handed out"), "replaced"),
    VoidReason("not-collected", Words("Chưa thu được tiền", "The money was not collected"), "due"),
    VoidReason("refunded", Words("Đã trả lại tiền cho người nộp", "The money was given back to the payer"), "refunded"),
)})


class LineKind(StrEnum):
    """Phí and lệ phí stand apart on a receipt (Law 97/2015/QH13 on fees and charges)."""

    FEE = "P"
    CHARGE = "LP"


LINE_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    LineKind.FEE: Words("Phí", "Fee"), LineKind.CHARGE: Words("Lệ phí", "Charge")})


def line_kind(procedure_name: str) -> LineKind:
    """Certification is a service with a fee (phí chứng thực); registers and permits take a charge (lệ phí)."""
    name = procedure_name.lower()
    return LineKind.FEE if "chứng thực" in name or "bản sao từ sổ gốc" in name else LineKind.CHARGE


def written(number: int) -> str:
    """A receipt's number as it is printed: at least seven digits."""
    return f"{number:07d}"


def is_told_in_time(tax_told: date, valid_from: date) -> bool:
    return (valid_from - tax_told).days >= DAYS_TAX_OFFICE_HEARS_BEFORE
