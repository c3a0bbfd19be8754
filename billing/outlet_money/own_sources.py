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
