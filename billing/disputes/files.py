"""Files that are put forward as evidence: few kinds, looked at by their content, sealed before they are kept."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.disputes.rules import LARGEST_FILE
from billing.errors import EvidenceRefused
from shared import crypto
from shared.errors import FieldError
from shared.text import clean, hidden_character

_KINDS: Final = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
_ODD: Final = re.compile(r'[\\/:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that was looked at. Sums and tables come as PDF or as a picture: nothing that runs is taken."""

    name: str
    content_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def evidence_of(name: str, content: bytes) -> Evidence:
    """Raises EvidenceRefused: empty, too large, or neither PDF, JPEG nor PNG by its content."""
    if not content:
        raise _refused("file-empty", _("The file is empty."))
    if len(content) > LARGEST_FILE:
        raise _refused("file-too-large", _("A file may have 8 MB."))
    for start, kind, ending in _KINDS:
        if content.startswith(start):
            return Evidence(_safe(name, ending), kind, content)
    raise _refused("file-type", _("Give a PDF, a JPEG or a PNG."))


def seal(content: bytes, dispute_id: UUID) -> bytes:
    return crypto.seal_bytes(content, bound_to=_bound(dispute_id))


def unseal(sealed: bytes, dispute_id: UUID) -> bytes:
    """Raises cryptography's InvalidTag."""
    return crypto.open_bytes(sealed, bound_to=_bound(dispute_id))


def _bound(dispute_id: UUID) -> str:
    return f"billing.dispute-file:{dispute_id}"


def _safe(name: str, ending: str) -> str:
    """A name that is safe to save under: no folders, nothing hidden, the ending of its content."""
    letters = "".join(each for each in clean(name) if hidden_character(each) is None)
    stem = _ODD.sub(" ", letters).rpartition(".")[0] or _ODD.sub(" ", letters)
    return f"{stem.strip(' .')[:100] or 'file'}{ending}"


def _refused(code: str, message: object) -> EvidenceRefused:
    return EvidenceRefused(str(message), errors=(FieldError("/file", code, str(message)),))
