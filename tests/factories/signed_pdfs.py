"""PDFs signed by certificates made up for one test run, and what becomes of them when somebody changes them."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf

from config.demo import signing
from config.demo.signing import Pair

ROOT_NAME = "CA thử nghiệm Wardpost"


@cache
def root() -> Pair:
    return signing.issuer(ROOT_NAME, at=datetime.now(UTC))


@cache
def stranger() -> Pair:
    """An issuer that nobody here trusts."""
    return signing.issuer("CA không quen", at=datetime.now(UTC))


def person(name: str = "Trần Thị Lài", *, by: Pair | None = None, ends: timedelta = timedelta(days=365)) -> Pair:
    now = datetime.now(UTC)
    return signing.person(name, by=by or root(), begins=now - timedelta(days=400), ends=now + ends)


def plain_pdf(pages: int = 1) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(300, 400))
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def signed(signer: Pair, content: bytes | None = None, *, field: str = "Signature1") -> bytes:
    return signing.signed(content or plain_pdf(), signer, field=field)


def altered(content: bytes) -> bytes:
    """The same file with its page cut smaller after signing, in an update of its own."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/MediaBox")] = generic.ArrayObject([generic.NumberObject(each) for each in (0, 0, 99, 99)])
    writer.mark_update(page.container_ref)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def garbled(content: bytes) -> bytes:
    """The same file with one byte of the signed part exchanged."""
    return content.replace(b"300 400", b"301 400", 1)


def roots_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    (path / "root.pem").write_bytes(root().pem)
    return path
