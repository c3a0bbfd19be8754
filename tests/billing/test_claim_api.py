"""Claims, settlement and files over the API: the same rules as on the screens."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.exports.making import make_export
from billing.models.claims import CallBack, Claim
from billing.models.statements import StatementExport
from billing.operations.statements import prepare_statement
from billing.rules.settling import Step
from billing.settling.workflow import sign
from shared.roles import Role
from tests.billing.claim_cases import FEBRUARY_3, HOA, LAN, MINH, MONTH, YEN, compared, csv_file, row, sent
from tests.billing.people import operator, person, signed_in
from tests.billing.settled_months import JANUARY, figures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
API = "/api/v1"


def post(client, path, body=None):
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


def test_an_operator_sends_a_file_reads_its_faults_and_confirms_the_corrected_one(client):
    signed_in(client, Role.OPERATOR_HQ, operator=operator())
    parcel = sent()

    def send(content):
        return client.post(f"{API}/claims", {"province_code": "01", "period": "2026-01",
                                             "file": SimpleUploadedFile("thang-1.csv", content)})

    faulty = send(csv_file(f"{parcel.number};;về;ba mươi nghìn;"))
    assert (faulty.status_code, faulty.json()["state"]) == (201, "faulty")
    (fault,) = client.get(f"{API}/claims/{faulty.json()['id']}/faults").json()["items"]
    assert (fault["row"], fault["column"], fault["code"]) == (2, "Số tiền", "not-an-amount")

    read = send(csv_file(row(parcel))).json()
    detail = client.get(f"{API}/claims/{read['id']}").json()
    assert (read["state"], detail["reading"]["facts"]["encoding"], detail["claimed_vnd"]) == ("read", "UTF-8", 30_000)
    assert post(client, f"/claims/{read['id']}/confirmations").json()["state"] == "confirmed"
    assert post(client, f"/claims/{read['id']}/discards", {"reason": "Nhầm tháng"}).json()["state"] == "discarded"
    assert {each["state"] for each in client.get(f"{API}/claims").json()["items"]} == {"faulty", "discarded"}

    signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert client.get(f"{API}/claims/{read['id']}").status_code == 404


def test_a_reviewer_decides_and_the_centre_answers(client):
    claim = compared(row(sent()), row(sent(dossier="H26.15.08-260115-0413", proof=""),
                                      dossier="H26.15.08-260115-0413"))
    sent(dossier="H26.15.08-260115-0414")
    signed_in(client)
    (line,) = client.get(f"{API}/claims/{claim.id}/lines?view=look").json()["items"]
    assert client.get(f"{API}/claims/{claim.id}/lines?view=nothing").status_code == 422
    found = client.get(f"{API}/claims/{claim.id}/lines/{line['id']}").json()
    assert (found["reason_code"], found["facts"]["said"]["direction"], found["decisions"]) == (
        "no-proof", "result", [])
    refused = post(client, f"/claims/{claim.id}/decisions", {"line_ids": [line["id"]], "verdict": "rejected",
                                                             "words": ""})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/words")
    decided = post(client, f"/claims/{claim.id}/decisions", {
        "line_ids": [line["id"]], "verdict": "rejected", "words": "Không có chứng cứ"})
    assert decided.json() == {"decided": 1}

    call = CallBack.objects.get()
    client.force_login(person(Role.CENTRE_OFFICER, centre_id=call.centre_id),
                       backend="agents.backends.StaffBackend")
    (asked,) = client.get(f"{API}/call-backs").json()["items"]
    assert post(client, f"/call-backs/{asked['id']}/answers", {"outcome": "received"}).json()["outcome"] == "received"
    assert client.get(f"{API}/call-backs").json()["items"] == []


def test_a_statement_is_signed_and_paid_step_by_step(client):
    sent()
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    where = f"/statements/{statement.id}"
    signed_in(client)
    seen = client.get(f"{API}{where}/settlement").json()
    assert (seen["state"], seen["next_step"], seen["payable_vnd"]) == ("prepared", "review", 30_000)
    wrong = post(client, f"{where}/signatures", {"step": "review", "digest": "0" * 64, "note": "Không chờ"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "settlement-figures-changed")
    signed = post(client, f"{where}/signatures", {"step": "review", "digest": seen["digest"], "note": "Không chờ"})
    assert (signed.json()["state"], [each["step"] for each in signed.json()["signatures"]]) == (
        "reviewed", ["prepare", "review"])
    back = post(client, f"{where}/returns", {"reason": "Thiếu biên bản"})
    assert (back.json()["state"], back.json()["round"]) == ("prepared", 2)

    for step, by in ((Step.REVIEW, LAN), (Step.APPROVE, MINH), (Step.RELEASE, HOA)):
        sign(statement_id=statement.id, step=step, seen_digest=figures(JANUARY).digest, note="Không chờ", by=by,
             at=FEBRUARY_3)
    paid = post(client, f"{where}/payments", {"digest": figures(JANUARY).digest, "reference": "UNC-0001",
                                              "amount_vnd": 30_000, "paid_on": "2026-02-03"})
    assert paid.json()["state"] == "reconciled"
    assert client.get(f"{API}{where}/minutes").content.startswith(b"%PDF")


def test_a_file_is_asked_for_and_fetched(client):
    sent()
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    signed_in(client, Role.AUDITOR)
    asked = post(client, f"/statements/{statement.id}/exports", {"subject": "lines", "format": "xlsx"}).json()
    file = f"{API}/exports/{asked['id']}/file"
    assert client.get(file).json()["code"] == "export-not-found"
    make_export(export_id=StatementExport.objects.get().id, at=FEBRUARY_3)

    assert client.get(f"{API}/exports/{asked['id']}").json()["rows"] == 1
    assert client.get(file).content.startswith(b"PK")
    assert len(client.get(f"{API}/exports?statement_id={statement.id}").json()["items"]) == 1
    assert Claim.objects.count() == 0
