"""What was invited or waited long enough goes back; what no round has answered becomes somebody's work."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from delivery.door import photos
from delivery.door.models import DeliveryRound, DoorAct, PickUp, RoundStop
from delivery.door.operations.carrier_orders import order_return
from delivery.door.queries import agreed_days
from delivery.door.rules import plan_of
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.operations.telling import open_item
from delivery.rules import Direction, ParcelState
from delivery.rules.carrier_requests import RequestKind
from delivery.rules.summaries import from_data
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import local
from shared.models.oversight import WorkItem
from shared.transactions import operation
from shared.working_days import work_calendar

US: Final = job("delivery.returns")
AT_ONCE: Final = 500
UNANSWERED: Final = "round-unanswered"
ORPHANS_AFTER: Final = timedelta(hours=24)


def send_back_due(*, at: datetime) -> int:
    """Order the return of every parcel whose invitations or days of collection are over; returns how many."""
    return sum(_send_back(parcel_id, at) for parcel_id in list(_due(at)))


def _due(at: datetime) -> Iterator[UUID]:
    """Only what has passed its day: the day itself belongs to the citizen."""
    today = local(at).date()
    # What was ordered back and has not moved yet is its carrier's request now, and takes nobody's turn here.
    ordered = CarrierRequest.objects.filter(parcel=OuterRef("pk"), kind=RequestKind.RETURN)
    tried = Parcel.objects.filter(~Exists(ordered), state=ParcelState.ATTEMPT_FAILED, direction=Direction.RESULT,
                                  attempts__gte=2)
    for parcel in tried.only("id", "summary").order_by("state_at")[:AT_ONCE]:
        if _is_over(parcel, today):
            yield parcel.id
    waited = PickUp.objects.filter(ended_at=None, until_date__lt=today, parcel__state=ParcelState.AT_COLLECTION_POINT)
    yield from waited.order_by("until_date").values_list("parcel_id", flat=True)[:AT_ONCE]


def _is_over(parcel: Parcel, today: date) -> bool:
    days = [date.fromisoformat(each) for each in from_data(parcel.summary).attempt_days]
    return_on = plan_of(days, work_calendar()).return_on
    agreed = agreed_days([parcel.id]).get(parcel.id)
    return return_on is not None and return_on < today and (agreed is None or agreed < today)


@operation
def _send_back(parcel_id: UUID, at: datetime, by: Actor = US) -> bool:
    parcel = Parcel.objects.select_for_update(of=("self",)).get(id=parcel_id)
    waiting = PickUp.objects.filter(parcel=parcel, ended_at=None).first()
    if parcel.state not in {ParcelState.ATTEMPT_FAILED, ParcelState.AT_COLLECTION_POINT}:
        return False
    if not order_return(parcel, at=at):
        return False  # ordered before
    if waiting is not None:
        PickUp.objects.filter(parcel=parcel).update(ended_at=at)
    audit.record(actor=by, action="parcel.send-back", object_type="parcel", object_id=parcel.id, at=at,
                 after={"state": parcel.state, "attempts": parcel.attempts})
    return True


def watch_rounds(*, at: datetime) -> int:
    """A round whose day is over and whose parcels have no answer: its office looks; returns how many are new."""
    open_stop = RoundStop.objects.filter(round=OuterRef("pk"), answered_at=None, removed_at=None)
    over = DeliveryRound.objects.filter(Exists(open_stop), closed_at=None, expires_at__lte=at)
    _end_answered({str(each) for each in over.values_list("id", flat=True)}, at)
    known = WorkItem.objects.filter(kind=UNANSWERED, closed_at=None).values_list("reference", flat=True)
    new = over.annotate(reference=Cast("id", TextField())).exclude(reference__in=known)
    found = {str(each.id): each for each in new.order_by("expires_at")[:AT_ONCE]}
    for reference, each in found.items():
        if each.outlet_id is None:
            open_item(UNANSWERED, reference, each.operator_code, at, {})
        else:
            work.open_item(kind=UNANSWERED, reference=reference, owner_role="outlet_manager",
                           owner_place=str(each.outlet_id), at=at,
                           due_at=work_calendar().add_working_minutes(at, 480), detail={})
    return len(found)


def _end_answered(still: set[str], at: datetime) -> None:
    """What came in late, or was taken back, has its answer."""
    for item in WorkItem.objects.filter(kind=UNANSWERED, closed_at=None).exclude(reference__in=still):
        work.close_item(kind=UNANSWERED, reference=item.reference, by=US.id, at=at, outcome="answered")


def forget_orphans(*, now: datetime | None = None) -> int:
    """Remove photos that no act names: a hand-over was refused after its photo was sealed."""
    names = set(photos.names_older_than((now or timezone.now()) - ORPHANS_AFTER))
    kept = set(DoorAct.objects.filter(photo__in=names).values_list("photo", flat=True))
    for name in names - kept:
        photos.remove(name)
    return len(names - kept)
