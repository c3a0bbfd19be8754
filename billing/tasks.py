"""Billing's periodic work. Safe to run at any time, any number of times."""

from collections import Counter
from datetime import timedelta
from typing import Final

import structlog
from celery import shared_task
from django.utils import timezone

from billing.budget.reckoning import watch_budgets as watch
from billing.queries.checks import check_ledger
from billing.rule_book.recharging import recharge_waiting
from shared import work
from shared.roles import Role

log = structlog.get_logger()

UNSOUND: Final = "ledger-unsound"


@shared_task(queue="billing", acks_late=True)
def verify_ledger(**_: object) -> None:
    """Check the books; when they are wrong a person is asked, and the log says what kinds of findings there are."""
    check = check_ledger()
    found = dict(Counter(finding.kind for finding in check.findings))
    if check.is_sound:
        log.info("ledger_verified", lines=check.lines, groups=check.groups)
        return
    log.error("ledger_unsound", sum_vnd=check.sum_vnd, **found)
    now = timezone.now()
    work.open_item(kind=UNSOUND, reference="ledger", owner_role=Role.AUDITOR, owner_place="", at=now,
                   due_at=now + timedelta(days=1), detail=found)


@shared_task(queue="billing", acks_late=True)
def watch_budgets(**_: object) -> None:
    """Add the budget lines up again; warn, stop or let go on."""
    watch(at=timezone.now())


@shared_task(queue="billing", acks_late=True)
def recharge_lines(**_: object) -> None:
    """Write anew the lines of open months that an approved rule changes, a few at a time."""
    if lines := recharge_waiting(at=timezone.now()):
        log.info("lines_recharged", lines=lines)
