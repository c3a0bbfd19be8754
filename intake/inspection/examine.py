"""The quick look while somebody waits: can the file be used at all, and how many pages has it."""

from pathlib import Path

from intake.inspection import MOST_PAGES, PDF, UnusableError


def examine(path: Path, kind: str) -> int:
    """Pages of a file of an accepted type, 1 for a picture; raises UnusableError."""
    return _pages(path) if kind == PDF else _picture(path, kind)


def _pages(path: Path) -> int:
    from intake.inspection import pdfs  # only this kind of file pays for it

    with pdfs.opened(path) as pdf:
        count = len(pdf.pages)
    if count == 0:
        raise UnusableError("no-pages")
    if count > MOST_PAGES:
        raise UnusableError("too-many-pages")
    return count


def _picture(path: Path, kind: str) -> int:
    """One page; an eighth of a JPEG's size is enough to notice that the end is missing."""
    from intake.inspection import pictures

    with pictures.opened(path) as picture:
        if kind == "image/png":
            picture.verify()
        else:
            picture.draft("L", (picture.width // 8 or 1, picture.height // 8 or 1))
            picture.load()
    return 1
