"""Small pictures of the first pages, so that a clerk sees what she orders and turns."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from intake.inspection import PDF
from intake.inspection.pictures import opened

WIDTH: Final = 220
MOST: Final = 40
"""Pages that get a picture; the others are shown by their number."""


def draw(view: Path, kind: str, pages: int, out: Path) -> int:
    """Write JPEGs of the first pages of a view, each behind its length; returns how many there are.

    A page that cannot be drawn is left empty: the view itself is what counts.
    """
    drawn = [_jpeg(page) for page in (_pdf_pages(view, min(pages, MOST)) if kind == PDF else _picture(view))]
    out.write_bytes(b"".join(struct.pack(">I", len(each)) + each for each in drawn))
    return len(drawn)


def nth(packed: bytes, number: int) -> bytes | None:
    """The JPEG of page `number` (from 1) out of what `draw` wrote."""
    at = 0
    for _ in range(number - 1):
        if at + 4 > len(packed):
            return None
        at += 4 + struct.unpack_from(">I", packed, at)[0]
    if at + 4 > len(packed):
        return None
    return packed[at + 4: at + 4 + struct.unpack_from(">I", packed, at)[0]] or None


def _picture(view: Path) -> Iterator[Image.Image | None]:
    with opened(view) as picture:
        picture.draft("RGB", (WIDTH * 2, WIDTH * 2))
        yield picture.convert("RGB")


def _pdf_pages(view: Path, pages: int) -> Iterator[Image.Image | None]:
    import typst  # it draws PDFs, and nothing else here does

    sheet = view.parent / "sheet.typ"
    for number in range(1, pages + 1):
        source = (f"#set page(width: {WIDTH}pt, height: auto, margin: 0pt)\n"
                  f'#image("{view.name}", page: {number}, width: 100%)')
        try:
            sheet.write_text(source, encoding="utf-8")
            drawn = typst.compile(str(sheet), root=str(view.parent), format="png", ppi=72)
        except RuntimeError:
            yield None
        else:
            yield Image.open(io.BytesIO(drawn)).convert("RGB")


def _jpeg(page: Image.Image | None) -> bytes:
    if page is None:
        return b""
    page.thumbnail((WIDTH, WIDTH * 2))
    file = io.BytesIO()
    page.save(file, "JPEG", quality=70)
    return file.getvalue()
