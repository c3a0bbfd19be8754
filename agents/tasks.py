"""The network's periodic work. Safe to run at any time, any number of times."""

import structlog
from celery import shared_task
from django.utils import timezone

from agents.accreditation import sweeps
from agents.training import sweeps as training

log = structlog.get_logger(__name__)


@shared_task(queue="default", acks_late=True)
def watch_accreditations(**_: object) -> None:
    """Ask for renewals in time; suspend outlets whose licence has ended."""
    if ended := sweeps.watch_accreditations(now=timezone.now()):
        log.warning("licences_expired", outlets=ended)


@shared_task(queue="default", ignore_result=True)
def watch_training(**_: object) -> None:
    """Close attempts whose time is over; tell managers of certificates that end."""
    training.close_lapsed(at=timezone.now())
    training.remind(at=timezone.now())
