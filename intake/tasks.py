"""Sweeps of intake. Each is safe to run at any time, any number of times."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from intake import apologies, document_sweeps, sweeps
from intake.boards import operations as boards
from intake.boards.index_days import count_index_days
from intake.boards.published import publish_weeks
from intake.boards.whose import board_provinces
from intake.brokers import cases, signals
from intake.coaching import operations as coaching
from intake.hand_over_sweeps import watch_hand_over
from intake.messages import operations as messages
from intake.notices import operations as notices
from intake.operations import account_help, escalation, presence, referrals, results_counter, sessions
from intake.operations import reference_bundles as build
from intake.portal import queueing, sending, settling
from intake.queries import reference_bundles
from intake.receipt_sweeps import watch_receipts
from intake.rules.duties import Duty


@shared_task(queue="intake", ignore_result=True)
def keep_up_boards(**_: object) -> None:
    """Count the steps that boards add by themselves until then; their figures stay what they are."""
    while boards.keep_up(at=timezone.now()):
        """There may be more."""


@shared_task(queue="intake", ignore_result=True)
def compare_boards(**_: object) -> None:
    """At night: compare boards with the steps, at now and at last midnight; repair and tell where they differ."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    boards.repair(at=now, moments={each.code: [now, midnight] for each in board_provinces()})


@shared_task(queue="intake", ignore_result=True)
def count_index(**_: object) -> None:
    """At night: count the days of the national index."""
    count_index_days(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def publish_boards(**_: object) -> None:
    """Publish the week that is over, for whom nobody has asked yet."""
    publish_weeks([each.code for each in board_provinces()], at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def watch_apologies(**_: object) -> None:
    """Draft apologies in time, send those at their last moment; forget who had what open."""
    apologies.run(at=timezone.now())
    results_counter.run_reminders(at=timezone.now())
    presence.forget_presence(before=timezone.now() - timedelta(hours=1))


@shared_task(queue="intake", ignore_result=True)
def watch_dossiers(**_: object) -> None:
    """Open work for what stays where it is, close what has settled."""
    for name in sweeps.SWEEPS:
        sweeps.run_sweep(name=name, at=timezone.now())
    for duty in Duty:
        escalation.escalate(duty=duty, at=timezone.now())
    escalation.escalate_questions(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def escalate_late_answers(**_: object) -> None:
    """Tell managers of questions that nobody has answered in time."""
    messages.escalate_late(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def end_forgotten_sessions(**_: object) -> None:
    """Let go of citizens who left long ago."""
    sessions.end_forgotten_sessions(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def sweep_papers(**_: object) -> None:
    """Look at papers that stayed in quarantine or without a verdict, and at what was caught or damaged."""
    for sweep in document_sweeps.SWEEPS.values():
        sweep(timezone.now())


@shared_task(queue="intake", ignore_result=True)
def compare_papers(**_: object) -> None:
    """Compare stored papers with their hashes, a part each time, so that each is looked at about once a night."""
    document_sweeps.compare_with_hashes(at=timezone.now(), limit=500)


@shared_task(queue="intake", ignore_result=True)
def collect_orphans(**_: object) -> None:
    """Delete files whose row was never committed."""
    document_sweeps.collect_orphans(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def watch_bags_and_receipts(**_: object) -> None:
    """Open work for bags and originals that lie too long and for sheets nobody has matched, close what has moved."""
    now = timezone.now()
    watch_hand_over(at=now)
    watch_receipts(at=now)


@shared_task(queue="intake", ignore_result=True)
def refresh_reference_bundles(**_: object) -> None:
    """Build the bundles of outlets whose counters fetch them, as far as anything changed."""
    for outlet_id in reference_bundles.outlets_with_bundles():
        build.refresh_bundle(outlet_id=outlet_id, at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def watch_people(**_: object) -> None:
    """Open work for helps that do not move and referrals that nobody followed up."""
    account_help.watch_account_helps(at=timezone.now())
    referrals.watch_referrals(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def carry_notices(**_: object) -> None:
    """Send what citizens are to be told, and ask what has arrived."""
    notices.send_due(at=timezone.now())
    notices.ask_receipts(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def tell_portal(**_: object) -> None:
    """Queue what no event has told of, then tell the portal what waits; again at once while there is more."""
    queueing.queue_missed(at=timezone.now())
    while sending.send_waiting(at=timezone.now()) == sending.AT_ONCE:
        """A full batch: there is more."""


@shared_task(queue="intake", ignore_result=True)
def compare_with_portal(**_: object) -> None:
    """At night: ask the portal for its view, and show what differs."""
    settling.compare(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def look_who_files(**_: object) -> None:
    """At night: what our dossiers show of the citizens who were coached."""
    coaching.look_who_files(at=timezone.now())


@shared_task(queue="intake", acks_late=True)
def compute_broker_signals(**_: object) -> None:
    """Look for traces of brokers; what is found opens cases for people and does nothing else."""
    signals.compute_signals(at=timezone.now())


@shared_task(queue="intake", ignore_result=True)
def watch_broker_cases(**_: object) -> None:
    """Tell of cases that stay where they are."""
    cases.watch_cases(at=timezone.now())
