"""Claims and settlement in the browser: sent, confirmed, looked at, signed; and nothing for strangers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.claims.matching import match_claim
from billing.exports.making import ask_export, make_export
from billing.models.claims import CallBack, Claim
from billing.models.statements import Statement, StatementExport
from billing.operations.statements import prepare_statement
from billing.rules.settling import Step
from billing.settling.figures import figures_of
from billing.settling.workflow import sign
from config import claim_evidence
from shared.roles import Role
from tests.billing.claim_cases import FEBRUARY_3, HOA, LAN, MINH, MONTH, YEN, csv_file, row, sent
from tests.billing.people import operator, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


def hq(client):
    return signed_in(client, Role.OPERATOR_HQ, operator=operator())


def upload(client, content):
    return client.post("/tai-chinh/doi-soat/", {"month": "01/2026-01",
                                                "file": SimpleUploadedFile("thang-1.csv", content)}, follow=True)


def test_an_operator_sends_and_confirms_and_the_city_decides_and_signs(client):
    page = upload(hq(client), csv_file(row(sent()), row(sent(dossier="H26.15.08-260115-0413", proof=""),
                                                        dossier="H26.15.08-260115-0413")))
    assert "Xác nhận đề nghị" in page.content.decode()
    claim = Claim.objects.get()
    client.post(f"/tai-chinh/doi-soat/{claim.id}/buoc/", {"step": "confirm"})
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    assert match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)

    signed_in(client)
    page = client.get(f"/tai-chinh/doi-soat/{claim.id}/").content.decode()
    assert "Thiếu chứng cứ phát" in page
    line = claim.lines.get(verdict="look")
    client.post(f"/tai-chinh/doi-soat/{claim.id}/ket-luan/",
                {"line": [line.id], "verdict": "rejected", "words": "Không có chứng cứ"})
    line.refresh_from_db()
    assert line.verdict == "rejected"
    CallBack.objects.update(outcome="received")

    statement = Statement.objects.get()
    where = f"/tai-chinh/bang-ke/{statement.id}/quyet-toan/"
    digest = client.get(where).context["digest"]
    client.post(where, {"step": "review", "digest": digest})
    statement.refresh_from_db()
    assert statement.state == "reviewed"
    assert client.get(f"/tai-chinh/bang-ke/{statement.id}/bien-ban.pdf").content.startswith(b"%PDF")


def test_a_faulty_file_says_what_to_correct(client):
    sent()
    page = upload(hq(client), csv_file("RR1;;về;abc;")).content.decode()

    assert "Ghi số đồng bằng chữ số" in page
    assert Claim.objects.get().state == "faulty"


def test_another_operator_does_not_see_the_claim(client):
    upload(hq(client), csv_file(row(sent())))
    claim = Claim.objects.get()
    signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))

    assert client.get(f"/tai-chinh/doi-soat/{claim.id}/").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_a_worker_makes_the_files(form):
    sent()
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    asked = ask_export(statement_id=statement.id, subject="lines", format=form, by=YEN, at=FEBRUARY_3)
    make_export(export_id=asked.id, at=FEBRUARY_3)

    made = StatementExport.objects.get()
    assert (made.rows, made.ready_at) == (1, FEBRUARY_3)
    assert bytes(made.file.content)[:2] in {b"%P", b"PK", b"\xef\xbb"}


def test_a_refused_payment_stays_typed_beside_its_reason(client):
    sent()
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    for step, by in ((Step.REVIEW, LAN), (Step.APPROVE, MINH), (Step.RELEASE, HOA)):
        sign(statement_id=statement.id, step=step, seen_digest=figures_of(Statement.objects.get()).digest,
             note="Bưu chính không gửi đề nghị", by=by, at=FEBRUARY_3)
    signed_in(client)

    answer = client.post(f"/tai-chinh/bang-ke/{statement.id}/quyet-toan/",
                         {"step": "reconcile", "reference": "UNC-0001", "amount": "nhiều", "paid_on": "2026-02-04"})

    assert answer.status_code == 422
    assert 'value="UNC-0001"' in answer.content.decode()


def test_a_centre_reaches_the_citizens_it_asks_from_its_arrivals(client):
    centre = sent().centre_id
    signed_in(client, Role.CENTRE_OFFICER, centre_id=centre)

    assert 'href="/doi-soat/goi-lai/"' in client.get("/", follow=True).content.decode()
    assert client.get("/doi-soat/goi-lai/").status_code == 200


@pytest.mark.parametrize("role", [Role.FINANCE_REVIEWER, Role.AUDITOR, Role.OPERATOR_HQ])
def test_everything_about_the_money_is_a_link_from_the_month(client, role):
    sent()
    place = {"operator": operator()} if role == Role.OPERATOR_HQ else {}
    page = signed_in(client, role, **place).get("/tai-chinh/?thang=2026-01&operator=VNPOST").content.decode()

    for path in ("/tai-chinh/hinh/", "/quay/ca/", "/loi-da-biet/",
                 "/tranh-chap/" if role == Role.OPERATOR_HQ else "/tai-chinh/ngan-sach/"):
        assert f'href="{path}' in page
