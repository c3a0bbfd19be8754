"""The network's periodic work. Safe to run at any time, any number of times."""

import structlog
from celery import shared_task
from django.utils import timezone

from agents.accreditation import sweeps

log = structlog.get_logger(__name__)


@shared_task(queue="default", acks_late=True)
def watch_accreditations(**_: object) -> None:
    """Ask for renewals in time; suspend outlets whose licence has ended."""
    if ended := sweeps.watch_accreditations(now=timezone.now()):
        log.warning("licences_expired", outlets=ended)
