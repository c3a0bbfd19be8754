"""What a file really is, whether it can be used, and a copy of it that is safe to show.

Everything here that opens a file runs in a process of its own (`python -m intake.inspection VERB …`), without
Django, without network, with bounded memory and time: a file that crashes or ties up a decoder ends that process and
nothing else.
`intake.decoding` starts it.
"""

from collections.abc import Mapping
from typing import Final

MOST_PIXELS: Final = 50_000_000
MOST_PAGES: Final = 500

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
HEIC: Final = "image/heic"

_SIGNATURES: Final[Mapping[bytes, str]] = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


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
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    # Readers also take a header that comes later; a file that begins as something else is something else.
    return PDF if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-") else None


def shown_type(kind: str) -> str:
    """The type of the view of a file: HEIC becomes JPEG, because not every desk can open it."""
    return JPEG if kind == HEIC else kind
