"""What a file really is, and whether it can be read: PDF, JPEG or PNG, by its content.

Run as a program of its own (`python -m intake.inspection FILE TYPE`), without Django: a file that crashes or ties up a
decoder ends that process and nothing else. intake.blobs starts it.
"""

import json
import resource
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MOST_PIXELS: Final = 50_000_000
MOST_PAGES: Final = 1000
MEMORY_BYTES: Final = 1024 * 1024 * 1024
SECONDS: Final = 15

_SIGNATURES: Final[Mapping[bytes, str]] = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_PDF_END_WITHIN: Final = 4096


class UnusableError(Exception):
    """`cause`: "truncated", "password", "no-pages", "too-many-pages", "too-many-pixels" or "unreadable"."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def content_type(head: bytes) -> str | None:
    """The accepted type that the first bytes of a file belong to; its name is never asked."""
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind
    # Readers also take a header that comes later; a file that begins as something else is something else.
    return "application/pdf" if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-") else None


def examine(path: Path, kind: str) -> int:
    """Pages of a file of an accepted type, 1 for a picture; raises UnusableError."""
    return _pages(path) if kind == "application/pdf" else _picture(path, kind)


def _pages(path: Path) -> int:
    import pypdf  # only this kind of file pays for it
    from pypdf.errors import PyPdfError

    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _PDF_END_WITHIN))
        if b"%%EOF" not in file.read():
            raise UnusableError("truncated")
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnusableError("password")
        count = len(reader.pages)
    except PyPdfError as error:
        raise UnusableError("unreadable") from error
    if count == 0:
        raise UnusableError("no-pages")
    if count > MOST_PAGES:
        raise UnusableError("too-many-pages")
    return count


def _picture(path: Path, kind: str) -> int:
    """One page; the size is checked in the header, before anything is decoded."""
    from PIL import Image  # only this kind of file pays for it

    try:
        with Image.open(path, formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusableError("too-many-pixels")
            if kind == "image/png":
                picture.verify()
            else:
                # An eighth of the size is enough to notice that the end is missing.
                picture.draft("L", (picture.width // 8 or 1, picture.height // 8 or 1))
                picture.load()
    except Image.DecompressionBombError as error:
        raise UnusableError("too-many-pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise UnusableError("truncated") from error
    return 1


def main(path: str, kind: str) -> int:
    """Print what was found as one JSON object: `{"pages": 2}` or `{"cause": "password"}`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    try:
        print(json.dumps({"pages": examine(Path(path), kind)}))
    except UnusableError as error:
        print(json.dumps({"cause": error.cause}))
    except Exception:  # noqa: BLE001  # whatever a decoder stumbles over, the file cannot be read
        print(json.dumps({"cause": "unreadable"}))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
