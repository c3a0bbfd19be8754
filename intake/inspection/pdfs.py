"""PDFs: opened by qpdf, written anew without anything that runs, opens, sends or carries something else along."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from intake.inspection import MOST_PAGES, UnusableError

_ACTIONS: Final = {
    "/JavaScript": "javascript", "/Rendition": "javascript", "/Launch": "launch", "/GoToR": "external",
    "/GoToE": "external", "/URI": "links", "/SubmitForm": "external", "/ImportData": "external", "/Thread": "external",
    "/Movie": "media", "/Sound": "media", "/RichMediaExecute": "media", "/GoTo3DView": "media"}
"""Actions that leave the page, with the note that is made of them. /GoTo, /Named and /Hide stay."""
_ANNOTATIONS: Final = {"/FileAttachment": "embedded", "/RichMedia": "media", "/Movie": "media", "/Sound": "media",
                       "/Screen": "media", "/3D": "media"}
_KEYS: Final = {
    "/JS": "javascript", "/AA": "javascript", "/JavaScript": "javascript", "/XFA": "xfa", "/EF": "embedded",
    "/EmbeddedFiles": "embedded", "/AF": "embedded", "/Collection": "embedded", "/RichMediaContent": "media",
    "/OPI": "external", "/Ref": "external", "/PieceInfo": "metadata", "/Metadata": "metadata"}
"""Entries that are taken out wherever they stand."""
_DEEPEST: Final = 60


@contextmanager
def opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """A PDF as qpdf reads it, repaired where it can be.

    Raises:
        UnusableError: "truncated", "password" or "unreadable".
    """
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise UnusableError("password") from error
    except pikepdf.PdfError as error:
        raise UnusableError("unreadable" if _has_end(path) else "truncated") from error
    if not _has_end(path):
        raise UnusableError("truncated")


def _has_end(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.rfind(b"%%EOF") >= 0


def rebuild(path: Path, out: Path) -> dict[str, Any]:
    """Write the view of a PDF to `out`: its pages, and nothing of what is named above. Bytes after its end are gone."""
    with opened(path) as pdf:
        count = len(pdf.pages)
        if not 0 < count <= MOST_PAGES:
            raise UnusableError("too-many-pages" if count else "no-pages")
        notes = _stripped(pdf)
        pdf.save(out, encryption=False, fix_metadata_version=False)
    return {"pages": count, "notes": sorted(notes)}


def _stripped(pdf: pikepdf.Pdf) -> set[str]:
    notes: set[str] = set()
    root = pdf.Root
    if "/OpenAction" in root and isinstance(root.OpenAction, Dictionary):
        notes.add(_ACTIONS.get(str(root.OpenAction.get("/S", "")), "javascript"))
        del root["/OpenAction"]
    if "/URI" in root:
        del root["/URI"]
    for found in pdf.objects:
        _strip(found, notes, 0)
    for key in ("/Info",):
        if key in pdf.trailer:
            del pdf.trailer[key]
    return notes - {"metadata"}


def _strip(found: Object, notes: set[str], depth: int) -> None:
    """Clean one object and the direct ones inside it; indirect ones come by themselves."""
    if depth > _DEEPEST:
        raise UnusableError("unreadable")
    if isinstance(found, Array):
        _strip_list(found, notes, depth)
    elif isinstance(found, Dictionary | Stream):
        _strip_entries(found, notes)
        for key in list(found.keys()):
            inside = found[key]
            if isinstance(inside, Array | Dictionary) and not inside.is_indirect:
                _strip(inside, notes, depth + 1)


def _strip_list(found: Array, notes: set[str], depth: int) -> None:
    for index in reversed(range(len(found))):
        inside = found[index]
        if isinstance(inside, Dictionary) and (note := _ANNOTATIONS.get(str(inside.get("/Subtype", "")))):
            notes.add(note)
            del found[index]
        elif isinstance(inside, Array | Dictionary) and not inside.is_indirect:
            _strip(inside, notes, depth + 1)


def _strip_entries(found: Dictionary | Stream, notes: set[str]) -> None:
    for key, note in _KEYS.items():
        if key in found and not (key == "/Metadata" and isinstance(found, Stream)):
            del found[key]
            notes.add(note)
    if isinstance(found, Stream) and "/F" in found:
        # The content of such a stream lies in another file.
        del found["/F"]
        notes.add("external")
    kind = str(found.get("/S", "")) if isinstance(found.get("/S"), Name) else ""
    if kind in _ACTIONS and "/Type" in found and found.Type != Name.Action:
        return
    if kind in _ACTIONS:
        notes.add(_ACTIONS[kind])
        for key in list(found.keys()):
            del found[key]
