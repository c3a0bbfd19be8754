"""The relay's entry points. A hint only shortens the wait: the sweep every five seconds is what delivers."""

import time
from typing import Final

import structlog
from celery import shared_task

from shared.outbox import relay

log = structlog.get_logger()

# After a failed hint the broker is left alone for a while: a request must not wait for it again and again.
_REST_SECONDS: Final = 5.0
_rest_until = 0.0


@shared_task(queue="outbox", ignore_result=True)
def sweep_outbox(**_: object) -> None:
    """Deliver what waits in the outbox. Safe to run at any time, any number of times."""
    relay.drain()


def hint_at_new_messages() -> None:
    """Wake a worker now rather than at the next sweep; a broker that is down only costs the hint."""
    global _rest_until  # noqa: PLW0603  # one breaker per process
    if time.monotonic() < _rest_until:
        return
    try:
        sweep_outbox.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  # the row is committed; the sweep will find it
        _rest_until = time.monotonic() + _REST_SECONDS
        log.warning("outbox_hint_failed", error=type(error).__name__)
