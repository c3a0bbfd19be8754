"""The private store of citizens' papers: encrypted files under random names, which no address leads to."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from intake import decoding
from intake.errors import DocumentRefused, DocumentTooLarge, DocumentTypeRefused
from intake.inspection import content_type, shown_type
from intake.rules.faults import Fault
from intake.wording import field_error
from shared import crypto
from shared.ids import uuid7

LARGEST_BYTES: Final = 20 * 1024 * 1024
_HEAD: Final = 1024
_BOUND_TO: Final = "intake.document:"


@dataclass(frozen=True, slots=True)
class Received:
    """An upload that lies in a file of its own and was looked at. `pages` is 1 for a picture."""

    path: Path
    size_bytes: int
    sha256: str
    content_type: str
    pages: int

    @property
    def shown_type(self) -> str:
        """Of its view."""
        return shown_type(self.content_type)


def folder() -> Path:
    place = Path(settings.MEDIA_ROOT)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def receive(chunks: Iterable[bytes]) -> Received:
    """Write an upload to a file, counting and hashing as it comes; the caller removes the file.

    Raises:
        DocumentTooLarge: more than 20 MB came.
        DocumentTypeRefused: the content is no PDF, JPEG, PNG or HEIC.
        DocumentRefused: it is one, but cannot be used; its cause is named.
    """
    with tempfile.NamedTemporaryFile(dir=folder(), prefix="upload-", delete=False) as file:
        path = Path(file.name)
        try:
            size, digest = _copy(chunks, file)
            kind, pages = _inspect(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return Received(path, size, digest, kind, pages)


def _copy(chunks: Iterable[bytes], file: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of what was written; stops as soon as it is too much."""
    digest, size = sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_BYTES:
            raise DocumentTooLarge
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    return size, digest.hexdigest()


def _inspect(path: Path) -> tuple[str, int]:
    """Content type and pages of a file; raises as `receive` does."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise _unusable("empty")
    kind = content_type(head)
    if kind is None:
        raise DocumentTypeRefused(errors=(field_error("/file", Fault("file-type")),))
    found = decoding.ask("examine", path=path, kind=kind)
    if "cause" in found:
        raise _unusable(str(found["cause"]))
    return kind, int(found["pages"])


def _unusable(cause: str) -> DocumentRefused:
    return DocumentRefused(cause=cause, errors=(field_error("/file", Fault(f"file-{cause}")),))


def keep(received: Received) -> str:
    """Seal a received file under a new random name and return the name; on disk before the row is written."""
    return keep_bytes(received.path.read_bytes())


def keep_bytes(content: bytes) -> str:
    """As `keep`, for what was made here."""
    name = uuid7().hex
    name = f"{name[-2:]}/{name}"
    target = folder() / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    sealed = crypto.seal_bytes(content, bound_to=_BOUND_TO + name)
    half = target.with_suffix(".half")
    half.write_bytes(sealed)
    half.chmod(0o600)
    half.replace(target)
    return name


def read(blob_name: str) -> bytes:
    """The content as it was uploaded; raises FileNotFoundError or cryptography's InvalidTag."""
    return crypto.open_bytes((folder() / blob_name).read_bytes(), bound_to=_BOUND_TO + blob_name)


def remove(blob_name: str) -> None:
    """Take a file out of the store; one that is gone already is gone."""
    (folder() / blob_name).unlink(missing_ok=True)


def names_older_than(moment: datetime) -> Iterator[str]:
    """Names of files that were written before `moment`, and left-overs of uploads and work that broke off."""
    for path in folder().rglob("*"):
        if path.is_file() and path.stat().st_mtime < moment.timestamp():
            yield path.relative_to(folder()).as_posix()
