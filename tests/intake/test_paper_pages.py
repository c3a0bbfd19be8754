"""Pages put in order, turned, left out and merged; papers of earlier dossiers used again;

what the page says of each file.
"""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from intake.errors import ConsentMissing, DocumentNotChecked, DocumentNotFound, DocumentRefused, DocumentSigned
from intake.models.documents import Document
from intake.models.phone_links import PhoneLink
from intake.operations import arranging, opening, phone_links, reusing, sessions
from intake.operations.arranging import PageChoice
from intake.queries.sessions import open_session_of
from intake.records import DocumentRef
from tests.factories import catalogue, dossiers, network, signed_pdfs
from tests.factories.papers import looked_at, pdf, picture, stored
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def counter():
    return dossiers.counter()


def numbered(pages: int) -> bytes:
    """A PDF whose page n is n × 100 points wide."""
    made = pikepdf.new()
    for number in range(1, pages + 1):
        made.add_blank_page(page_size=(100 * number, 50))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def widths(document: Document, by) -> list[tuple[int, int]]:
    content = opening.open_document(document_id=looked_at(document).id, by=by, at=NOW).content
    with pikepdf.open(io.BytesIO(content)) as made:
        return [(int(page.mediabox[2]), int(page.get("/Rotate", 0))) for page in made.pages]


def test_pages_come_in_the_order_that_was_asked_for_turned_and_without_what_was_left_out(counter):
    source = looked_at(stored(counter.by, numbered(4)))

    made = arranging.arrange_pages(component="to_khai", by=counter.by, at=NOW, pages=[
        PageChoice(source.id, 3), PageChoice(source.id, 1, 1), PageChoice(source.id, 4, 2)])

    assert widths(made, counter.by) == [(300, 0), (100, 90), (400, 180)]
    assert (made.origin, made.content_type, made.citizen_id) == ("arranged", "application/pdf", counter.citizen.id)
    assert not Document.objects.filter(id=source.id).exists()


def test_photos_become_one_pdf_and_a_turned_one_lies_on_its_side(counter):
    one, two = (looked_at(stored(counter.by, picture(size=size))) for size in ((80, 40), (40, 80)))

    made = arranging.arrange_pages(component="to_khai", by=counter.by, at=NOW,
                                   pages=[PageChoice(one.id, 1, 1), PageChoice(two.id, 1)])

    assert [width for width, _turns in widths(made, counter.by)] == [421, 421]


def test_what_cannot_be_arranged_is_refused_and_nothing_is_lost(counter):
    fresh = stored(counter.by, pdf(1))
    ready = looked_at(stored(counter.by, pdf(2)))
    signed = looked_at(stored(counter.by, signed_pdfs.signed(signed_pdfs.person())))
    other = looked_at(stored(network.acting(network.clerk()), pdf(3)))

    for page, refusal in ((PageChoice(fresh.id, 1), DocumentNotChecked), (PageChoice(ready.id, 9), DocumentRefused),
                          (PageChoice(signed.id, 1), DocumentSigned), (PageChoice(other.id, 1), DocumentNotFound)):
        with pytest.raises(refusal):
            arranging.arrange_pages(component="to_khai", pages=[page], by=counter.by, at=NOW)
    assert Document.objects.count() == 4


def filed_paper(counter) -> Document:
    paper = looked_at(stored(counter.by, pdf(2)))
    counter.submit(documents=(DocumentRef("to_khai", paper.id), DocumentRef("giay_chung_sinh")))
    return paper


def test_an_earlier_paper_serves_again_stored_once_and_says_where_it_comes_from(counter):
    earlier = filed_paper(counter)

    again = reusing.reuse_document(document_id=earlier.id, component="to_khai", by=counter.by, at=NOW)

    assert (again.blob_name, again.reused_from_id, again.digitisation) == (earlier.blob_name, earlier.id, 2)
    assert again.dossier_id is None


def test_without_consent_nothing_is_used_again(counter):
    earlier = filed_paper(counter)
    session = open_session_of(counter.by)
    sessions.withdraw_consent(session_id=session.id, purpose="keep_copies", by=counter.by, at=NOW)

    with pytest.raises(ConsentMissing):
        reusing.reuse_document(document_id=earlier.id, component="to_khai", by=counter.by, at=NOW)


@pytest.mark.parametrize("trouble", ["another citizen's", "outlived", "infected", "another kind"])
def test_what_no_longer_holds_is_not_offered(counter, trouble):
    earlier = filed_paper(counter)
    component, months = "to_khai", None
    if trouble == "another citizen's":
        dossiers.next_citizen(counter)
    elif trouble == "outlived":
        Document.objects.filter(id=earlier.id).update(uploaded_at=NOW.replace(year=NOW.year - 1))
        months = 6
    elif trouble == "infected":
        Document.objects.filter(id=earlier.id).update(state="infected")
    else:
        component = "giay_chung_sinh"

    with pytest.raises(DocumentNotFound):
        reusing.reuse_document(document_id=earlier.id, component=component, valid_months=months, by=counter.by, at=NOW)


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(counter, client):
    client.force_login(counter.clerk)

    def post(**data):
        fields = {"client_ref": "0198b6f0-0000-7000-8000-000000000001", "procedure_code": catalogue.BIRTH} | data
        return client.post(reverse("intake:take"), fields)

    return post


def test_the_page_says_what_became_of_a_file(counter, page):
    blurred = io.BytesIO()
    Image.radial_gradient("L").resize((1200, 900)).save(blurred, "JPEG")
    paper = looked_at(stored(counter.by, blurred.getvalue()))
    value = f"to_khai:{paper.id}"

    shown = page(document=value).content.decode()
    Document.objects.filter(id=paper.id).update(state="infected")
    caught = page(document=value).content.decode()

    assert "Ảnh mờ" in shown
    assert "Chưa quét vi-rút" in shown
    assert reverse("intake:scan", args=[paper.id]) in shown
    assert "Có vi-rút, đã cách ly" in caught
    assert reverse("intake:scan", args=[paper.id]) not in caught


def test_the_page_names_who_signed_a_file(counter, page, settings, tmp_path):
    settings.WARDPOST_TRUST_ROOTS = str(signed_pdfs.roots_folder(tmp_path / "trust"))
    paper = looked_at(stored(counter.by, signed_pdfs.signed(signed_pdfs.person("Trần Thị Lài"))))

    shown = page(document=f"to_khai:{paper.id}").content.decode()

    assert "Chữ ký số hợp lệ" in shown
    assert "Trần Thị Lài" in shown
    assert signed_pdfs.ROOT_NAME in shown
    assert reverse("intake:scan-original", args=[paper.id]) in shown


def test_pages_are_arranged_on_the_page(counter, page):
    one, two = looked_at(stored(counter.by, numbered(2))), looked_at(stored(counter.by, picture()))
    files = {"document": [f"to_khai:{one.id}", f"to_khai:{two.id}"]}

    drawer = page(do="pages", component="to_khai", **files).content.decode()
    page(do="arrange", arrange="to_khai", source=[str(one.id), str(two.id)],
         page=[f"{two.id}:1:0", f"{one.id}:2:1", "nonsense", f"{one.id}:x:y"], **files)

    assert drawer.count("page-tile") == 3
    made = Document.objects.get()
    assert (made.origin, made.pages, made.component) == ("arranged", 2, "to_khai")


def test_an_arrangement_that_fails_keeps_the_files(counter, page):
    one = looked_at(stored(counter.by, numbered(2)))

    answer = page(do="arrange", arrange="to_khai", source=[str(one.id)], page=[], document=f"to_khai:{one.id}")

    assert f"to_khai:{one.id}" in answer.content.decode()
    assert Document.objects.get().id == one.id


def test_an_earlier_paper_is_offered_and_used_on_the_page(counter, page):
    earlier = filed_paper(counter)

    offered = page().content.decode()
    used = page(reuse_document=f"to_khai:{earlier.id}").content.decode()

    assert f"to_khai:{earlier.id}" in offered
    assert "Dùng lại từ hồ sơ" in used


def test_a_photo_of_the_phone_arrives_while_the_page_lies_open(counter, page, client):
    drawer = page(do="phone")
    link = PhoneLink.objects.get()
    url = reverse("intake:files-state", args=[link.client_ref])
    before = client.get(url).content
    assert "data:image/svg+xml" in drawer.content.decode()

    _link, token = phone_links.open_phone_link(
        client_ref=link.client_ref, papers=link.papers, by=counter.by, at=link.opened_at)
    photo = phone_links.store_photo(token=token, chunks=[picture()], name="a.jpg", component="to_khai",
                                    at=link.opened_at)

    assert client.get(url).content != before
    assert f"to_khai:{photo.id}" in page().content.decode()


def test_several_files_of_one_paper_come_at_once_and_a_refused_one_is_named(counter, page):
    answer = page(**{"file-to_khai": [SimpleUploadedFile("a.pdf", pdf(1)), SimpleUploadedFile("b.docx", b"PK\x03\x04"),
                                      SimpleUploadedFile("c.png", picture("PNG"))]})

    assert Document.objects.filter(component="to_khai").count() == 2
    assert "b.docx: Chỉ nhận tệp PDF" in answer.content.decode()


def test_a_page_with_many_files_costs_as_much_as_with_one(counter, page):
    papers = [looked_at(stored(counter.by, pdf(n))) for n in range(1, 4)]
    page()
    with CaptureQueriesContext(connection) as one:
        page(document=f"to_khai:{papers[0].id}")
    with CaptureQueriesContext(connection) as three:
        page(document=[f"to_khai:{each.id}" for each in papers])

    assert len(three) <= len(one) + 1
