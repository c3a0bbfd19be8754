"""Official papers: said from committed rows, the same bytes on every print, readable by machines."""

import io

import pypdf
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from intake.errors import DossierNotFound, PaperNotReady
from intake.models.citizens import Citizen
from intake.models.papers import IssuedPaper
from intake.operations import reception
from intake.operations.papers import issue_paper
from intake.papers.codes import tracking_url
from intake.papers.render import render_pdf, render_png
from shared.models.oversight import AuditEntry
from tests.factories import network
from tests.intake.centre_cases import WEDNESDAY, at, filed, forwarded, hue_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def outlet():
    return network.outlet(name="Bưu cục Phong Dinh")


def received(outlet):
    dossier = forwarded(outlet=outlet)
    officer = network.acting(network.officer(hue_centre()))
    reception.receive(dossier_id=dossier.id, by=officer, at=at("2025-07-02", "14:30"))
    dossier.refresh_from_db()
    return dossier


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def pdf_of(paper: IssuedPaper) -> bytes:
    return render_pdf(paper.kind, paper.data, dated=paper.dated)


def test_the_receipt_says_what_form_01_asks(outlet):
    dossier = received(outlet)
    clerk = network.acting(network.clerk(outlet))

    text = text_of(pdf_of(issue_paper(dossier_id=dossier.id, kind="receipt", by=clerk, at=WEDNESDAY)))

    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert dossier.code in text
    assert "046•••••4127" in text
    assert "14 giờ 30 phút, ngày 02/07/2025" in text
    assert "17 giờ 00 phút, ngày 02/07/2025" in text
    assert "Lê Văn Giải" in text


def test_the_slip_says_who_receives_and_that_it_is_no_receipt(outlet):
    dossier = filed(outlet=outlet, channel="post")
    clerk = network.acting(network.clerk(outlet))

    text = text_of(pdf_of(issue_paper(dossier_id=dossier.id, kind="slip", by=clerk, at=WEDNESDAY)))

    assert "PHIẾU GỬI HỒ SƠ" in text
    assert dossier.agent_ref in text
    assert "Trung tâm Phục vụ hành chính công phường Phong Dinh" in text
    assert "không thay Giấy tiếp nhận" in text


def test_a_reprint_is_the_same_bytes_although_the_citizen_has_moved(outlet):
    dossier = received(outlet)
    clerk = network.acting(network.clerk(outlet))
    first = pdf_of(issue_paper(dossier_id=dossier.id, kind="receipt", by=clerk, at=WEDNESDAY))
    Citizen.objects.filter(id=dossier.citizen_id).update(street="99 đường Khác", full_name="Tên Khác")

    again = pdf_of(issue_paper(dossier_id=dossier.id, kind="receipt", by=clerk, at=at("2026-01-05")))

    assert again == first
    assert IssuedPaper.objects.filter(dossier=dossier).count() == 1
    assert list(AuditEntry.objects.filter(action__startswith="paper.").order_by("id").values_list("action", flat=True)
                ) == ["paper.issue", "paper.reprint"]


@pytest.mark.parametrize("kind", ["receipt", "slip"])
def test_the_qr_leads_to_the_tracking_page(kind, outlet, settings):
    dossier = received(outlet)
    clerk = network.acting(network.clerk(outlet))
    paper = issue_paper(dossier_id=dossier.id, kind=kind, by=clerk, at=WEDNESDAY)

    picture = Image.open(io.BytesIO(render_png(kind, paper.data, dated=paper.dated)))
    codes = zxingcpp.read_barcodes(picture)

    code = dossier.code if kind == "receipt" else dossier.agent_ref
    assert [found.text for found in codes] == [tracking_url(code)]
    assert tracking_url(code).startswith(f"{settings.WARDPOST_PUBLIC_URL}/tra-cuu/{code}")


def test_a_name_is_never_read_as_markup(outlet):
    dossier = filed(outlet=outlet, name="#panic() *Đậm* $x$")

    paper = issue_paper(dossier_id=dossier.id, kind="slip", by=network.acting(network.clerk(outlet)), at=WEDNESDAY)

    assert "#panic() *Đậm* $x$" in text_of(pdf_of(paper))


def test_no_receipt_before_the_centre_has_received(outlet):
    dossier = forwarded(outlet=outlet)

    with pytest.raises(PaperNotReady):
        issue_paper(dossier_id=dossier.id, kind="receipt", by=network.acting(network.clerk(outlet)), at=WEDNESDAY)

    assert not IssuedPaper.objects.exists()


def test_another_outlets_paper_does_not_exist(outlet, client: Client):
    dossier = received(outlet)
    stranger = network.clerk(network.outlet())
    client.force_login(stranger)

    with pytest.raises(DossierNotFound):
        issue_paper(dossier_id=dossier.id, kind="slip", by=network.acting(stranger), at=WEDNESDAY)
    assert client.get(f"/ho-so/{dossier.id}/phieu-gui.pdf").status_code == 404
    assert client.get(f"/ho-so/{dossier.id}/giay-tiep-nhan.pdf").status_code == 404


def test_the_page_hands_out_a_pdf(outlet, client: Client):
    dossier = received(outlet)
    client.force_login(network.clerk(outlet))

    answer = client.get(f"/ho-so/{dossier.id}/giay-tiep-nhan.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    assert dossier.code in answer["Content-Disposition"]
