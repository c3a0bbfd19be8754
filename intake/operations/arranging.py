"""Pages put in order, turned, left out: one new PDF of a component instead of the files it was made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag

from intake import blobs, decoding
from intake.errors import DocumentDamaged, DocumentNotChecked, DocumentNotFound, DocumentRefused, DocumentSigned
from intake.models.documents import Document, DocumentOrigin
from intake.operations.documents import Place, forget, store_at
from intake.operations.inspecting import note_damage, workplace
from intake.rules.faults import Fault
from intake.wording import field_error
from shared.actors import Actor
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class PageChoice:
    """A page of an uploaded file; `number` from 1, `turns` quarter turns clockwise, 0 to 3."""

    document_id: UUID
    number: int
    turns: int = 0


def arrange_pages(*, component: str, pages: Sequence[PageChoice], dropped: Sequence[UUID] = (), by: Actor,
                  at: datetime) -> Document:
    """Put `pages` together to one document of `component`; the files they come from, and those in `dropped`, are gone.

    The server makes the file from its own views, whatever the browser showed.

    Raises:
        DocumentNotFound: a file is not of the actor's outlet, or belongs to a dossier already.
        DocumentNotChecked: a file is still being looked at.
        DocumentSigned: a digitally signed file stays as it is, or its signature would break.
        DocumentRefused: no pages, or one that is not there.
    """
    sources = _sources({page.document_id for page in pages} | set(dropped), by)
    with workplace() as place:
        files = {each.id: _laid_out(each, place, at) for each in sources.values()}
        out = place / "arranged.pdf"
        asked = [(files[page.document_id], sources[page.document_id].content_type, page.number, page.turns % 4)
                 for page in pages]
        found = decoding.ask("arrange", pages=asked, out=out)
        if "cause" in found:
            wrong = Fault(f"file-{found['cause']}")
            raise DocumentRefused(cause=found["cause"], errors=(field_error("/pages", wrong),))
        first = sources[pages[0].document_id]
        name = first.original_name if len(sources) == 1 else ""
        made = store_at(Place(component, _as_pdf(name or component), by, at, citizen_id=first.citizen_id,
                              origin=DocumentOrigin.ARRANGED), chunks=[out.read_bytes()])
    _replace(document_ids=sorted(set(sources) - {made.id}), by=by, at=at)
    return made


def _sources(ids: set[UUID], by: Actor) -> dict[UUID, Document]:
    waiting = Document.objects.filter(id__in=ids, dossier=None, outlet_id=by.outlet_id) if by.outlet_id else ()
    found = {document.id: document for document in waiting}
    if not ids or set(found) != ids:
        raise DocumentNotFound
    for document in found.values():
        if not document.is_ready:
            raise DocumentNotChecked
        if document.signatures:
            raise DocumentSigned
    return found


def _laid_out(document: Document, place: Path, at: datetime) -> Path:
    path = place / document.id.hex
    try:
        path.write_bytes(blobs.read(document.view_name))
    except (OSError, InvalidTag):
        note_damage(document_id=document.id, at=at)
        raise DocumentDamaged from None
    return path


@operation
def _replace(*, document_ids: Sequence[UUID], by: Actor, at: datetime) -> None:
    """The files whose pages live on elsewhere are taken back, unless a dossier took one meanwhile."""
    waiting = Document.objects.filter(id__in=document_ids, dossier=None, outlet=by.outlet_id).order_by("id")
    for document in waiting.select_for_update():
        forget(document, by=by, at=at)


def _as_pdf(name: str) -> str:
    return f"{name.rsplit('.', 1)[0]}.pdf"
