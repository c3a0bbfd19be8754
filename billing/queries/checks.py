"""Do the books still say what the events and the dated rules say? billing/verification/ answers."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from billing.chain.keys import trusted_keys
from billing.verification import books
from billing.verification.findings import Report
from billing.verification.look import Trust, verify


def trust(witness: Path | None = None) -> Trust:
    """What this machine knows from outside the database."""
    kept = settings.WARDPOST_CHECKPOINT_WITNESS
    return Trust(keys=trusted_keys(), witness=witness or (Path(kept) if kept else None),
                 application_role=settings.WARDPOST_APP_ROLE)


def check_ledger(*, days: int | None = None, with_events: bool = False) -> Report:
    """Look at everything, or at the last `days`."""
    return verify(trust=trust(), now=timezone.now(), days=days, with_events=with_events)


def ledger_sum() -> int:
    """Σ of all postings in đồng."""
    return books.total()
