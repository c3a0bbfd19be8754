"""The proof of the books for machines, and the seal's code where a reader meets a month or a line."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from billing import public
from billing.explaining import pdf
from billing.models.ledger import Charge
from billing.models.seals import OutletDay, Verification
from billing.models.statements import Statement
from billing.operations.statements import prepare_statement
from billing.papers.statement import statement_pdf
from billing.queries.books import Books
from billing.queries.lines import find_line
from billing.tasks import seal_books
from billing.verification import offline
from shared.actors import Actor, ActorKind
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.events import NOW, delivered
from tests.billing.people import operator, signed_in
from tests.billing.sealed import NIGHT, end_day, key_of_our_own
from tests.factories.browsers import machine

pytestmark = pytest.mark.django_db
REVIEWER = Actor(ActorKind.PERSON, "7", "Vũ Hoàng Yến", province_code="01")


@pytest.fixture
def outlet(rate_tables, settings, tmp_path):
    """Two outlets with lines on two signed days, and one line that is not signed yet."""
    key_of_our_own(settings, tmp_path)
    mine, other = cases.outlet(), cases.outlet()
    for night in (NIGHT, NIGHT + timedelta(days=1)):
        cases.line_of(mine, at=NOW)
        cases.line_of(other, at=NOW)
        end_day(night)
    return mine


def paper(content):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def test_an_auditor_reads_the_books_state_and_has_them_looked_through(client, outlet):
    auditor = signed_in(client, Role.AUDITOR)
    state = auditor.get("/api/v1/books").json()
    assert (state["sealed"], state["signed"], state["unsealed"], state["last"]["number"]) == (4, 4, 0, 2)
    assert len(state["keys"][0]["public_key"]) == 64

    asked = auditor.post("/api/v1/books/verifications", "{}", content_type="application/json",
                         headers={"Idempotency-Key": "look-1"})
    again = auditor.post("/api/v1/books/verifications", "{}", content_type="application/json",
                         headers={"Idempotency-Key": "look-1"})
    assert (asked.status_code, again.json()["id"]) == (202, asked.json()["id"])
    seal_books()
    found = auditor.get(f"/api/v1/books/verifications/{asked.json()['id']}").json()
    assert (found["state"], found["lines"], found["findings"]) == ("sound", 4, [])
    assert [row["id"] for row in auditor.get("/api/v1/books/verifications").json()["items"]] == [asked.json()["id"]]


def test_findings_are_told_by_name(client, outlet):
    row = Verification.objects.create(state="unsound", asked_at=NOW, asked_by="x", found=1,
                                      findings=[["line-changed", 3, "0199", ""]])
    told = signed_in(client, Role.AUDITOR).get(f"/api/v1/books/verifications/{row.id}").json()

    assert told["findings"] == [{"kind": "line-changed", "sequence": 3, "reference": "0199", "detail": ""}]


def test_a_checkpoint_of_the_api_verifies_with_nothing_but_its_key(client, outlet):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    auditor = signed_in(client, Role.AUDITOR)
    rows = auditor.get("/api/v1/books/checkpoints").json()["items"]
    assert [row["number"] for row in rows] == [2, 1]
    one = auditor.get("/api/v1/books/checkpoints/1").json()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(json.loads(one["said"])["key"]))
    key.verify(bytes.fromhex(one["signature"]), one["said"].encode())
    for unknown in ("77", "99999999999999999999"):
        assert auditor.get(f"/api/v1/books/checkpoints/{unknown}").json()["code"] == "checkpoint-not-found"


def test_a_month_with_its_seals_comes_over_the_api(client, outlet, tmp_path):
    row = Statement.objects.get(operator_code="VNPOST")
    operator("VTPOST")
    answer = signed_in(client, Role.OPERATOR_HQ, operator=operator("VNPOST")).get(
        f"/api/v1/statements/{row.id}/sealed-export")
    (tmp_path / "month.jsonl").write_bytes(b"".join(answer.streaming_content))
    assert offline.main(["export", str(tmp_path / "month.jsonl")]) == 0

    client.logout()
    stranger = signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert stranger.get(f"/api/v1/statements/{row.id}/sealed-export").status_code == 404


def test_an_incomplete_month_is_refused_with_its_reason(client, outlet):
    row = Statement.objects.get(operator_code="VNPOST")
    cases.line_of(outlet, at=NOW)
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 1, 1), by=REVIEWER,
                      at=datetime(2026, 2, 2, tzinfo=UTC))

    answer = signed_in(client, Role.AUDITOR).get(f"/api/v1/statements/{row.id}/sealed-export")
    assert (answer.status_code, answer.json()["code"]) == (409, "export-incomplete")


def test_an_outlets_machine_takes_its_own_days_and_no_others(outlet):
    api = machine(outlet, "billing:read")
    days = api.get("/outlet-days").json()["items"]

    assert [day["number"] for day in days] == [2, 1]
    assert {day["outlet_id"] for day in days} == {str(outlet.id)}
    assert len(api.get(f"/outlet-days/{days[0]['id']}/content").json()["lines"]) == 1
    other = OutletDay.objects.exclude(outlet_id=outlet.id).first()
    assert api.get(f"/outlet-days/{other.id}/content").status_code == 404


def archive(client, url, **asked):
    answer = client.get(url, asked)
    assert answer.status_code == 200, answer.content
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_a_months_signed_days_in_one_file_rebuild_the_month_without_us(client, outlet, tmp_path):
    signed_in(client, Role.OUTLET_MANAGER, outlet=outlet)
    with archive(client, reverse("billing:money-days-file"), thang="2026-01") as file:
        file.extractall(tmp_path / "kept")
        names = file.namelist()
    days = sorted((tmp_path / "kept").glob("*.json"))
    done = subprocess.run([sys.executable, "-I", "-S", "wardpost-verify.py", "month", "2026-01", *map(str, days)],
                          cwd=tmp_path / "kept", capture_output=True, text=True, check=False)

    assert (done.returncode, len(days)) == (0, 2), done.stdout + done.stderr
    assert "2 lines" in done.stdout
    assert names[:2] == ["README.txt", "wardpost-verify.py"]


def test_an_operator_names_the_outlet_whose_month_it_wants(client, outlet):
    signed_in(client, Role.OPERATOR_HQ, operator=operator("VNPOST"))
    page = client.get(reverse("billing:money-days"), {"diem": outlet.id}).content.decode()
    assert 'name="thang"' in page
    assert page.count("data-row") == 2

    url = "/api/v1/outlet-days/archive"
    with archive(client, url, period="2026-01", outlet_id=outlet.id) as file:
        assert len(file.namelist()) == 4
    assert client.get(url, {"period": "2026-01"}).status_code == 404
    assert client.get(url, {"period": "2025-01", "outlet_id": outlet.id}).json()["code"] == "outlet-day-not-found"


def test_a_line_says_its_place_and_the_code_that_covers_it(client, outlet):
    auditor, line = signed_in(client, Role.AUDITOR), Charge.objects.order_by("id").first()
    fresh = cases.line_of(outlet, at=NOW)
    statement = Statement.objects.get(operator_code="VNPOST")
    first, code = end_day().said, auditor.get("/api/v1/books/checkpoints/1").json()["code"]
    assert first

    told = auditor.get(f"/api/v1/statements/{statement.id}/lines/{line.id}").json()["seal"]
    assert (told["sequence"], told["checkpoint"], told["code"]) == (1, 1, code)
    assert code in auditor.get(reverse("billing:line", args=[line.id])).content.decode()
    assert code in auditor.get(reverse("billing:evidence", args=[line.id])).content.decode()
    assert "ký tối nay" in auditor.get(reverse("billing:line", args=[fresh.id])).content.decode()
    found = find_line(Books(province_code="01"), line.id)
    assert found is not None
    assert code in paper(pdf(found))


def test_a_line_that_waits_for_its_seal_says_so(client, outlet):
    fresh = cases.line_of(outlet, at=NOW)

    assert "chờ niêm phong" in signed_in(client, Role.AUDITOR).get(
        reverse("billing:line", args=[fresh.id])).content.decode()


def test_the_month_page_and_the_statement_on_paper_name_the_seal_code(client, outlet):
    newest = signed_in(client, Role.AUDITOR).get("/api/v1/books").json()["last"]["code"]
    page = client.get(reverse("billing:month"), {"thang": "2026-01"}).content.decode()

    assert newest in page
    assert reverse("billing:sealed-export", args=[Statement.objects.get(operator_code="VNPOST").id]) in page
    assert newest in paper(statement_pdf(Statement.objects.get(operator_code="VNPOST"), dated=NOW)[0])


def test_a_closed_month_names_the_first_code_that_covers_all_of_it(client, outlet):
    """The codes before it were signed while lines could still come."""
    closed = datetime(2026, 2, 2, tzinfo=UTC)
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 1, 1), by=REVIEWER, at=closed)
    signed_in(client, Role.AUDITOR)
    assert "ký tối nay" in client.get(reverse("billing:month"), {"thang": "2026-01"}).content.decode()

    first = end_day(closed + timedelta(hours=17))
    public.post_postage(delivered(), at=closed)
    end_day(closed + timedelta(days=2))
    assert first.code in client.get(reverse("billing:month"), {"thang": "2026-01"}).content.decode()
