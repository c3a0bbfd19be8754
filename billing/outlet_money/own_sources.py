"""The events behind lines that come from billing itself: decisions, corrections, drawers, transfers, month ends."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.utils import translation

from billing.disputes.models import Dispute, DisputeLine
from billing.disputes.wording import KINDS
from billing.known_errors.models import AffectedLine, KnownError
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.outlet_money.sources import SourceEvent, register_source
from billing.payments.models import CashShift, Collection
from billing.payouts.models import PayoutBatch, PayoutOrder
from billing.payouts.rules.states import ORDER_WORDS, OrderState
from billing.redress.models import Redress
from billing.rules.words import Words


def of_dispute_line(line_id: UUID) -> list[SourceEvent]:
    """Everything that was said and done in the dispute of the line."""
    line = DisputeLine.objects.select_related("dispute").filter(id=line_id).first()
    return [] if line is None else list(_dispute(line.dispute))


def _dispute(dispute: Dispute) -> Iterator[SourceEvent]:
    for entry in dispute.entries.order_by("said_at", "id"):
        words = _both(KINDS.get(entry.kind, entry.kind))
        yield SourceEvent(entry.said_at, entry.said_at, entry.author_name or entry.author, entry.kind, words.vi,
                          words.en, dispute.number)


def of_affected_line(line_id: UUID) -> list[SourceEvent]:
    """What became of the known error that the line was corrected for."""
    line = AffectedLine.objects.select_related("error").filter(id=line_id).first()
    return [] if line is None else list(_error(line.error))


def _error(error: KnownError) -> Iterator[SourceEvent]:
    yield _one(error.found_at, error.found_by_name, "found", Words("Ghi vào sổ lỗi đã biết", "Registered as an error"),
               error.number)
    for look in error.look_backs.order_by("looked_at"):
        yield _one(look.looked_at, look.looked_by, "look-back",
                   Words(f"Rà soát mọi điểm: {look.lines} dòng ở {look.outlets} điểm",
                         f"All outlets looked at: {look.lines} lines in {look.outlets} outlets"), error.number)
    if error.closed_at is not None:
        yield _one(error.closed_at, error.number, "closed", Words("Khép lỗi", "Closed"), error.number)


def of_redress(redress_id: UUID) -> list[SourceEvent]:
    """The decision or error by which interest is owed, and the letter."""
    redress = Redress.objects.filter(id=redress_id).first()
    return [] if redress is None else list(_redress(redress))


def _redress(redress: Redress) -> Iterator[SourceEvent]:
    if redress.source == "dispute":
        for dispute in Dispute.objects.filter(id=redress.source_id):
            yield from _dispute(dispute)
    else:
        for error in KnownError.objects.filter(id=redress.source_id):
            yield from _error(error)
    yield _one(redress.made_at, redress.made_by_name, "letter",
               Words("Tính lãi và gửi thư xin lỗi", "Interest worked out, letter of apology sent"), redress.number)


def of_outlet_month(source_id: UUID) -> list[SourceEvent]:
    """The month's end, at which stand-by and cap are worked out."""
    line = Charge.objects.filter(source_type="outlet-month", source_id=source_id, reverses=None).order_by("id").first()
    if line is None:
        return []
    month = Statement.objects.filter(province_id=line.province_code, operator_code=line.operator_code,
                                     period=line.occurred_at.astimezone().date().replace(day=1)).first()
    by = month.prepared_by if month is not None else line.posted_by
    return [_one(line.posted_at, by, "month-end",
                 Words("Khóa số liệu tháng; tính mức trực và mức trần của điểm từ chính các dòng trong tháng",
                       "The month was fixed; stand-by and cap of the outlet worked out from the month's own lines"),
                 f"{line.period:%m/%Y}")]


def of_cash_shift(shift_id: UUID) -> list[SourceEvent]:
    """A drawer from its opening to its count and, when it differed, the answer."""
    shift = CashShift.objects.filter(id=shift_id).first()
    return [] if shift is None else list(_shift(shift))


def _shift(shift: CashShift) -> Iterator[SourceEvent]:
    yield _one(shift.opened_at, shift.clerk_name, "opened", Words("Mở ca thu", "The shift was opened"))
    if shift.closed_at is not None:
        yield _one(shift.closed_at, shift.closed_by_name, "counted",
                   Words("Đếm quỹ, đóng ca", "The drawer was counted"))
    if shift.answered_at is not None:
        yield _one(shift.answered_at, shift.answered_by_name, "answered",
                   Words("Trả lời về chênh lệch", "The difference was answered"))


def of_collection(collection_id: UUID) -> list[SourceEvent]:
    """Money asked for by transfer or card, and its arrival."""
    asked = Collection.objects.filter(id=collection_id).first()
    return [] if asked is None else list(_collection(asked))


def _collection(asked: Collection) -> Iterator[SourceEvent]:
    yield _one(asked.asked_at, asked.asked_by_name, "asked", Words("Yêu cầu thanh toán", "Payment was asked for"),
               asked.reference)
    if asked.paid_at is not None:
        yield _one(asked.paid_at, asked.method, "paid", Words("Tiền đã đến", "The money has arrived"), asked.reference)


def of_payout_order(order_id: UUID) -> list[SourceEvent]:
    """One try to pay: who made and approved its batch, when it went out, and what became of it."""
    order = PayoutOrder.objects.select_related("payout").filter(id=order_id).first()
    return [] if order is None else list(_order(order))


def _order(order: PayoutOrder) -> Iterator[SourceEvent]:
    yield _one(order.payout.due_at, order.payout.payee_name, "due",
               Words(f"Bảng kê tháng {order.payout.period:%m/%Y} được duyệt chi",
                     f"The statement of {order.payout.period:%m/%Y} was released"), order.reference)
    # A batch is the city's own: an outlet or operator reads of its own order alone.
    for batch in PayoutBatch.objects.filter(id=order.batch_id):
        yield _one(batch.made_at, batch.made_by_name, "batch-made", Words("Lập lô chi", "The batch was made"),
                   batch.number)
        if batch.approved_at is not None:
            yield _one(batch.approved_at, batch.approved_by_name, "batch-approved",
                       Words("Duyệt lô chi", "The batch was approved"), batch.number)
        if batch.handed_over_at is not None:
            yield _one(batch.handed_over_at, batch.handed_over_by_name, "handed-over",
                       Words("Giao lô cho ngân hàng", "The batch was handed to the bank"), batch.bank_reference)
    if order.sent_at is not None:
        yield _one(order.sent_at, order.reference, "sent", ORDER_WORDS[OrderState.SENT], order.reference)
    if order.ended_at is not None:
        yield _one(order.ended_at, order.external_id or order.reference, str(order.state),
                   ORDER_WORDS[OrderState(order.state)], order.reference)


def _one(at: datetime, by: str, code: str, words: Words, place: str = "") -> SourceEvent:
    return SourceEvent(at, at, by, code, words.vi, words.en, place)


def _both(said: object) -> Words:
    found = []
    for language in ("vi", "en"):
        with translation.override(language):
            found.append(str(said))
    return Words(*found)


def register_own() -> None:
    """Called once the apps are ready."""
    register_source("dispute", of_dispute_line)
    register_source("known_error", of_affected_line)
    register_source("redress", of_redress)
    register_source("outlet-month", of_outlet_month)
    register_source("cash_shift", of_cash_shift)
    register_source("collection", of_collection)
    register_source("payout_order", of_payout_order)
