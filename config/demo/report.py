"""What the played story amounts to: the board of Huế at the reported moment, Hà Nội's January in money."""

from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Sum

from billing.models.ledger import Charge, Posting
from config.demo.hue_figures import AS_OF, PROVINCE
from config.demo.network import HANOI
from delivery.models.parcels import Parcel
from intake.boards.reading import board_as_of
from shared.calendar import at_local
from shared.outbox import relay

MONTH: Final = date(2026, 1, 1)
MONTH_AFTER: Final = date(2026, 2, 1)
_SUMS: Final = {
    "postage_vnd": "gross",
    "national_reduction_vnd": "national_reduction",
    "subsidy_vnd": "city_subsidy",
    "citizen_vnd": "citizen_share",
    "compensation_vnd": "compensation",
}


def report(*, seconds: float, as_of: datetime = AS_OF) -> dict[str, Any]:
    """Counts of Huế as of `as_of`, whole đồng of Hà Nội's January 2026, and whether anything is left undone."""
    board = board_as_of(PROVINCE, as_of)
    return {
        "as_of": as_of.isoformat(),
        "centres": len(board.by_centre),
        "received": board.received,
        "resolved": board.resolved,
        "received_by_centre": {row.centre.commune_code: row.count.received for row in board.by_centre},
        "resolved_by_centre": {row.centre.commune_code: row.count.resolved for row in board.by_centre},
        "parcels_delivered": _delivered(),
        **_money(),
        "ledger_sum_vnd": int(Posting.objects.aggregate(all=Sum("amount"))["all"] or 0),
        "outbox_unsent": relay.unsent_count(),
        "seconds": round(seconds, 1),
    }


def _delivered() -> int:
    midnight = time()
    return Parcel.objects.filter(
        province_code=HANOI,
        delivered_at__gte=at_local(MONTH, midnight),
        delivered_at__lt=at_local(MONTH_AFTER, midnight),
    ).count()


def _money() -> dict[str, int]:
    month = Charge.objects.filter(province_code=HANOI, period=MONTH)
    sums = month.aggregate(**{key: Sum(column) for key, column in _SUMS.items()})
    return {key: int(value or 0) for key, value in sums.items()}
