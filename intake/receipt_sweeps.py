"""Sheets that nobody has matched yet: listed every day, with an owner, until none is left."""

from datetime import datetime
from typing import Final

from intake.models.receipts import Receipt
from shared.calendar import MINUTES_A_DAY
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

UNMATCHED: Final = "paper-receipt-unmatched"


@operation
def watch_receipts(*, at: datetime) -> int:
    """Open an item for each sheet without a dossier, close what has been matched or voided; returns how many opened."""
    waiting = list(Receipt.objects.unmatched().select_related("outlet", "series").order_by("collected_at"))
    still = {str(each.id) for each in waiting}
    WorkItem.objects.filter(kind=UNMATCHED, closed_at=None).exclude(reference__in=still).update(
        closed_at=at, closed_by="sweep", outcome="settled")
    known = set(WorkItem.objects.filter(kind=UNMATCHED, closed_at=None).values_list("reference", flat=True))
    due_at = work_calendar().add_working_minutes(at, MINUTES_A_DAY)
    items = [WorkItem(kind=UNMATCHED, reference=str(each.id), owner_role=Role.OUTLET_MANAGER,
                      owner_place=each.outlet.code, opened_at=at, due_at=due_at,
                      detail={"symbol": each.series.symbol, "number": each.number, "holder": each.issued_by_name})
             for each in waiting if str(each.id) not in known]
    return len(WorkItem.objects.bulk_create(items, ignore_conflicts=True))
