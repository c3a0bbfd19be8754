"""Sample papers as a visitor would see them scanned: a clear scan, a blurred photo, a digitally signed file."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import fontpkg
import typst
from django.conf import settings
from PIL import Image, ImageFilter

from config.demo import signing

ISSUER: Final = "CA trình diễn Wardpost"
_SHEET: Final = """
#set page(width: 210mm, height: 297mm, margin: 22mm)
#set text(font: "Be Vietnam Pro", size: 12pt)
#align(center)[*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ *Độc lập - Tự do - Hạnh phúc*]
#v(14mm)
#align(center, text(size: 17pt, weight: "bold", sys.inputs.title))
#v(8mm)
#for n in range(18) [
  #box(width: 34%)[Mục #(n + 1):] #box(width: 62%, line(length: 100%, stroke: 0.5pt + gray)) \\
]
#v(10mm)
#align(right)[#text(style: "italic")[Người khai ký tên] \\ #v(12mm) #sys.inputs.name]
#place(center + horizon, rotate(-32deg, text(size: 46pt, fill: rgb(200, 200, 205, 130))[BẢN TRÌNH DIỄN]))
"""


def clear_scan(title: str, name: str) -> bytes:
    """A PDF of one page."""
    return _drawn(title, name, "pdf")


def blurred_photo(title: str, name: str) -> bytes:
    """A JPEG that a hand in a hurry took."""
    page = Image.open(io.BytesIO(_drawn(title, name, "png"))).convert("RGB").filter(ImageFilter.GaussianBlur(7))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return out.getvalue()


def photo_of_a_sheet(title: str, name: str) -> bytes:
    """A JPEG as a telephone takes it on the spot."""
    out = io.BytesIO()
    Image.open(io.BytesIO(_drawn(title, name, "png"))).convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


def signed_scan(title: str, name: str, *, at: datetime) -> bytes:
    """A PDF with a digital signature whose issuer this house trusts."""
    signer = signing.person(name, by=_issuer(), begins=at - timedelta(days=90), ends=at + timedelta(days=365))
    return signing.signed(clear_scan(title, name), signer)


@cache
def _issuer() -> signing.Pair:
    """Made up for this run; only its certificate is written down, where the pipeline looks for whom to trust."""
    pair = signing.issuer(ISSUER, at=datetime.now(UTC))
    if settings.WARDPOST_TRUST_ROOTS:
        folder = Path(settings.WARDPOST_TRUST_ROOTS)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"demo-{pair.certificate.serial_number:x}.pem").write_bytes(pair.pem)
    return pair


def _drawn(title: str, name: str, form: str) -> bytes:
    compiler = typst.Compiler(font_paths=[str(Path(fontpkg.path("Be Vietnam Pro")).parent)], ignore_system_fonts=True)
    inputs = {"title": title.upper(), "name": name}
    how: dict[str, Any] = {"format": form, "timestamp": 0} | ({"ppi": 110} if form == "png" else {})
    made = compiler.compile(input=_SHEET.encode(), sys_inputs=inputs, **how)
    return made[0] if isinstance(made, list) else made or b""
