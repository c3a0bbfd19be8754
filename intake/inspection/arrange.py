"""One PDF out of pages of several views: in a new order, turned, some left out."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pikepdf
from PIL import Image

from intake.inspection import MOST_PAGES, PDF, UnusableError, pdfs, pictures

_A4_POINTS: Final = 842


def arrange(pages: Sequence[tuple[Path, str, int, int]], out: Path) -> dict[str, Any]:
    """Write the PDF. Each page: file, its content type, page number from 1, quarter turns clockwise.

    Raises:
        UnusableError: a file cannot be read, or has no such page.
    """
    if not 0 < len(pages) <= MOST_PAGES:
        raise UnusableError("too-many-pages" if pages else "no-pages")
    merged = pikepdf.new()
    for path, kind, number, turns in pages:
        if kind == PDF:
            _take_page(merged, path, number, turns)
        else:
            _take_picture(merged, path, turns)
    merged.save(out)
    return {"pages": len(merged.pages)}


def _take_page(merged: pikepdf.Pdf, path: Path, number: int, turns: int) -> None:
    with pdfs.opened(path) as source:
        if not 1 <= number <= len(source.pages):
            raise UnusableError("no-pages")
        merged.pages.append(source.pages[number - 1])
        if turns:
            merged.pages[-1].rotate(turns * 90, relative=True)


def _take_picture(merged: pikepdf.Pdf, path: Path, turns: int) -> None:
    """A picture becomes a page whose longer side is that of A4, its pixels kept as they are."""
    with pictures.opened(path) as picture:
        page = picture.convert("L" if picture.mode == "L" else "RGB")
    if turns:
        page = page.transpose((Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180,
                               Image.Transpose.ROTATE_90)[turns - 1])
    content = io.BytesIO()
    page.save(content, "JPEG", quality=88)
    scale = _A4_POINTS / max(page.size)
    width, height = round(page.width * scale, 2), round(page.height * scale, 2)
    merged.add_blank_page(page_size=(width, height))
    image = merged.make_stream(content.getvalue(), {
        "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": page.width, "/Height": page.height,
        "/ColorSpace": pikepdf.Name.DeviceGray if page.mode == "L" else pikepdf.Name.DeviceRGB,
        "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})
    added = merged.pages[-1]
    added.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    added.Contents = merged.make_stream(f"q {width} 0 0 {height} 0 0 cm /Scan Do Q".encode())
