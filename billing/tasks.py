"""Billing's periodic work. Safe to run at any time, any number of times."""

from collections import Counter
from datetime import timedelta
from typing import Final

import structlog
from celery import shared_task
from django.utils import timezone

from billing.queries.checks import check_ledger
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
