"""The worker's memory before and after thousands of deliveries from the outbox; needs a dossier of an outlet."""

import os
import sys
import time
from typing import Final

from bench import ground
from bench.meter import tree_rss
from bench.rounds import Fact, Result
from bench.sizes import Sizes
from config.celery import QUEUES
from config.runtime import paths
from config.runtime.children import Child
from shared.models.messages import OutboxMessage, OutboxState
from shared.tasks import sweep_outbox

JOB: Final = "worker"
MAY_TAKE_SECONDS: Final = 300.0
# All name one dossier: the first forwards it, the others find that done, as repeated deliveries do.
_MESSAGES: Final = """
    INSERT INTO shared_outboxmessage (subscriber, event, payload, stream, created_at, next_at, attempts, state,
                                      last_error)
    SELECT 'forward_online_dossier', 'DossierSubmitted',
           jsonb_build_object('dossier_id', d.id, 'outlet_id', d.outlet_id, 'procedure_code', d.procedure_code,
                              'channel', 'online', 'submitted_at', now()),
           'bench:' || n, now(), now(), 0, 'pending', ''
    FROM generate_series(1, %s::int) n
    CROSS JOIN (SELECT id, outlet_id, procedure_code FROM intake_dossier WHERE outlet_id IS NOT NULL
                ORDER BY created_at DESC LIMIT 1) d
"""


def run(sizes: Sizes) -> list[Result]:
    """Start a worker as the supervisor does, deliver a tenth, weigh it, deliver the rest, weigh it again."""
    OutboxMessage.objects.filter(state=OutboxState.PENDING).update(state=OutboxState.SENT)
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency",
               str(sizes.processes), "--queues", ",".join(QUEUES), "--without-gossip", "--without-mingle",
               "--loglevel", "WARNING"]
    child = Child("bench-worker", command, {"WARDPOST_PROCESS": "worker"}, paths.run_folder())
    child.start()
    try:
        first = max(1, sizes.deliveries // 10)
        _deliver(first)
        before = _weigh(child)
        seconds = _deliver(sizes.deliveries - first)
        after = _weigh(child)
    finally:
        child.stop(patience_seconds=20)
    rest = sizes.deliveries - first
    return [Fact(JOB, f"memory after {first} deliveries, MB", round(before / 1e6, 1)),
            Fact(JOB, f"memory after {sizes.deliveries} deliveries, MB", round(after / 1e6, 1), "flat"),
            Fact(JOB, "deliveries a second", round(rest / seconds, 1))]


def _deliver(many: int) -> float:
    """Write messages, wake the worker, wait until all are delivered; returns the seconds that took.

    Raises:
        TimeoutError: they were not delivered in five minutes.
    """
    with ground.superuser() as superuser:
        superuser.execute(_MESSAGES, [many])
    started = time.perf_counter()
    sweep_outbox.apply_async(ignore_result=True)
    while waiting := OutboxMessage.objects.filter(state=OutboxState.PENDING).count():
        if time.perf_counter() - started > MAY_TAKE_SECONDS:
            raise TimeoutError(f"{waiting} messages are not delivered; see {paths.run_folder()}{os.sep}logs.")
        time.sleep(0.2)
    return time.perf_counter() - started


def _weigh(child: Child) -> int:
    if child.process is None:
        raise TimeoutError("The worker is gone.")
    return tree_rss(child.process.pid)
