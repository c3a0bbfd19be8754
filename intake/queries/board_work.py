"""What is open in a province right now, for the board: kinds of work with how many and how many are past due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q

from intake.rules.wording import Words
from shared.models.oversight import WorkItem

KIND_WORDS: Final = {
    "authority-unclear": Words("Hồ sơ chưa rõ thẩm quyền", "Dossiers whose authority is unclear"),
    "overdue": Words("Hồ sơ quá hạn", "Dossiers past due"),
    "due-soon": Words("Hồ sơ còn dưới 4 giờ làm việc", "Dossiers with under 4 working hours left"),
    "not-received": Words("Đã đến trung tâm, chưa tiếp nhận", "Arrived and not received"),
    "not-forwarded": Words("Còn ở bưu cục, chưa chuyển", "Still at the outlet"),
    "papers-not-arrived": Words("Giấy tờ gửi đi chưa đến", "Papers that have not arrived"),
    "draft-left-lying": Words("Bản nháp bỏ quên", "Drafts left lying"),
    "supplement-unanswered": Words("Chờ bổ sung quá 5 ngày làm việc", "Papers awaited for over 5 working days"),
    "payment-unanswered": Words("Chờ nộp phí quá 5 ngày làm việc", "Payment awaited for over 5 working days"),
    "stopped-long": Words("Dừng xử lý quá 10 ngày làm việc", "Stopped for over 10 working days"),
    "result-not-sent": Words("Kết quả chưa gửi đi", "Results not sent yet"),
    "result-not-delivered": Words("Kết quả chưa đến tay người dân", "Results not delivered"),
    "result-came-back": Words("Kết quả chuyển hoàn", "Results that came back"),
    "result-not-fetched": Words("Kết quả chưa ai đến nhận", "Results nobody has fetched"),
    "payment-due": Words("Chưa nộp tiền", "Payments due"),
    "sync-waiting": Words("Chờ đồng bộ lên cổng", "Waiting to synchronise"),
    "sync-parked": Words("Đồng bộ bị dừng", "Synchronisation parked"),
}
"""In the order in which they are to be looked at."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    kind: str
    words: Words
    count: int
    late: int


def open_work(province_code: str, now: datetime) -> Sequence[OpenWork]:
    """Kinds of open work in a province, most pressing kind first."""
    found = WorkItem.objects.filter(closed_at=None, kind__in=KIND_WORDS, detail__province=province_code)
    rows = found.values("kind").annotate(number=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    order = list(KIND_WORDS)
    ordered = sorted(rows.values_list("kind", "number", "late"), key=lambda row: order.index(row[0]))
    return [OpenWork(kind, KIND_WORDS[kind], number, late) for kind, number, late in ordered]
