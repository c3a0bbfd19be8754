"""What notices that a paper stays in a state: the sweeps that intake/rules/document_states.py promises, and the
nightly scrub.

Each looks at a bounded number of papers and may run at any time, any number of times.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from django.db.models import F, Q, QuerySet

from intake import antivirus, blobs
from intake.models.documents import Document
from intake.operations import inspecting
from intake.rules.document_states import DocumentState

log = structlog.get_logger()
S = DocumentState

AT_ONCE: Final = 50
MISSED_AFTER: Final = timedelta(minutes=2)
"""A worker that was to look at a paper has died by now."""
ORPHAN_AFTER: Final = timedelta(hours=24)
LOOKED_AT_AGAIN_FOR: Final = timedelta(days=14)
"""New signatures are tried on papers as young as this; a virus older than its signature is found here."""


def left_in_quarantine(at: datetime) -> int:
    """Nobody has looked at them: their worker died, or they came before there was a pipeline."""
    waiting = Document.objects.filter(state=S.QUARANTINED, uploaded_at__lt=at - MISSED_AFTER)
    return _each(waiting, lambda document_id: inspecting.prepare_document(document_id=document_id, at=at))


def without_a_verdict(at: datetime) -> int:
    """The engine is back, or new signatures came: asked (again), oldest answer first."""
    engine = antivirus.engine() if antivirus.is_configured() else ""
    if not engine:
        return 0
    young = Q(state=S.CLEAN, uploaded_at__gt=at - LOOKED_AT_AGAIN_FOR) & ~Q(verdict_by=engine)
    waiting = Document.objects.filter(Q(state=S.SAFE) | young).order_by(F("verdict_at").asc(nulls_first=True), "id")
    return _each(waiting, lambda document_id: inspecting.check_again(document_id=document_id, at=at))


def infected(at: datetime) -> int:
    """Other signatures may take a finding back."""
    engine = antivirus.engine() if antivirus.is_configured() else ""
    caught = Document.objects.filter(state=S.INFECTED).exclude(verdict_by=engine) if engine else Document.objects.none()
    return _each(caught, lambda document_id: inspecting.check_again(document_id=document_id, at=at))


def damaged(at: datetime) -> int:
    """A back-up may have brought the file back."""
    return sum(_restored(document, at) for document in Document.objects.filter(state=S.DAMAGED)[:AT_ONCE])


SWEEPS: Final[Mapping[str, Callable[[datetime], int]]] = MappingProxyType({
    "papers left in quarantine": left_in_quarantine,
    "papers without a verdict": without_a_verdict,
    "infected papers": infected,
    "damaged papers": damaged,
})
"""By the name that WATCHED_DOCUMENTS gives."""


def compare_with_hashes(*, at: datetime, limit: int) -> int:
    """Read the `limit` papers that were compared longest ago; returns how many are not what they were."""
    kept = Document.objects.filter(state__in=[S.SAFE, S.CLEAN]).order_by(F("verified_at").asc(nulls_first=True), "id")
    broken = 0
    for document in kept[:limit]:
        if is_intact(document):
            Document.objects.filter(id=document.id).update(verified_at=at)
        else:
            inspecting.note_damage(document_id=document.id, at=at)
            broken += 1
    return broken


def is_intact(document: Document) -> bool:
    """Whether the original, and the view where there is one, are what their hashes say."""
    files = [(document.blob_name, document.sha256)]
    if document.view_name:
        files.append((document.view_name, document.view_sha256))
    try:
        return all(sha256(blobs.read(name)).hexdigest() == expected for name, expected in files)
    except (OSError, InvalidTag):
        return False


def collect_orphans(*, at: datetime) -> int:
    """Delete stored files that no row is about, a day after they were written: their transaction was rolled back."""
    gone = 0
    for names in _batches(blobs.names_older_than(at - ORPHAN_AFTER)):
        kept = Document.objects.filter(Q(blob_name__in=names) | Q(view_name__in=names) | Q(thumbs_name__in=names))
        known = {name for row in kept.values_list("blob_name", "view_name", "thumbs_name") for name in row}
        for name in set(names) - known:
            blobs.remove(name)
            gone += 1
    if gone:
        log.info("orphaned_files_removed", files=gone)
    return gone


def _batches(names: Iterable[str]) -> Iterable[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == 500:
            yield batch
            batch = []
    if batch:
        yield batch


def _each(waiting: QuerySet[Document], act: Callable[[UUID], None]) -> int:
    ids = list(waiting.values_list("id", flat=True)[:AT_ONCE])
    for document_id in ids:
        act(document_id)
    return len(ids)


def _restored(document: Document, at: datetime) -> int:
    if not is_intact(document):
        return 0
    inspecting.note_restored(document_id=document.id, at=at)
    return 1
