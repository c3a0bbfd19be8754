"""Quotes and statements over HTTP."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest

from billing import public
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.rules.digests import statement_digest
from shared.models.places import Commune
from shared.roles import Role
from tests.billing.events import NOW, act, delivered
from tests.billing.people import operator, person, signed_in

pytestmark = pytest.mark.django_db
TRIP = {"operator_code": "VNPOST", "direction": "result", "zone": "intra_province", "weight_grams": 100,
        "on": "2026-01-15", "channel": "online", "province_code": "01", "managed_by_city": True}


@pytest.fixture
def yen(client, rate_tables):
    operator()
    return signed_in(client)


@pytest.fixture
def january(rate_tables):
    for changes in ({}, {"channel": "post"}, {"beneficiary_class": "war_invalid"}, {"on": date(2025, 12, 30)}):
        public.post_postage(delivered(**changes), at=NOW)
    public.record_act(act(), at=NOW)
    return Statement.objects.get()


def quote(client, **changes):
    body = {name: value for name, value in {**TRIP, **changes}.items() if value is not None}
    return client.post("/api/v1/quotes", json.dumps(body), content_type="application/json")


def test_a_quote_says_what_whom_and_why(yen):
    answer = quote(yen, beneficiary_class="war_invalid").json()

    assert (answer["gross_vnd"], answer["national_reduction_vnd"], answer["city_subsidy_vnd"]) == (30000, 15000, 15000)
    assert [step["amount_vnd"] for step in answer["steps"]] == [30000, -15000, -15000, 0]
    assert answer["steps"][2]["rule"] == "NQ77-2025"
    assert answer["steps"][0]["confidence"] == "assumed"
    assert "huyện trước 01/7/2025" in answer["zone_reason_vi"]


def test_a_quote_finds_the_zone_between_two_communes(yen):
    for code, district in (("00070", "002"), ("00082", "002"), ("00004", "001")):
        Commune.objects.create(code=code, name=code, kind="phuong", province_id="01", latitude=21, longitude=105.8,
                               former_district_codes=[district], search_key=code)

    def between(a, b):
        return quote(yen, zone=None, origin_commune_code=a, destination_commune_code=b).json()["zone"]

    assert between("00070", "00082") == "intra_district"
    assert between("00070", "00004") == "intra_province"


@pytest.mark.parametrize(("changes", "pointer", "code"), [
    ({"weight_grams": 0}, "/weight_grams", "too-small"), ({"weight_grams": 30001}, "/weight_grams", "too-large"),
    ({"weight_grams": 100.0}, "/weight_grams", "whole-number-expected"),
    ({"weight_grams": "100"}, "/weight_grams", "whole-number-expected"),
    ({"weight_grams": True}, "/weight_grams", "whole-number-expected"),
    ({"zone": "moon"}, "/zone", "not-a-choice"), ({"channel": "phone"}, "/channel", "not-a-choice"),
    ({"on": "15/01/2026"}, "/on", "date-expected"),
    ({"managed_by_city": "yes"}, "/managed_by_city", "yes-or-no-expected"),
    ({"subsidy": 5}, "/subsidy", "unknown-field"), ({"zone": None}, "/origin_commune_code", "required"),
    ({"origin_commune_code": "00070"}, "/origin_commune_code", "not-expected"),
    ({"zone": None, "origin_commune_code": "99999", "destination_commune_code": "99998"}, "/origin_commune_code",
     "unknown-commune"),
    ({"beneficiary_class": "king"}, "/beneficiary_class", "unknown-class"),
])
def test_a_bad_quote_is_told_field_by_field(yen, changes, pointer, code):
    answer = quote(yen, **changes)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in answer.json()["errors"]}


def test_a_trip_without_a_tariff_is_a_problem_with_its_facts(yen):
    answer = quote(yen, operator_code="NOBODY")

    assert (answer.status_code, answer.json()["code"], answer.json()["operator_code"]) == (422, "no-tariff", "NOBODY")


def test_statements_are_those_of_the_city(yen, january):
    page = yen.get("/api/v1/statements").json()

    assert page["next"] == ""
    [shown] = page["items"]
    assert (shown["operator_code"], shown["period"], shown["state"], shown["lines"]) == ("VNPOST", "2026-01", "open", 5)
    assert (shown["gross_vnd"], shown["city_subsidy_vnd"], shown["compensation_vnd"]) == (120000, 71000, 12000)
    assert yen.get("/api/v1/statements?period=2026-02").json()["items"] == []
    assert yen.get("/api/v1/statements?period=2026-13").status_code == 422
    assert yen.get(f"/api/v1/statements/{january.id}").json() == shown


@pytest.mark.parametrize(("role", "province", "status"), [
    (Role.FINANCE_REVIEWER, "46", 404), (Role.AUDITOR, "01", 200), (Role.FINANCE_APPROVER, "01", 200),
    (Role.ADMINISTRATOR, "01", 403)])
def test_who_may_read_a_statement(client, january, role, province, status):
    assert signed_in(client, role, province).get(f"/api/v1/statements/{january.id}").status_code == status


@pytest.mark.parametrize(("code", "status"), [("VNPOST", 200), ("VTPOST", 404)])
def test_an_operator_reads_its_own_statement_only(client, january, code, status):
    signed_in(client, Role.OPERATOR_HQ, operator=operator(code))

    assert client.get(f"/api/v1/statements/{january.id}").status_code == status
    assert client.get(f"/api/v1/statements/{january.id}/lines").status_code == status


def test_nobody_reads_a_statement_without_signing_in(client, january):
    assert client.get(f"/api/v1/statements/{january.id}").status_code == 401


def test_the_lines_come_page_by_page_and_none_is_missed(yen, january, django_assert_max_num_queries):
    seen, cursor = [], ""
    while True:
        page = yen.get(f"/api/v1/statements/{january.id}/lines", {"limit": 2, "cursor": cursor}).json()
        seen += [line["id"] for line in page["items"]]
        cursor = page["next"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 5
    reduced = yen.get(f"/api/v1/statements/{january.id}/lines?reason_code=reduced").json()["items"]
    assert [line["national_reduction_vnd"] for line in reduced] == [15000]


def test_a_line_opens_into_its_why(yen, january):
    line = Charge.objects.get(reason_code="reduced")
    shown = yen.get(f"/api/v1/statements/{january.id}/lines/{line.id}").json()

    assert [step["kind"] for step in shown["steps"]] == [
        "tariff", "national_reduction", "city_subsidy", "citizen_share"]
    assert sorted(leg["amount_vnd"] for leg in shown["legs"]) == [-30000, 15000, 15000]
    assert shown["evidence"]["relation"] == "self"
    assert len(shown["digest"]) == 64


def test_a_line_of_another_statement_is_not_found(yen, january):
    public.post_postage(delivered(operator_code="VTPOST"), at=NOW)
    other = Charge.objects.get(operator_code="VTPOST")

    assert yen.get(f"/api/v1/statements/{january.id}/lines/{other.id}").status_code == 404


def test_a_month_is_prepared_once_with_its_key(yen, january):
    def prepare():
        return yen.post(f"/api/v1/statements/{january.id}/preparations", content_type="application/json",
                        headers={"Idempotency-Key": "thang-1"})

    first, again = prepare(), prepare()

    assert (first.status_code, first.json()["state"], first.json()["lines"]) == (200, "prepared", 5)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"


def test_an_approver_does_not_prepare(client, january):
    signed_in(client, Role.FINANCE_APPROVER)

    assert client.post(f"/api/v1/statements/{january.id}/preparations",
                       content_type="application/json").status_code == 403


def body_of(response):
    return b"".join(response.streaming_content)


def test_the_csv_carries_every_line_its_sums_and_a_digest_that_can_be_checked(yen, january):
    public.post_postage(delivered(number='=HYPERLINK("x")'), at=NOW)
    answer = yen.get(f"/api/v1/statements/{january.id}/exports/csv")
    text = body_of(answer).decode("utf-8-sig")
    header, *lines, totals, closing = list(csv.reader(io.StringIO(text)))

    assert answer["Content-Disposition"] == 'attachment; filename="wardpost-01-VNPOST-2026-01.csv"'
    assert len(lines) == 6
    assert {row[header.index("parcel_number")] for row in lines} >= {"""'=HYPERLINK("x")"""}
    assert (totals[0], totals[1], totals[header.index("gross")]) == ("TOTAL", "6", "150000")
    assert closing[1] == statement_digest([row[-1] for row in lines])


def test_the_digest_of_a_file_is_that_of_the_prepared_statement(yen, january):
    prepared = yen.post(f"/api/v1/statements/{january.id}/preparations", content_type="application/json").json()
    text = body_of(yen.get(f"/api/v1/statements/{january.id}/exports/csv")).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text)))[-1][1] == prepared["digest"]


def test_the_workbook_holds_numbers_as_numbers_and_no_formula(yen, january):
    public.post_postage(delivered(number="=1+1"), at=NOW)
    content = body_of(yen.get(f"/api/v1/statements/{january.id}/exports/xlsx"))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert "<v>30000</v>" in sheet


def test_a_month_too_long_for_a_workbook_names_the_csv(yen, january, monkeypatch):
    monkeypatch.setattr("billing.exports.answers.MOST_IN_WORKBOOK", 4)
    answer = yen.get(f"/api/v1/statements/{january.id}/exports/xlsx")

    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-lines")


def test_listing_costs_the_same_however_many_lines(yen, january, django_assert_max_num_queries):
    for _ in range(12):
        public.post_postage(delivered(), at=NOW)
    with django_assert_max_num_queries(12):
        yen.get("/api/v1/statements")
    with django_assert_max_num_queries(12):
        yen.get(f"/api/v1/statements/{january.id}/lines")


def test_a_machine_of_the_city_reads_with_its_scope(client, january):
    from agents.models.people import ApiToken
    from agents.tokens import digest_of, new_token

    def token(**places):
        secret = new_token()
        ApiToken.objects.create(name="sổ", digest=digest_of(secret), scopes=["billing:read"], created_by=person(),
                                expires_at="2100-01-01T00:00Z", **places)
        return client.get(f"/api/v1/statements/{january.id}", headers={"Authorization": f"Bearer {secret}"}).status_code

    assert token(province_id="01") == 200
    assert token(province_id="46") == 404
    assert token(operator=operator()) == 200
    assert token(operator=operator("VTPOST")) == 404
