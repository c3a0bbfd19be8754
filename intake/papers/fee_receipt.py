"""Biên lai thu phí, lệ phí: what it says is fixed when it is written (Decree 254/2026/NĐ-CP, Articles 23 and 25).

The collecting unit is the authority that delegates, with name and address of the delegate beside it.
"""

from typing import Any, Final
from uuid import UUID

from django.utils.translation import override

from agents import public as agents
from intake.errors import ReceiptNotFound
from intake.models.receipts import OutletRange, Receipt
from intake.papers import wording
from intake.papers.render import render_pdf
from intake.papers.wording import fact
from intake.rules.receipts import LINE_WORDS, VOID, VOID_REASONS, written
from shared import formatting
from shared.actors import Actor
from shared.calendar import local
from shared.spoken_money import in_words

COPIES: Final = ("Liên 1: Lưu tại điểm thu", "Liên 2: Giao người nộp tiền", "Liên 3: Gửi cơ quan ủy nhiệm")


def fee_receipt_data(receipt: Receipt, numbers: OutletRange, outlet: agents.OutletInfo) -> dict[str, Any]:
    """All that is printed, from the row that is being written."""
    delegation = numbers.series.delegation
    dossier = receipt.dossier
    with override("vi"):
        return {
            "agency": delegation.agency_name, "tax_code": delegation.agency_tax_code,
            "delegate": f"{outlet.name} ({outlet.operator.name})", "delegate_address": _address(outlet),
            "delegation": delegation.number, "form_symbol": numbers.series.form_symbol,
            "symbol": numbers.series.symbol, "number": written(receipt.number), "copies": list(COPIES),
            "facts": [
                fact("Người nộp tiền", receipt.payer_name, heavy=True),
                fact("Địa chỉ", receipt.payer_address),
                fact("Mã hồ sơ", (dossier.code or dossier.agent_ref) if dossier is not None else ""),
                fact("Hình thức thanh toán", "Tiền mặt"),
            ],
            "lines": [{"kind": line["kind"], "kind_words": LINE_WORDS[line["kind"]].vi, "name": line["name"],
                       "amount": formatting.money(int(line["amount"]))} for line in receipt.lines],
            "total": formatting.money(receipt.amount.amount), "words": in_words(receipt.amount),
            "day": f"Ngày {local(receipt.collected_at):%d} tháng {local(receipt.collected_at):%m} năm "
                   f"{local(receipt.collected_at):%Y}, {local(receipt.collected_at):%H:%M}",
            "cashier": receipt.issued_by_name,
            "replaces": written(receipt.replaces.number) if receipt.replaces is not None else "",
        }


def _address(outlet: agents.OutletInfo) -> str:
    return ", ".join(part for part in (outlet.address, outlet.commune_name) if part)


def fee_receipt_pdf(receipt_id: UUID, *, actor: Actor) -> tuple[str, bytes]:
    """File name and PDF, the same bytes at every printing; a void one carries its mark and reason.

    Raises:
        ReceiptNotFound: `actor` sees no such receipt, or it is a sheet that nothing was written on.
    """
    receipt = Receipt.objects.seen_by(actor).filter(id=receipt_id).first()
    if receipt is None or not receipt.paper:
        raise ReceiptNotFound
    data = receipt.paper | {"void": _void(receipt)}
    name = f"bien-lai-{receipt.paper['symbol']}-{receipt.paper['number']}.pdf"
    return name, render_pdf("fee_receipt", data, dated=receipt.voided_at or receipt.collected_at)


def _void(receipt: Receipt) -> str:
    if receipt.state not in VOID or receipt.voided_at is None:
        return ""
    why = VOID_REASONS[receipt.void_reason].words.vi
    return f"ĐÃ HỦY {wording.moment(receipt.voided_at)}, {receipt.voided_by_name}: {why}. {receipt.void_note}"
