"""Delivery's periodic work. Each is safe to run at any time, any number of times."""

from celery import shared_task
from django.utils import timezone

from delivery.addresses.operations import find_waiting
from delivery.clock import counting
from delivery.dispatch.operations.watching import watch_cut_offs
from delivery.door.operations import returns
from delivery.indemnities import operations as indemnities
from delivery.operations import carrier_requests, parcel_work, parked, polling, sending, watching
from delivery.searches import sweeps
from delivery.shares import operations as shares


@shared_task(queue="delivery", ignore_result=True)
def send_unsent_parcels(**_: object) -> None:
    """Tell carriers of parcels that they do not know yet, and what they are asked about those that they do."""
    sending.send_unsent_parcels(at=timezone.now())
    carrier_requests.send_waiting_requests(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def retry_parked_events(**_: object) -> None:
    """Apply events that came before their parcel, and give up on those that have waited three days."""
    parked.retry_parked_events(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def count_promises(*, weeks: int = counting.USUAL_WEEKS, **_: object) -> None:
    """Count anew how the post keeps its word."""
    counting.count_promises(at=timezone.now(), weeks=weeks)
    shares.propose_shifts(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def watch_parcels(**_: object) -> None:
    """Open work and searches for parcels that stay where they are."""
    watching.watch_parcels(at=timezone.now())
    parcel_work.end_what_is_past(at=timezone.now())
    sweeps.watch_searches(at=timezone.now())
    indemnities.watch_indemnities(at=timezone.now())
    watching.forget_old_tries(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def poll_carriers(**_: object) -> None:
    """Ask carriers for news of live parcels, so that nothing depends on what they push."""
    polling.poll_carriers(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def find_addresses(**_: object) -> None:
    """Ask the geocoder for addresses whose turn has come."""
    find_waiting(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def watch_collections(**_: object) -> None:
    """Open work for what missed its collection, and for collectors who did not come."""
    watch_cut_offs(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def send_back_due(**_: object) -> None:
    """Order back what was invited or waited long enough, and have somebody look at rounds without an answer."""
    returns.send_back_due(at=timezone.now())
    returns.watch_rounds(at=timezone.now())


@shared_task(queue="delivery", ignore_result=True)
def forget_orphaned_photos(**_: object) -> None:
    """Remove photos of hand-overs that were never kept."""
    returns.forget_orphans()
