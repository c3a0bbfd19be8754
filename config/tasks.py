"""Tasks that belong to the house and to no app."""

from celery import shared_task
from django.utils import timezone

from shared.models.oversight import ProcessHeartbeat

WORKER = "worker"
BEAT = "beat"


@shared_task(queue="default")
def record_worker_heartbeat(**_: object) -> None:
    """Prove that messages still travel from beat through the broker to a worker that reaches the database."""
    record_heartbeat(WORKER)


def record_heartbeat(name: str) -> None:
    """Note that `name` works at this moment."""
    ProcessHeartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
