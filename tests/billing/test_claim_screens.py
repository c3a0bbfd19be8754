"""What a reviewer and an operator see of a claim and of the files of a month, and what stays when they are refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.exports.making import make_export
from billing.models.claims import Claim
from billing.models.statements import ExportFile, StatementExport
from billing.tasks import forget_exports
from shared.roles import Role
from tests.billing.claim_cases import FEBRUARY_3, csv_file, row, sent
from tests.billing.people import operator, signed_in
from tests.billing.settled_months import FEBRUARY, JANUARY, claimed_of, prepared, statement_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
CLAIMS, FILES = "/tai-chinh/doi-soat/", "/tai-chinh/tep/"


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


@pytest.fixture
def january():
    """One line admitted, one without a proof, and one that nobody claimed."""
    proofless = sent(dossier="H26.15.08-260115-0413", proof="")
    claim = claimed_of(JANUARY, row(sent()), row(proofless, dossier="H26.15.08-260115-0413"))
    return Claim.objects.get(id=claim.id)


def test_a_refused_decision_keeps_ticks_and_words_and_says_it_beside_the_field(client, january):
    line = january.lines.get(verdict="look")
    signed_in(client)
    told = {"line": [line.id], "verdict": "admitted", "words": "Ok", "admitted_vnd": "99.000", "xem": "look"}
    answer = client.post(f"{CLAIMS}{january.id}/ket-luan/", told)

    assert answer.status_code == 422
    page = text(answer)
    assert f'value="{line.id}" checked' in page
    assert 'value="Ok"' in page
    assert 'value="99.000"' in page
    assert answer.context["errors"].keys() == {"words", "admitted_vnd"}

    answer = client.post(f"{CLAIMS}{january.id}/ket-luan/", {"verdict": "admitted", "words": "Đủ chứng cứ"})
    assert answer.context["errors"].keys() == {"line_ids"}

    done = client.post(f"{CLAIMS}{january.id}/ket-luan/", told | {"words": "Đủ chứng cứ", "admitted_vnd": "12.000"})
    assert done.url.endswith("?xem=look")
    line.refresh_from_db()
    assert (line.verdict, line.admitted.amount) == ("reduced", 12_000)


def test_file_books_carrier_and_centre_stand_side_by_side(client, january):
    line = january.lines.get(verdict="look")
    signed_in(client)
    panel = text(client.get(f"{CLAIMS}{january.id}/dong/{line.id}/", headers={"HX-Request": "true"}))
    page = text(client.get(f"{CLAIMS}{january.id}/dong/{line.id}/"))

    for shown in (panel, page):
        assert "Thiếu chứng cứ phát" in shown
        assert "Bút toán của ta" in shown
        assert "Thành phố trả 30.000 đ" in shown
        assert "chưa có" in shown
    assert "<html" not in panel
    signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert client.get(f"{CLAIMS}{january.id}/dong/{line.id}/").status_code == 404


def test_what_the_carrier_told_of_a_line_is_read_beside_it(client):
    parcel = sent(dossier="H26.15.08-260115-0419")
    claim = claimed_of(JANUARY, row(parcel, dossier="H26.15.08-260115-0419", day="18/01/2026"))
    line = claim.lines.get()
    panel = text(signed_in(client).get(f"{CLAIMS}{claim.id}/dong/{line.id}/"))

    assert line.reason_code == "facts-differ"
    assert "EMI" in panel
    assert panel.count("khác nhau") == 1


def test_what_nobody_claimed_is_listed_a_page_at_a_time(client, monkeypatch):
    monkeypatch.setattr("billing.views.claim_page.ON_A_PAGE", 1)
    left = [sent(dossier=f"H26.15.08-260115-050{number}") for number in range(2)]
    claim = claimed_of(JANUARY, row(sent()))
    page = signed_in(client).get(f"{CLAIMS}{claim.id}/?xem=unclaimed")
    following = client.get(f"{CLAIMS}{claim.id}/?xem=unclaimed&sau={page.context['page'].next}")

    shown = [charge.parcel_number for each in (page, following) for charge, _title in each.context["page"].unclaimed]
    assert sorted(shown) == sorted(parcel.number for parcel in left)
    assert not following.context["page"].next


@pytest.mark.parametrize("more", [1, 45])
def test_a_claim_costs_the_same_however_long_it_is(client, django_assert_num_queries, more):
    claim = claimed_of(JANUARY, row(sent()), *(row(f"RR{number:09d}VN") for number in range(100, 100 + more)))
    signed_in(client)
    client.get(f"{CLAIMS}{claim.id}/")
    with django_assert_num_queries(12):
        assert client.get(f"{CLAIMS}{claim.id}/?xem=exceptions").status_code == 200


def test_a_file_that_cannot_be_taken_says_so_beside_its_field(client):
    sent()
    signed_in(client, Role.OPERATOR_HQ, operator=operator())
    nothing = client.post(CLAIMS, {"month": "01/2026-01"})
    assert (nothing.status_code, nothing.context["errors"].keys()) == (422, {"file"})

    upload = {"month": "01/2026-01", "file": SimpleUploadedFile("a.csv", csv_file(row("EH602511070VN")))}
    client.post(CLAIMS, upload)
    other = client.post(CLAIMS, upload | {"file": SimpleUploadedFile("b.csv", csv_file(row("EH602511083VN")))})
    assert other.context["errors"].keys() == {"month"}
    assert Claim.objects.count() == 1


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_is_asked_for_made_fetched_and_removed_after_a_month(client, january):
    signed_in(client)
    asked = client.post(FILES, {"statement": statement_of(JANUARY).id, "subject": "claim", "format": "csv",
                                "view": "look"}, follow=True)
    assert "đang tạo" in text(asked)
    export = StatementExport.objects.get()
    make_export(export_id=export.id, at=FEBRUARY_3)
    got = client.get(f"{FILES}{export.id}/")
    assert got["Content-Disposition"].endswith('-claim.csv"')
    assert got.content.decode("utf-8-sig").splitlines()[1].startswith("3,postage,")

    forget_exports()  # it was made at a moment that is long ago by now
    assert not ExportFile.objects.exists()
    assert "hãy yêu cầu lại" in text(client.get(f"{FILES}{export.id}/", follow=True))


def test_what_cannot_be_made_is_refused_beside_its_field_and_strangers_see_nothing(client, january):
    statement = statement_of(JANUARY)
    signed_in(client)
    answer = client.post(FILES, {"statement": statement.id, "subject": "claim", "format": "pdf"})
    assert (answer.status_code, answer.context["errors"].keys()) == (422, {"format"})

    client.post(FILES, {"statement": statement.id, "subject": "lines", "format": "csv"})
    export = StatementExport.objects.get()
    signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert client.get(f"{FILES}{export.id}/").status_code == 404
    assert client.post(FILES, {"statement": statement.id, "subject": "lines", "format": "csv"}).status_code == 422


# --- what comes late ------------------------------------------------------------------------------------------------


def test_a_late_line_leads_to_its_closed_month_and_the_closed_month_to_it(client):
    sent()
    prepared(JANUARY)
    late = sent(dossier="H26.15.08-260115-0777")
    signed_in(client)

    closed = text(client.get("/tai-chinh/?thang=2026-01&operator=VNPOST"))
    assert "1 dòng tính vào 02/2026" in closed
    counted = client.get("/tai-chinh/?thang=2026-02&operator=VNPOST&ly-do=late")
    assert [each.charge.parcel_number for each in counted.context["page"].rows] == [late.number]
    assert "Tháng 01/2026 đã khóa" in text(counted)
    assert statement_of(FEBRUARY).state == "open"
