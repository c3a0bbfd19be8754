"""Counting what comes: an app above says how many, hour by hour; the sweep keeps it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max

from agents.models.organisations import Centre, Outlet
from agents.surges.models import PlaceLoad
from agents.surges.rules import KEPT, LOOKS_BACK
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Arrived:
    """So many at one outlet or one centre in the hour that begins then."""

    outlet_id: UUID | None
    centre_id: UUID | None
    hour: datetime
    count: int


type Count = Callable[[datetime, datetime], Sequence[Arrived]]
"""What came from a moment (included) to another (not included)."""

_counts: list[Count] = []
_HOUR: Final = timedelta(hours=1)


def register(count: Count) -> None:
    """Let the app that knows arrivals answer; registering again replaces it."""
    _counts[:] = [count]


@operation
def count_loads(*, at: datetime) -> int:
    """Count from the last counted hour on, at first four weeks; returns how many rows. Safe to run again."""
    if not _counts:
        return 0
    last = PlaceLoad.objects.aggregate(last=Max("hour"))["last"]
    begin = (at - LOOKS_BACK).replace(minute=0, second=0, microsecond=0)
    rows = _rows(_counts[0](max(begin, last - _HOUR) if last is not None else begin, at))
    PlaceLoad.objects.bulk_create(rows, batch_size=2000, update_conflicts=True, unique_fields=["place_id", "hour"],
                                  update_fields=["count"])
    PlaceLoad.objects.filter(hour__lt=at - KEPT).delete()
    return len(rows)


def _rows(arrived: Iterable[Arrived]) -> list[PlaceLoad]:
    outlets = {key: (province, operator) for key, province, operator in Outlet.objects.values_list(
        "id", "commune__province_id", "operator_id")}
    centres = dict(Centre.objects.values_list("id", "province_id"))
    return [_row(each, outlets, centres) for each in arrived if each.outlet_id in outlets or each.centre_id in centres]


def _row(arrived: Arrived, outlets: dict[UUID, tuple[str, UUID]], centres: dict[UUID, str]) -> PlaceLoad:
    row = PlaceLoad(hour=arrived.hour, count=arrived.count, outlet_id=arrived.outlet_id, centre_id=arrived.centre_id)
    if arrived.outlet_id is not None:
        row.place_id = arrived.outlet_id
        row.province_code, row.operator_id = outlets[arrived.outlet_id]
    elif arrived.centre_id is not None:
        row.place_id, row.province_code = arrived.centre_id, centres[arrived.centre_id]
    return row
