"""Billing's periodic work. Safe to run at any time, any number of times."""

from typing import Final

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from billing.budget.reckoning import watch_budgets as watch
from billing.cards import sweeps as card_sweeps
from billing.cards.errors import CardOutcomeUnknown
from billing.chain.checkpoints import close_day
from billing.chain.sealing import seal_all
from billing.disputes.checking import check_waiting
from billing.disputes.sweeps import watch_disputes as sweep_disputes
from billing.exports.making import forget_old_exports
from billing.known_errors.detecting import watch_errors
from billing.models.seals import VerificationState
from billing.operations.verifying import verify_asked, verify_now
from billing.payments.closing import sign_unsigned
from billing.payouts.reconciling import reconcile_waiting
from billing.payouts.transfers import compare_transfers, send_open_transfers, watch_batches
from billing.rule_book.recharging import recharge_waiting
from billing.settling.sweeps import watch_settlements as sweep_settlements
from billing.support.opening import end_overdue
from billing.take_backs.asking import lapse_overdue
from shared.actors import job

log = structlog.get_logger()

VERIFIER: Final = job("verify_books")
LAST_DAYS: Final = 10
_SUNDAY: Final = 6


@shared_task(queue="billing", acks_late=True)
def seal_books(**_: object) -> None:
    """Seal what has been posted since the last look, and look through the books for whoever has asked."""
    now = timezone.now()
    if sealed := seal_all(at=now, everything=False):
        log.info("books_sealed", rows=sealed)
    verify_asked(at=now)


@shared_task(queue="billing", acks_late=True)
def close_books_day(**_: object) -> None:
    """Sign the day that is over and state it to the outlets; a day that is signed already stays as it is."""
    if close_day(at=timezone.now()) is None:
        log.warning("books_not_signed", reason="this worker has no checkpoint key")


@shared_task(queue="billing", acks_late=True)
def verify_books(**_: object) -> None:
    """Recompute the last days, on Sundays everything; when something is wrong a person is asked."""
    now = timezone.now()
    done = verify_now(by=VERIFIER, at=now, days=None if now.weekday() == _SUNDAY else LAST_DAYS)
    if done.state == VerificationState.SOUND:
        log.info("books_verified", lines=done.lines, seconds=done.seconds)
    else:
        log.error("books_unsound", found=done.found, kinds=sorted({str(each[0]) for each in done.findings}))


@shared_task(queue="billing", acks_late=True)
def watch_budgets(**_: object) -> None:
    """Add the budget lines up again; warn, stop or let go on."""
    watch(at=timezone.now())


@shared_task(queue="billing", acks_late=True)
def recharge_lines(**_: object) -> None:
    """Write anew the lines of open months that an approved rule changes, a few at a time."""
    if lines := recharge_waiting(at=timezone.now()):
        log.info("lines_recharged", lines=lines)


@shared_task(queue="billing", acks_late=True)
def watch_disputes(**_: object) -> None:
    """Remind, tell upwards, go on with or end what the clock of disputes asks for."""
    sweep_disputes(at=timezone.now())
    check_waiting(at=timezone.now())


@shared_task(queue="billing", acks_late=True)
def watch_known_errors(**_: object) -> None:
    """Compute the last days' lines again; the same difference in two outlets is an error of ours."""
    watch_errors(at=timezone.now())


@shared_task(queue="billing", acks_late=True)
def watch_settlements(**_: object) -> None:
    """Claims, statements, call-backs and files that wait too long: asked for again, or somebody's work item."""
    sweep_settlements(at=timezone.now())


@shared_task(queue="billing", acks_late=True)
def forget_exports(**_: object) -> None:
    """Remove files that were made more than a month ago; they can be asked for again."""
    if removed := forget_old_exports(now=timezone.now()):
        log.info("exports_forgotten", files=removed)


@shared_task(queue="billing", acks_late=True)
def watch_cards(**_: object) -> None:
    """End requests whose time is over, and ask the card service about what is open."""
    card_sweeps.watch(at=timezone.now())


@shared_task(queue="billing", acks_late=True)
def listen_to_cards(**_: object) -> None:
    """Ask the card service for messages that never came."""
    if found := card_sweeps.listen_again(at=timezone.now()):
        log.info("card_messages_asked_for", new=found)


@shared_task(queue="billing", acks_late=True)
def compare_cards(**_: object) -> None:
    """Compare the last days' card payments with the service's."""
    if differed := card_sweeps.compare(at=timezone.now()):
        log.error("card_payments_differed", payments=differed)


@shared_task(queue="billing", acks_late=True)
def end_support_accesses(**_: object) -> None:
    """End what has run its time; what nobody has allowed in time is over too."""
    if ended := end_overdue(at=timezone.now()):
        log.info("support_accesses_ended", accesses=ended)


@shared_task(queue="billing", acks_late=True)
def lapse_take_backs(**_: object) -> None:
    """Let requests to take a line back lapse that nobody has answered in time."""
    if lapsed := lapse_overdue(at=timezone.now()):
        log.info("take_backs_lapsed", requests=lapsed)


@shared_task(queue="billing", acks_late=True)
def sign_shifts(**_: object) -> None:
    """Sign the counted shifts that no worker has signed yet."""
    if signed := sign_unsigned(at=timezone.now()):
        log.info("shifts_signed", shifts=signed)


@shared_task(queue="billing", acks_late=True)
def send_transfers(**_: object) -> None:
    """Ask the card service again for the orders that it has not answered."""
    if asked := send_open_transfers(at=timezone.now()):
        log.info("transfers_asked_again", orders=asked)


@shared_task(queue="billing", acks_late=True)
def watch_payouts(**_: object) -> None:
    """Tell of batches that nobody moves, and of transfers that the card service took back; end what is paid whole."""
    now = timezone.now()
    watch_batches(at=now)
    reconcile_waiting(at=now)
    if not settings.WARDPOST_STRIPE_KEY:
        return
    try:
        compare_transfers(at=now)
    except CardOutcomeUnknown:
        log.info("transfers_not_compared")
