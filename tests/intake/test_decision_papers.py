"""Forms 02 and 03: what they say, that a reprint is the same file, that strangers get none."""

import io

import pytest
from pypdf import PdfReader

from intake.errors import DossierNotFound
from intake.models.citizens import Citizen
from intake.operations import reception, supplements
from intake.operations.supplements import MissingThing
from intake.papers.decisions import refusal_pdf, supplement_pdf
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_form_02_names_what_is_missing_and_how_much_time_is_left(officer):
    dossier = forwarded(code=catalogue.BUSINESS, name="Hồ Thị Lài")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    component = dossier.procedure.documents[0]["code"]
    request = supplements.ask(
        dossier_id=dossier.id, by=officer, at=at("2025-07-03", "15:00"), explanation="Ký ở cuối trang 2.",
        reasons=(MissingThing(component, "not-signed"), MissingThing("other", "other", "Giấy đồng ý của chủ nhà")))

    pdf = supplement_pdf(request.id, actor=officer)
    Citizen.objects.update(full_name="Tên đã đổi")

    words = text_of(pdf)
    for expected in ("PHIẾU YÊU CẦU BỔ SUNG", "Mẫu số 02", "H57.31-250702-0001", "Hồ Thị Lài", "Thiếu chữ ký hoặc dấu",
                     "Giấy đồng ý của chủ nhà", "Ký ở cuối trang 2.", "2 ngày làm việc 2 giờ", "046•••••4127"):
        assert expected in words, expected
    assert pdf == supplement_pdf(request.id, actor=officer)


def test_form_03_names_reason_and_law(officer):
    dossier = forwarded()
    reception.refuse(dossier_id=dossier.id, reason="not-competent", explanation="Thuộc phường Phú Xuân.",
                     legal_basis="Nghị định 118/2025/NĐ-CP", by=officer, at=WEDNESDAY)

    words = text_of(refusal_pdf(dossier.id, actor=officer))

    for expected in ("PHIẾU TỪ CHỐI", "Mẫu số 03", "Không thuộc thẩm quyền", "Thuộc phường Phú Xuân.", officer.name,
                     "Nghị định 118/2025/NĐ-CP", "ngày 02 tháng 07 năm 2025"):
        assert expected in words, expected


def test_strangers_and_dossiers_that_were_not_refused_have_no_form(officer):
    dossier = forwarded()

    with pytest.raises(DossierNotFound):
        refusal_pdf(dossier.id, actor=officer)
    reception.refuse(dossier_id=dossier.id, reason="altered", explanation="x", legal_basis="y", by=officer,
                     at=WEDNESDAY)
    with pytest.raises(DossierNotFound):
        refusal_pdf(dossier.id, actor=network.acting(network.officer(network.centre(places.PHU_XUAN))))
