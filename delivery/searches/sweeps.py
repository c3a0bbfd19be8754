"""Searches that begin and go on by themselves: by age, by the parcel's events, by the day of the answer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q

from delivery.door.redirects import NONE, is_late, orders_of
from delivery.errors import SearchRunning
from delivery.events import ParcelDelayed
from delivery.models.parcels import Parcel, ParcelDossier
from delivery.promise.rules import expected
from delivery.rules import ParcelState
from delivery.searches.models import Delay, SearchCase
from delivery.searches.operations import end_search, locked_running, open_search, take_over
from delivery.searches.queries import WAITING_FOR_PEOPLE, to_be_searched
from delivery.searches.rules import SearchAction, SearchCause, SearchState
from shared.actors import job
from shared.calendar import local
from shared.outbox.publishing import publish
from shared.transactions import operation
from shared.working_days import work_calendar

US: Final = job("delivery.searches")
AT_ONCE: Final = 500

_ARRIVED: Final = (ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.CANCELLED)


def watch_searches(*, at: datetime) -> int:
    """Everything that is due; safe at any time, any number of times. Returns how many searches run afterwards."""
    follow_parcels(at=at)
    notice_delays(at=at)
    open_due_searches(at=at)
    escalate_overdue(at=at)
    return SearchCase.objects.running().count()


def open_due_searches(*, at: datetime) -> int:
    """Look for what is silent or overdue; returns how many searches were opened."""
    opened = 0
    for parcels, cause in to_be_searched(work_calendar(), at):
        for parcel_id in list(parcels.order_by("state_at", "id").values_list("id", flat=True)[:AT_ONCE]):
            opened += _open(parcel_id, cause, at)
    return opened


@operation
def _open(parcel_id: UUID, cause: SearchCause, at: datetime) -> bool:
    try:
        open_search(Parcel.objects.get(id=parcel_id), cause, by=US, at=at)
    except SearchRunning:
        return False
    return True


def follow_parcels(*, at: datetime) -> int:
    """End searches whose parcel has arrived, moves again, or is said to be lost."""
    running = SearchCase.objects.running()
    moves_again = Q(cause__in=[SearchCause.SILENT, SearchCause.REPORTED], parcel__state_at__gt=F("opened_at"))
    tried = Q(cause=SearchCause.OVERDUE, parcel__state__in=WAITING_FOR_PEOPLE[:2])
    arrived = Q(parcel__state__in=_ARRIVED) & ~Q(cause=SearchCause.NOT_RECEIVED)
    lost = Q(parcel__state=ParcelState.LOST)
    settled = running.filter(moves_again | tried | arrived | lost).exclude(parcel__state=ParcelState.NEEDS_REVIEW)
    ids = list(settled.order_by("id").values_list("id", flat=True)[:AT_ONCE])
    return sum(_follow(search_id, at) for search_id in ids)


@operation
def _follow(search_id: UUID, at: datetime) -> bool:
    search = locked_running(search_id)
    if search is None:
        return False
    is_lost = search.parcel.state == ParcelState.LOST
    end_search(search, SearchAction.GIVE_UP if is_lost else SearchAction.MOVE_ON, by=US, at=at)
    return True


def escalate_overdue(*, at: datetime) -> int:
    """Give to the city what the operator has not answered by the day."""
    late = SearchCase.objects.running().filter(state=SearchState.SEARCHING, answer_by__lt=local(at).date())
    ids = list(late.order_by("answer_by", "id").values_list("id", flat=True)[:AT_ONCE])
    return sum(_escalate(search_id, at) for search_id in ids)


@operation
def _escalate(search_id: UUID, at: datetime) -> bool:
    search = locked_running(search_id)
    if search is None or search.state != SearchState.SEARCHING:
        return False
    take_over(search, by=US, at=at)
    return True


@operation
def notice_delays(*, at: datetime) -> int:
    """Write down which parcels have missed their promised day on the way, once each, and tell who waits for them."""
    today, calendar = local(at).date(), work_calendar()
    asked = Parcel.objects.live().filter(delay=None, attempts=0).exclude(state__in=WAITING_FOR_PEOPLE)
    # Who ordered it to another commune waits by a later promise.
    parcels = list(asked.filter(is_late(asked, today)).order_by("promised_date", "id")[:AT_ONCE])
    orders = orders_of(parcels)
    Delay.objects.bulk_create([
        Delay(parcel=parcel, promised_date=parcel.promised_date, noticed_at=at,
              expected_date=expected(parcel, calendar, today, agreed=orders.get(parcel.id, NONE).agreed,
                                     redirect=orders.get(parcel.id, NONE).redirect).day)
        for parcel in parcels], ignore_conflicts=True)
    inside: dict[UUID, tuple[UUID, ...]] = {}
    for parcel_id, dossier_id in ParcelDossier.objects.filter(parcel__in=parcels).values_list("parcel", "dossier_id"):
        inside[parcel_id] = (*inside.get(parcel_id, ()), dossier_id)
    publish(*(ParcelDelayed(parcel.id, parcel.number, parcel.direction, inside.get(parcel.id, ()), at)
              for parcel in parcels))
    return len(parcels)


@operation
def conclude_lost(*, parcel_id: UUID, at: datetime) -> None:
    """A parcel was said to be lost: the search for it has ended; without one, this is kept as one. Again: nothing."""
    parcel = Parcel.objects.get(id=parcel_id)
    if parcel.state != ParcelState.LOST or SearchCase.objects.filter(parcel=parcel, state=SearchState.LOST).exists():
        return
    running = SearchCase.objects.running().filter(parcel=parcel).values_list("id", flat=True).first()
    search = open_search(parcel, SearchCause.LOST, by=US, at=at) if running is None else locked_running(running)
    if search is not None:
        end_search(search, SearchAction.GIVE_UP, by=US, at=at)
