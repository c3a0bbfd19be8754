"""Papers as they lie in the store after the pipeline has looked at them, and hostile ones to look at."""

import io

import pikepdf
from PIL import Image

from intake.models.documents import Document
from intake.operations import documents, inspecting
from shared.actors import Actor
from tests.intake.moments import MONDAY_MORNING


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "navy" if mode in {"RGB", "RGBA"} else 0).save(file, form)
    return file.getvalue()


def pdf(pages: int = 2) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    file = io.BytesIO()
    made.save(file, deterministic_id=True)
    return file.getvalue()


def stored(by: Actor, content: bytes | None = None, *, component: str = "to_khai", name: str = "scan.pdf",
           **more) -> Document:
    """Uploaded, and not looked at yet."""
    return documents.store_document(chunks=[content if content is not None else pdf()], name=name, component=component,
                                    by=by, at=MONDAY_MORNING, **more)


def looked_at(document: Document) -> Document:
    """As the worker leaves it."""
    inspecting.prepare_document(document_id=document.id, at=MONDAY_MORNING)
    document.refresh_from_db()
    return document
