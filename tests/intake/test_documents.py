"""Uploads: what is taken, by its content; what is refused, with its cause; who may open it again."""

import io
import zlib

import pytest
from PIL import Image
from pypdf import PdfWriter

from intake import blobs, filing
from intake.errors import (
    DocumentDamaged,
    DocumentLimit,
    DocumentNotFound,
    DocumentQuarantined,
    DocumentRefused,
    DocumentTooLarge,
    DocumentTypeRefused,
    DossierNotFound,
    NotAnOutlet,
    SubmissionRefused,
)
from intake.models.documents import Document, ScanVerdict
from intake.operations import documents, opening
from intake.queries.documents import other_owner_of
from intake.records import DocumentRef
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import citizens, dossiers, network, places
from tests.factories.papers import looked_at
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "navy").save(file, form)
    return file.getvalue()


def pdf(pages: int = 2, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def huge_png_header() -> bytes:
    """A PNG that says it has 50,000 × 50,000 pixels and holds none of them."""
    header = b"IHDR" + (50_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    chunk = (13).to_bytes(4) + header + zlib.crc32(header).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def upload(content: bytes, by, *, name: str = "scan.pdf", component: str = "to_khai", **more) -> Document:
    return documents.store_document(chunks=[content], name=name, component=component, by=by, at=NOW, **more)


@pytest.fixture
def by():
    return network.acting(network.clerk())


@pytest.mark.parametrize(("content", "kind", "pages"), [
    (pdf(3), "application/pdf", 3), (picture(), "image/jpeg", 1), (picture("PNG"), "image/png", 1)])
def test_a_paper_is_recognised_by_its_content_whatever_its_name(by, content, kind, pages):
    for name in ("khai sinh.docx", "x.pdf.exe", "SCAN", ""):
        document = upload(content, by, name=name)
        assert (document.content_type, document.pages, document.size_bytes) == (kind, pages, len(content))
        assert document.verdict == ScanVerdict.NOT_CHECKED


@pytest.mark.parametrize("content", [
    b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>%PDF-1.7</html>", b"PK\x03\x04" + b"\x00" * 40, b"MZ\x90\x00",
    b"GIF89a" + b"\x00" * 40, b"\x00\x00\x00\x18ftypavif" + b"\x00" * 40, b"hello", b"\xd0\xcf\x11\xe0" + b"\x00" * 40,
    b"<?xml version='1.0'?>", b"%!PS-Adobe"])
def test_other_kinds_of_file_are_not_accepted(by, content):
    with pytest.raises(DocumentTypeRefused):
        upload(content, by, name="scan.pdf")
    assert not Document.objects.exists()


@pytest.mark.parametrize(("content", "cause"), [
    (b"", "empty"), (pdf()[:-40], "truncated"), (picture()[:200], "truncated"), (picture("PNG")[:60], "truncated"),
    (pdf(password="bí mật"), "password"), (pdf(0), "no-pages"), (pdf(501), "too-many-pages"),
    (huge_png_header(), "too-many-pixels"), (b"%PDF-1.7\nnothing here\n%%EOF\n", "unreadable"),
    (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "truncated")])
def test_a_file_that_cannot_be_used_is_refused_with_its_cause(by, content, cause):
    with pytest.raises(DocumentRefused) as refusal:
        upload(content, by)

    assert refusal.value.facts["cause"] == cause
    assert str(refusal.value.errors[0].message)


def test_a_file_that_is_too_large_is_stopped_while_it_comes(by, store):
    sent = 0

    def endless():
        nonlocal sent
        while True:
            sent += 1
            yield b"%PDF-" + b"0" * 1024 * 1024

    with pytest.raises(DocumentTooLarge):
        documents.store_document(chunks=endless(), name="x", component="to_khai", by=by, at=NOW)
    assert sent == 20
    assert list(store.rglob("*.*")) == []


def test_what_was_refused_leaves_no_file_behind(by, store):
    with pytest.raises(DocumentTypeRefused):
        upload(b"hello", by)

    assert [each for each in store.rglob("*") if each.is_file()] == []


def test_the_store_holds_no_readable_file_and_no_sent_name(by, store):
    content = pdf()
    document = upload(content, by, name="046192004127 Hạnh.pdf")

    files = [each for each in store.rglob("*") if each.is_file()]

    assert [str(each.relative_to(store)) for each in files] == [document.blob_name]
    assert b"%PDF-" not in files[0].read_bytes()
    assert "Hạnh" not in files[0].name
    assert blobs.read(document.blob_name) == content


def test_a_file_that_was_exchanged_or_altered_is_not_given_out(by, store):
    one, other = looked_at(upload(pdf(1), by)), looked_at(upload(pdf(2), by))
    (store / one.view_name).write_bytes((store / other.view_name).read_bytes())

    with pytest.raises(DocumentDamaged):
        opening.open_document(document_id=one.id, by=by, at=NOW)

    one.refresh_from_db()
    assert one.state == "damaged"
    assert WorkItem.objects.get(kind="damaged-paper").reference == str(one.id)


@pytest.mark.parametrize(("sent", "shown"), [
    ("../../etc/passwd", "passwd"), ("C:\\scan\\giấy khai sinh.pdf", "giấy khai sinh.pdf"),
    ("a\u202efdp.exe", "afdp.exe"), ("nul\x00.pdf", "nul.pdf"), ("x" * 300, "x" * 255), ("", "")])
def test_the_name_is_kept_for_people_only(sent, shown):
    assert documents.shown_name(sent) == shown


def test_the_same_file_again_is_the_same_document(by):
    assert upload(pdf(), by).id == upload(pdf(), by).id
    assert upload(pdf(), by, component="giay_chung_sinh").id != upload(pdf(), by).id


def test_the_same_paper_of_a_dossier_from_two_hands_is_one_document():
    counter = dossiers.counter()
    dossier = counter.submit()
    first = upload(pdf(), counter.by, dossier_id=dossier.id, component="other")

    again = upload(pdf(), network.acting(network.officer(counter.centre)), dossier_id=dossier.id, component="other")

    assert again.id == first.id


def test_an_upload_becomes_part_of_the_submitted_dossier():
    counter = dossiers.counter()
    scan = upload(pdf(), counter.by, component="other")

    dossier = counter.submit(documents=(DocumentRef("to_khai", scan.id), DocumentRef("giay_chung_sinh")))

    scan.refresh_from_db()
    assert (scan.dossier_id, scan.component) == (dossier.id, "to_khai")
    assert dossier.presented == ["giay_chung_sinh"]


def test_papers_are_opened_by_the_outlet_and_the_centre_and_each_time_written_down():
    counter = dossiers.counter()
    scan = upload(pdf(), counter.by)
    counter.submit(documents=(DocumentRef("to_khai", scan.id), DocumentRef("giay_chung_sinh")))
    officer = network.acting(network.officer(counter.centre))

    looked_at(scan)
    for reader in (counter.by, officer):
        assert opening.open_document(document_id=scan.id, by=reader, at=NOW).content.startswith(b"%PDF-")

    opened = AuditEntry.objects.filter(action="document.open", object_id=str(scan.id)).order_by("id")
    assert [entry.actor_id for entry in opened] == [counter.by.id, officer.id]


@pytest.mark.parametrize("who", ["clerk", "officer", "auditor", "reviewer", "operator_hq"])
def test_nobody_else_opens_them(who):
    counter = dossiers.counter()
    scan = upload(pdf(), counter.by)
    counter.submit(documents=(DocumentRef("to_khai", scan.id), DocumentRef("giay_chung_sinh")))
    stranger = {"clerk": lambda: network.clerk(network.outlet(places.PHU_XUAN)),
                "officer": lambda: network.officer(network.centre(places.PHU_XUAN)),
                "auditor": lambda: network.auditor(places.HUE), "reviewer": lambda: network.reviewer(places.HUE),
                "operator_hq": network.operator_hq}[who]()

    with pytest.raises(DocumentNotFound):
        opening.open_document(document_id=looked_at(scan).id, by=network.acting(stranger), at=NOW)


def test_what_the_antivirus_stopped_is_not_given_out(by):
    scan = upload(pdf(), by)
    Document.objects.update(state="infected", verdict=ScanVerdict.INFECTED)

    with pytest.raises(DocumentQuarantined):
        opening.open_document(document_id=scan.id, by=by, at=NOW)


def test_an_upload_for_somebody_elses_dossier_is_refused(by):
    dossier = dossiers.submitted()

    with pytest.raises(DossierNotFound):
        upload(pdf(), by, dossier_id=dossier.id)
    with pytest.raises(NotAnOutlet):
        upload(pdf(), network.acting(network.auditor()))


@pytest.mark.parametrize("component", ["result", "vip_paper"])
def test_an_outlet_adds_only_papers_of_the_published_list(component):
    counter = dossiers.counter()
    dossier = counter.submit()

    with pytest.raises(DocumentRefused) as refusal:
        upload(pdf(), counter.by, dossier_id=dossier.id, component=component)
    assert refusal.value.errors[0].pointer == "/component"


def test_a_centre_adds_the_result():
    counter = dossiers.counter()
    dossier = counter.submit()

    kept = upload(pdf(), network.acting(network.officer(counter.centre)), dossier_id=dossier.id, component="result")

    assert (kept.dossier_id, kept.centre_id) == (dossier.id, counter.centre.id)


def test_a_dossier_holds_forty_files(monkeypatch):
    monkeypatch.setattr(documents, "MOST_FILES", 2)
    counter = dossiers.counter()
    dossier = counter.submit()
    for pages in (1, 2):
        upload(pdf(pages), counter.by, dossier_id=dossier.id)

    with pytest.raises(DocumentLimit):
        upload(pdf(3), counter.by, dossier_id=dossier.id)


def test_an_upload_is_taken_back_only_before_a_dossier_has_it(store, django_capture_on_commit_callbacks):
    counter = dossiers.counter()
    waiting, taken = upload(pdf(1), counter.by), upload(pdf(2), counter.by)
    counter.submit(documents=(DocumentRef("to_khai", taken.id), DocumentRef("giay_chung_sinh")))

    with django_capture_on_commit_callbacks(execute=True):
        documents.remove_waiting_document(document_id=waiting.id, by=counter.by, at=NOW)

    assert not (store / waiting.blob_name).exists()
    with pytest.raises(DocumentNotFound):
        documents.remove_waiting_document(document_id=taken.id, by=counter.by, at=NOW)


def test_a_file_that_is_another_citizens_paper_already_is_recognised():
    counter = dossiers.counter()
    scan = upload(pdf(), counter.by)
    somebody_else = citizens.citizen()

    assert other_owner_of(scan.sha256, somebody_else.id) == counter.citizen.id
    assert other_owner_of(scan.sha256, counter.citizen.id) is None
    assert other_owner_of("0" * 64, somebody_else.id) is None


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_FILE_BYTES"])
def test_more_than_a_dossier_holds_is_not_submitted(monkeypatch, limit):
    monkeypatch.setattr(filing, limit, 1)
    counter = dossiers.counter()
    scans = [upload(pdf(pages), counter.by) for pages in (1, 2)]
    papers = tuple(DocumentRef("to_khai", scan.id) for scan in scans)

    with pytest.raises(SubmissionRefused) as refusal:
        counter.submit(documents=(*papers, DocumentRef("giay_chung_sinh")))
    assert refusal.value.errors[0].code == "too-many-files"
