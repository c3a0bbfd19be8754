"""Celery: hints, sweeps and slow work. PostgreSQL holds the truth, so any message here may be lost or come twice.

No `eta` and no `countdown` anywhere: a due time is a column, and a sweep reads it.
"""

import logging.config
import os
from typing import Any

import redis
from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu import Queue
from redis.backoff import NoBackoff
from redis.retry import Retry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

QUEUES = ("default", "outbox", "agents", "billing", "delivery", "intake")

app = Celery("wardpost")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        # Longer than any task may run, or a second worker would start it again.
        "visibility_timeout": 300,
        # Without these two a killed worker's tasks come back after minutes instead of seconds.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # Without these a frozen broker holds a publisher for ever.
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "global_keyprefix": "wardpost:",
    },
    redis_socket_timeout=3,
    task_default_queue="default",
    task_queues=[Queue(name) for name in QUEUES],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=120,
    task_soft_time_limit=100,
    task_ignore_result=True,
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=5.0,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_max_tasks_per_child=2000,
    worker_max_memory_per_child=400_000,  # KiB
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    timezone=settings.TIME_ZONE,
    enable_utc=True,
    beat_max_loop_interval=5,
    beat_schedule={
        "sweep the outbox": {"task": "shared.tasks.sweep_outbox", "schedule": 5.0, "options": {"expires": 15}},
        "prove that a worker works": {
            "task": "config.tasks.record_worker_heartbeat",
            "schedule": 30.0,
            "options": {"expires": 60},
        },
        "compare the boards": {"task": "intake.tasks.compare_boards", "schedule": crontab(hour=3, minute=10)},
        "count the index": {"task": "intake.tasks.count_index", "schedule": crontab(hour=3, minute=25)},
        "publish the boards": {"task": "intake.tasks.publish_boards", "schedule": crontab(hour=6, minute=2)},
        "keep up the boards": {"task": "intake.tasks.keep_up_boards", "schedule": 30.0, "options": {"expires": 30}},
        "watch hand-over": {"task": "intake.tasks.watch_bags_and_receipts", "schedule": 900.0,
                            "options": {"expires": 900}},
        "watch dossiers": {"task": "intake.tasks.watch_dossiers", "schedule": 300.0, "options": {"expires": 300}},
        "refresh reference bundles": {
            "task": "intake.tasks.refresh_reference_bundles",
            "schedule": 600.0,
            "options": {"expires": 600},
        },
        "look who files": {"task": "intake.tasks.look_who_files", "schedule": crontab(hour=3, minute=40)},
        "carry notices": {"task": "intake.tasks.carry_notices", "schedule": 10.0, "options": {"expires": 20}},
        "tell the portal": {"task": "intake.tasks.tell_portal", "schedule": 10.0, "options": {"expires": 20}},
        "compare with the portal": {
            "task": "intake.tasks.compare_with_portal",
            "schedule": crontab(hour=2, minute=40),
        },
        "escalate late answers": {
            "task": "intake.tasks.escalate_late_answers",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "compute broker signals": {
            "task": "intake.tasks.compute_broker_signals", "schedule": crontab(hour=1, minute=30),
            "options": {"expires": 3600}},
        "watch broker cases": {
            "task": "intake.tasks.watch_broker_cases", "schedule": 900.0, "options": {"expires": 900}},
        "watch people": {"task": "intake.tasks.watch_people", "schedule": 900.0, "options": {"expires": 900}},
        "end forgotten sessions": {
            "task": "intake.tasks.end_forgotten_sessions",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "sweep papers": {"task": "intake.tasks.sweep_papers", "schedule": 60.0, "options": {"expires": 60}},
        "compare papers": {
            "task": "intake.tasks.compare_papers",
            "schedule": crontab(hour="22,23,0-5", minute="*/10"),
            "options": {"expires": 600},
        },
        "collect orphaned files": {
            "task": "intake.tasks.collect_orphans",
            "schedule": crontab(hour=2, minute=40),
            "options": {"expires": 3600},
        },
        "watch apologies": {
            "task": "intake.tasks.watch_apologies",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "tell carriers": {"task": "delivery.tasks.send_unsent_parcels", "schedule": 60.0, "options": {"expires": 60}},
        "retry parked events": {
            "task": "delivery.tasks.retry_parked_events",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "poll carriers": {"task": "delivery.tasks.poll_carriers", "schedule": 60.0, "options": {"expires": 60}},
        "count promises": {"task": "delivery.tasks.count_promises", "schedule": 900.0, "options": {"expires": 900}},
        "count half a year of promises": {
            "task": "delivery.tasks.count_promises", "schedule": crontab(hour=1, minute=20), "kwargs": {"weeks": 27}},
        "find addresses": {"task": "delivery.tasks.find_addresses", "schedule": 60.0, "options": {"expires": 60}},
        "watch collections": {"task": "delivery.tasks.watch_collections", "schedule": 300.0,
                              "options": {"expires": 300}},
        "send back what is due": {
            "task": "delivery.tasks.send_back_due",
            "schedule": 900.0,
            "options": {"expires": 900},
        },
        "forget orphaned photos": {
            "task": "delivery.tasks.forget_orphaned_photos",
            "schedule": crontab(hour=3, minute=20),
            "options": {"expires": 3600},
        },
        "watch parcels": {"task": "delivery.tasks.watch_parcels", "schedule": 900.0, "options": {"expires": 900}},
        "settle what is unposted": {
            "task": "config.tasks.settle_unposted",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "watch people of outlets": {
            "task": "agents.tasks.watch_people_of_outlets", "schedule": 900.0, "options": {"expires": 900}},
        "watch training": {"task": "agents.tasks.watch_training", "schedule": 3600.0, "options": {"expires": 3600}},
        "end support accesses": {
            "task": "billing.tasks.end_support_accesses", "schedule": 300.0, "options": {"expires": 300}},
        "count outlet scores": {
            "task": "agents.tasks.count_outlet_scores",
            "schedule": crontab(hour=2, minute=25),
            "options": {"expires": 6 * 3600},
        },
        "watch contact": {"task": "agents.tasks.watch_contact", "schedule": 60.0, "options": {"expires": 60}},
        "watch incidents": {"task": "agents.tasks.watch_incidents", "schedule": 60.0, "options": {"expires": 60}},
        "count loads": {"task": "agents.tasks.count_loads", "schedule": 300.0, "options": {"expires": 300}},
        "make briefs": {"task": "agents.tasks.make_briefs", "schedule": 60.0, "options": {"expires": 60}},
        "lapse take-backs": {
            "task": "billing.tasks.lapse_take_backs", "schedule": 600.0, "options": {"expires": 600}},
        "sign shifts": {"task": "billing.tasks.sign_shifts", "schedule": 300.0, "options": {"expires": 300}},
        "send transfers": {"task": "billing.tasks.send_transfers", "schedule": 60.0, "options": {"expires": 60}},
        "watch payouts": {"task": "billing.tasks.watch_payouts", "schedule": 3600.0, "options": {"expires": 3600}},
        "watch disputes": {"task": "billing.tasks.watch_disputes", "schedule": 900.0, "options": {"expires": 900}},
        "watch known errors": {"task": "billing.tasks.watch_known_errors", "schedule": crontab(hour=3, minute=40)},
        "watch settlements": {
            "task": "billing.tasks.watch_settlements", "schedule": 900.0, "options": {"expires": 900},
        },
        "forget exports": {"task": "billing.tasks.forget_exports", "schedule": crontab(hour=3, minute=50)},
        "watch accreditations": {
            "task": "agents.tasks.watch_accreditations", "schedule": 3600.0, "options": {"expires": 3600}},
        "carry out moves": {
            "task": "agents.tasks.carry_out_moves", "schedule": 300.0, "options": {"expires": 300}},
        "watch programmes": {
            "task": "agents.tasks.watch_programmes", "schedule": 3600.0, "options": {"expires": 3600}},
        "watch cards": {"task": "billing.tasks.watch_cards", "schedule": 30.0, "options": {"expires": 30}},
        "listen to cards": {"task": "billing.tasks.listen_to_cards", "schedule": 600.0, "options": {"expires": 600}},
        "compare cards": {"task": "billing.tasks.compare_cards", "schedule": crontab(hour=1, minute=50)},
        "refresh the frame": {"task": "agents.tasks.refresh_frame", "schedule": 60.0, "options": {"expires": 60}},
        "remind of announcements": {
            "task": "agents.tasks.remind_of_announcements", "schedule": 600.0, "options": {"expires": 600}},
        "watch rosters": {"task": "agents.tasks.watch_rosters", "schedule": 900.0, "options": {"expires": 900}},
        "watch visits": {"task": "agents.tasks.watch_visits", "schedule": 3600.0, "options": {"expires": 3600}},
        "review the handbook": {"task": "agents.tasks.review_handbook", "schedule": crontab(hour=4, minute=10)},
        "watch budgets": {"task": "billing.tasks.watch_budgets", "schedule": 600.0, "options": {"expires": 600}},
        "recharge lines": {"task": "billing.tasks.recharge_lines", "schedule": 60.0, "options": {"expires": 60}},
        "seal the books": {"task": "billing.tasks.seal_books", "schedule": 60.0, "options": {"expires": 60}},
        # Signed soon after midnight; the later hours are for a night in which that failed.
        "sign the day": {"task": "billing.tasks.close_books_day", "schedule": crontab(hour="0-6", minute=10)},
        "verify the books": {"task": "billing.tasks.verify_books", "schedule": crontab(hour=2, minute=20)},
    },
)
app.steps["worker"].add(DjangoStructLogInitStep)
app.set_default()
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_the_web_does(**_: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def _refuse_a_forgetful_broker(**_: Any) -> None:
    """Stop when the broker would throw messages away for lack of memory.

    Raises:
        SystemExit: its eviction policy is not "noeviction".
    """
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, retry=Retry(NoBackoff(), 0)) as client:
        try:
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
        except (redis.RedisError, OSError):
            return  # a managed server may forbid the question; one that is away is retried by Celery
    if policy != "noeviction":
        raise SystemExit(f"The broker's maxmemory-policy is {policy}; it must be noeviction.")
