"""Tasks that belong to the house and to no app."""

import structlog
from celery import shared_task
from django.utils import timezone

from shared.models.oversight import ProcessHeartbeat

log = structlog.get_logger()

WORKER = "worker"
BEAT = "beat"


@shared_task(queue="default")
def record_worker_heartbeat(**_: object) -> None:
    """Prove that messages still travel from beat through the broker to a worker that reaches the database."""
    record_heartbeat(WORKER)


def record_heartbeat(name: str) -> None:
    """Note that `name` works at this moment."""
    ProcessHeartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


@shared_task(queue="billing", acks_late=True)
def settle_unposted(**_: object) -> None:
    """Post what was delivered and never reached the books. Safe to run again."""
    from config import sweeps  # the subscriptions are not needed to beat

    if posted := sweeps.settle_unposted(now=timezone.now()):
        log.warning("unposted_parcels_settled", parcels=posted)
