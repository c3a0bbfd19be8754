"""What stays where it is becomes somebody's work; what has moved on is taken off the list again."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from delivery.models.parcels import Parcel
from delivery.models.tracking import TrackingTry
from delivery.operations.telling import open_item
from delivery.rules import ParcelState
from shared import work
from shared.actors import job
from shared.calendar import WorkCalendar, at_local, local
from shared.models.oversight import WorkItem
from shared.working_days import work_calendar

US: Final = job("delivery.watching")
AT_ONCE: Final = 1000

# Invitations are two working days apart (Decision 45/2016/QĐ-TTg); after the second the result goes back.
ATTEMPTS_DUE: Final = 2
WAIT_AFTER_ATTEMPTS: Final = 2
WAIT_FOR_COLLECTION: Final = 5
WAIT_FOR_ACCEPTANCE: Final = 1

type Parcels = QuerySet[Parcel]
type Before = Callable[[int], datetime]
"""The first moment of the day that many working days ago."""
type Stuck = Callable[[Parcels, Before], Parcels]


def watch_parcels(*, at: datetime) -> int:
    """Open items for stuck parcels and close those of parcels that moved; returns how many parcels are stuck."""
    calendar, today = work_calendar(), local(at).date()

    def before(working_days: int) -> datetime:
        return at_local(_earlier(calendar, today, working_days), time(0))

    live = Parcel.objects.live()
    return sum(_watch(kind, stuck(live, before), at) for kind, stuck in WATCHES.items())


@transaction.atomic
def _watch(kind: str, stuck: Parcels, at: datetime) -> int:
    references = set(WorkItem.objects.filter(kind=kind, closed_at=None).values_list("reference", flat=True))
    still = set(stuck.filter(number__in=references).values_list("number", flat=True))
    for reference in references - still:
        work.close_item(kind=kind, reference=reference, by=US.id, at=at, outcome="the parcel moved on")
    # Those that are somebody's work already take no place of those that are not.
    new = stuck.exclude(number__in=still).order_by("state_at").values_list("number", "operator_code")[:AT_ONCE]
    found = dict(new)
    for number, operator_code in found.items():
        open_item(kind, number, operator_code, at, {})
    return len(still) + len(found)


def _earlier(calendar: WorkCalendar, today: date, working_days: int) -> date:
    """The day that many working days before `today`."""
    day = today
    while working_days:
        day -= timedelta(days=1)
        working_days -= calendar.is_working(day)
    return day


def _not_accepted(live: Parcels, before: Before) -> Parcels:
    return live.filter(state=ParcelState.BOOKED, booked_at__lt=before(WAIT_FOR_ACCEPTANCE))


def _to_be_returned(live: Parcels, before: Before) -> Parcels:
    return live.filter(state=ParcelState.ATTEMPT_FAILED, attempts__gte=ATTEMPTS_DUE,
                       state_at__lt=before(WAIT_AFTER_ATTEMPTS))  # fmt: skip


def _to_be_tried_again(live: Parcels, before: Before) -> Parcels:
    return live.filter(state=ParcelState.ATTEMPT_FAILED, attempts__lt=ATTEMPTS_DUE,
                       state_at__lt=before(WAIT_AFTER_ATTEMPTS))  # fmt: skip


def _not_collected(live: Parcels, before: Before) -> Parcels:
    return live.filter(state=ParcelState.AT_COLLECTION_POINT, state_at__lt=before(WAIT_FOR_COLLECTION))


WATCHES: Final[dict[str, Stuck]] = {
    "parcel-not-accepted": _not_accepted,
    "parcel-return-due": _to_be_returned,
    "parcel-attempt-due": _to_be_tried_again,
    "parcel-not-collected": _not_collected,
}
"""With the searches (delivery.searches) every state in which a trip is not over has a watch; contradictions open their
items at once."""


def forget_old_tries(*, at: datetime) -> int:
    """Drop tries at the tracking page that no longer count."""
    return TrackingTry.objects.filter(tried_at__lt=at - timedelta(days=1)).delete()[0]
