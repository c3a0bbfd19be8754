"""Evidence is looked at before anybody opens it: antivirus, and a view rebuilt by us.

Billing has no eyes of its own and may not reach up to intake's, so the house registers them (config/evidence.py). The
slow look stands outside any transaction; its outcome is one row. Looking again changes nothing but the newest row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from billing.disputes.files import seal, unseal
from billing.disputes.models import DisputeFile, EvidenceCheck
from billing.disputes.rules import EvidenceState
from shared.transactions import operation

log = structlog.get_logger()

MISSED_AFTER: Final = timedelta(minutes=2)
"""A worker that was to look at a file has died by now."""
LOOKED_AT_AGAIN_FOR: Final = timedelta(days=14)
"""New signatures are tried on files as young as this."""
AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look came to; `view` is empty unless something may be shown."""

    state: EvidenceState
    view: bytes = b""
    view_type: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Eyes:
    """`look` at the bytes; `engine`: the antivirus with its signatures, empty when none answers; `has_engine`: whether
    one is configured.
    """

    look: Callable[[bytes], Seen]
    engine: Callable[[], str]
    has_engine: Callable[[], bool]


_eyes: Final[list[Eyes]] = []


def register_eyes(eyes: Eyes) -> None:
    """Registering again replaces."""
    _eyes[:] = [eyes]


def has_engine() -> bool:
    return bool(_eyes) and _eyes[0].has_engine()


def check_files_of(dispute_id: UUID, *, at: datetime) -> int:
    """Look at the files of a dispute that nobody has looked at; returns how many."""
    return _each(_unseen().filter(dispute_id=dispute_id), at)


def check_waiting(*, at: datetime) -> int:
    """What was missed, and what has no verdict, or one of older signatures, while an antivirus answers."""
    missed = _each(_unseen().filter(entry__said_at__lt=at - MISSED_AFTER), at)
    engine = _eyes[0].engine() if _eyes else ""
    if not engine:
        return missed
    newest = EvidenceCheck.objects.filter(file=OuterRef("id")).order_by("-id")
    known = DisputeFile.objects.annotate(last_state=Subquery(newest.values("state")[:1]),
                                         last_engine=Subquery(newest.values("engine")[:1])).exclude(last_engine=engine)
    young = known.filter(last_state=EvidenceState.CLEAN, entry__said_at__gt=at - LOOKED_AT_AGAIN_FOR)
    again = known.filter(last_state__in=[EvidenceState.SAFE, EvidenceState.INFECTED])
    return missed + _each(again, at) + _each(young, at)


def _unseen() -> QuerySet[DisputeFile]:
    return DisputeFile.objects.filter(~Exists(EvidenceCheck.objects.filter(file=OuterRef("id"))))


def _each(files: QuerySet[DisputeFile], at: datetime) -> int:
    if not _eyes:
        return 0
    ids = list(files.order_by("id").values_list("id", flat=True)[:AT_ONCE])
    for file_id in ids:
        _check(file_id, at)
    return len(ids)


def _check(file_id: UUID, at: datetime) -> None:
    file = DisputeFile.objects.get(id=file_id)
    content = _original(file)
    seen = _eyes[0].look(content) if content is not None else Seen(EvidenceState.UNREADABLE)
    if seen.state == EvidenceState.INFECTED:
        log.warning("evidence_infected", file_id=str(file_id))
    _keep(file, seen, at=at)


def _original(file: DisputeFile) -> bytes | None:
    """The file as it was given; None when it is not that any more."""
    try:
        content = unseal(bytes(file.sealed), file.dispute_id)
    except InvalidTag:
        return None
    return content if sha256(content).hexdigest() == file.sha256 else None


@operation
def _keep(file: DisputeFile, seen: Seen, *, at: datetime) -> None:
    EvidenceCheck.objects.create(
        file=file, state=seen.state, engine=seen.engine[:120], view_type=seen.view_type, checked_at=at,
        view=seal(seen.view, file.dispute_id) if seen.view else b"")
