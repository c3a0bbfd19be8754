"""What is somebody's work about parcels, as screens and the API read it."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value

from delivery.models.parcels import ParcelQuerySet
from delivery.rules.parcel_work import KINDS
from shared.models.oversight import WorkItem


def open_work(kinds: Collection[str] = KINDS) -> QuerySet[Any]:
    """Open items with the number of the parcel that each is about as `number`; some name it with what was asked."""
    number = Func(F("reference"), Value(":"), Value(1), function="split_part", output_field=TextField())
    return WorkItem.objects.filter(closed_at=None, kind__in=kinds).annotate(number=number)


def work_of(number: str) -> list[WorkItem]:
    """What is open about one parcel, the most urgent first."""
    return list(open_work().filter(number=number).order_by("due_at", "id"))


def with_work(parcels: ParcelQuerySet) -> ParcelQuerySet:
    """Those that somebody has to look at."""
    return parcels.filter(number__in=open_work().values("number"))
