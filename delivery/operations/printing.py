"""Labels leave the printer: who printed which, and which were never printed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from delivery.errors import LabelsRefused, ParcelNotFound
from delivery.models.parcels import Parcel
from delivery.queries.parcels import seen_by
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.transactions import operation

MOST_LABELS = 100


@operation
def note_labels_printed(*, parcel_ids: Sequence[UUID], by: Actor, at: datetime) -> list[Parcel]:
    """Note that these labels are printed, and return their parcels in the order in which they were booked.

    Raises:
        LabelsRefused: none are named, or too many at once.
        ParcelNotFound: one of them is none that `by` may know of.
    """
    wanted = set(parcel_ids)
    wrong = ErrorCollector()
    if not 1 <= len(wanted) <= MOST_LABELS:
        wrong.add("/parcel_ids", "range", _("Choose between 1 and 100 parcels."))
    wrong.raise_if_any(LabelsRefused)
    parcels = list(seen_by(by).filter(id__in=wanted).order_by("booked_at", "id"))
    if len(parcels) != len(wanted):
        raise ParcelNotFound
    Parcel.objects.filter(id__in=wanted, label_printed_at=None).update(label_printed_at=at)
    audit.record_all([audit.Entry(by, "parcel.label", "parcel", parcel.id, at) for parcel in parcels])
    return parcels
