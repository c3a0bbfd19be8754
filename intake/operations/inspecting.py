"""What happens to a paper behind the counter's back: rebuilt, checked for viruses, its signatures read.

The slow work stands outside any transaction; only its outcome is one. Everything may run again at any time: a paper
that has moved on meanwhile is left alone.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db.models import QuerySet

from agents import public as agents
from intake import antivirus, blobs, decoding
from intake.antivirus import Answer
from intake.document_steps import take_document_step
from intake.inspection import PDF, shown_type
from intake.inspection.signatures import looks_signed
from intake.models.documents import Document, ScanVerdict
from intake.rules import clock
from intake.rules.document_states import DocumentAction, DocumentState
from shared import work
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

log = structlog.get_logger()
S, A = DocumentState, DocumentAction


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Names in the store of what was made of a paper; `view` is empty when nothing could be."""

    view: str = ""
    view_sha256: str = ""
    thumbs: str = ""
    notes: list[str] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)


def prepare_document(*, document_id: UUID, at: datetime) -> None:
    """Take a paper out of quarantine: ask the antivirus, rebuild what may be shown, read its digital signatures."""
    document = Document.objects.filter(id=document_id, state=S.QUARANTINED).first()
    content = original_of(document, at=at) if document is not None else None
    if document is None or content is None:
        return
    answer = antivirus.check(content)
    rebuilt = Rebuilt() if answer is not None and answer.found else _rebuild(document, content)
    if not _settle(document_id=document_id, rebuilt=rebuilt, answer=answer, at=at):
        for name in filter(None, (rebuilt.view, rebuilt.thumbs)):
            blobs.remove(name)


def check_again(*, document_id: UUID, at: datetime) -> None:
    """Ask the antivirus about a paper that has no verdict, or one from older signatures."""
    document = Document.objects.filter(id=document_id).first()
    content = original_of(document, at=at) if document is not None else None
    answer = antivirus.check(content) if content is not None else None
    if answer is not None:
        _take_verdict(document_id=document_id, answer=answer, at=at)


def original_of(document: Document, *, at: datetime) -> bytes | None:
    """The file as it was sent; None when it is lost or altered, which is written down."""
    try:
        content = blobs.read(document.blob_name)
    except (OSError, InvalidTag):
        content = b""
    if sha256(content).hexdigest() == document.sha256:
        return content
    note_damage(document_id=document.id, at=at)
    return None


@operation
def note_damage(*, document_id: UUID, at: datetime) -> None:
    """A stored file is missing or not what it was: nothing of it is given out, and the administrator is told."""
    document = _locked(document_id)
    if document is None or document.state in {S.DAMAGED, S.INFECTED, S.UNREADABLE}:
        return
    log.error("document_damaged", document_id=str(document_id))
    take_document_step(document, A.FIND_DAMAGED, at=at)
    _tell(document, "damaged-paper", Role.ADMINISTRATOR, "", at)


@operation
def note_restored(*, document_id: UUID, at: datetime) -> None:
    """The file is there again, as it was sent: it starts anew."""
    document = _locked(document_id)
    if document is not None and document.state == S.DAMAGED:
        take_document_step(document, A.RESTORE, at=at)
        work.close_item(kind="damaged-paper", reference=str(document.id), by="sweep", at=at, outcome="restored")


@operation
def _settle(*, document_id: UUID, rebuilt: Rebuilt, answer: Answer | None, at: datetime) -> bool:
    """Write the outcome down; False when the paper was taken back or settled by somebody else meanwhile."""
    document = _locked(document_id)
    if document is None or document.state != S.QUARANTINED:
        return False
    if answer is not None and answer.found:
        _quarantine(document, answer, at)
        return True
    if not rebuilt.view:
        take_document_step(document, A.GIVE_UP, at=at)
        return True
    document.view_name, document.view_sha256, document.thumbs_name = rebuilt.view, rebuilt.view_sha256, rebuilt.thumbs
    document.notes, document.signatures, document.verified_at = rebuilt.notes, rebuilt.signatures, at
    take_document_step(document, A.REBUILD, at=at, also=(
        "view_name", "view_sha256", "thumbs_name", "notes", "signatures", "verified_at"))
    if answer is not None:
        _clear(document, answer, at)
    return True


@operation
def _take_verdict(*, document_id: UUID, answer: Answer, at: datetime) -> None:
    """A later verdict: it may clear, catch, or take an earlier finding back."""
    document = _locked(document_id)
    if document is None:
        return
    state = DocumentState(document.state)
    if answer.found and state in {S.SAFE, S.CLEAN}:
        _quarantine(document, answer, at)
    elif answer.found or state == S.CLEAN:
        _note_verdict(document, answer, at).save(update_fields=["verdict", "verdict_at", "verdict_by"])
    elif state == S.SAFE:
        _clear(document, answer, at)
    elif state == S.INFECTED:
        _note_verdict(document, answer, at)
        take_document_step(document, A.RELEASE, at=at, also=("verdict", "verdict_at", "verdict_by"))
        work.close_item(kind="infected-paper", reference=str(document.id), by="sweep", at=at, outcome="released")


def _locked(document_id: UUID) -> Document | None:
    rows: QuerySet[Document] = Document.objects.select_for_update(of=("self",)).select_related("dossier")
    return rows.filter(id=document_id).first()


def _note_verdict(document: Document, answer: Answer, at: datetime) -> Document:
    document.verdict = ScanVerdict.INFECTED if answer.found else ScanVerdict.CLEAN
    document.verdict_at, document.verdict_by = at, answer.engine
    return document


def _clear(document: Document, answer: Answer, at: datetime) -> None:
    _note_verdict(document, answer, at)
    take_document_step(document, A.CLEAR, at=at, also=("verdict", "verdict_at", "verdict_by"))


def _quarantine(document: Document, answer: Answer, at: datetime) -> None:
    """Kept apart; the manager of the place that sent it in asks for the paper again. The dossier stays as it is."""
    _note_verdict(document, answer, at)
    take_document_step(document, A.CATCH, at=at, also=("verdict", "verdict_at", "verdict_by"))
    log.warning("document_infected", document_id=str(document.id), found=answer.found)
    if document.outlet_id is not None:
        _tell(document, "infected-paper", Role.OUTLET_MANAGER, agents.get_outlet(document.outlet_id).code, at)
    elif document.centre_id is not None:
        _tell(document, "infected-paper", Role.CENTRE_MANAGER, agents.get_centre(document.centre_id).agency_code, at)


def _tell(document: Document, kind: str, role: str, place: str, at: datetime) -> None:
    dossier = document.dossier
    work.open_item(kind=kind, reference=str(document.id), owner_role=role, owner_place=place, at=at,
                   due_at=clock.due_after_pause(clock.DAY_MINUTES, at, work_calendar()),
                   detail={"agent_ref": dossier.agent_ref, "province": dossier.province_code} if dossier else {})


def _rebuild(document: Document, content: bytes) -> Rebuilt:
    """Have the view, the thumbnails and the signatures made in processes of their own."""
    kind = document.original_type or document.content_type
    with workplace() as place:
        source, view, thumbs = place / "source", place / "view", place / "thumbs"
        source.write_bytes(content)
        found = decoding.ask("rebuild", path=source, kind=kind, out=view)
        if "cause" in found:
            return Rebuilt()
        made = view.read_bytes()
        drawn = decoding.ask("draw", path=view, kind=shown_type(kind), pages=found["pages"], out=thumbs)
        return Rebuilt(
            view=blobs.keep_bytes(made), view_sha256=sha256(made).hexdigest(), notes=found["notes"],
            thumbs=blobs.keep_bytes(thumbs.read_bytes()) if "drawn" in drawn else "",
            signatures=_signatures(source) if kind == PDF and looks_signed(source) else [])


def _signatures(source: Path) -> list[dict[str, Any]]:
    """What the signatures of a PDF say; one that could not be checked in time is told as such."""
    folder = Path(settings.WARDPOST_TRUST_ROOTS) if settings.WARDPOST_TRUST_ROOTS else None
    roots = sorted(each for each in folder.glob("*") if each.is_file()) if folder is not None else []
    found = decoding.ask("signatures", path=source, roots=[str(each) for each in roots])
    return list(found.get("signatures", [{"standing": "unreadable"}]))


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder inside the store for files that a decoder reads and writes; gone afterwards."""
    with tempfile.TemporaryDirectory(dir=blobs.folder(), prefix="work-") as name:
        yield Path(name)
