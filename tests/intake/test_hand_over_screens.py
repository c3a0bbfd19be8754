"""The pages of bags, originals and receipts, for each who works with them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models.people import StaffAccount
from intake.models.custody import Original
from intake.models.manifests import ManifestDifference
from intake.models.receipts import OutletRange, Receipt, ReceiptDelegation, ReceiptSeries
from intake.operations import originals
from intake.operations.originals import OriginalInput
from intake.papers.slip import slip_data
from shared.calendar import local
from tests.factories import network, receipts
from tests.factories.parcels import number_pool
from tests.intake.manifest_cases import bag
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.receipt_cases import till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
SIGNED = {"gives_name": "Trần Thị Thử", "takes_name": "Lê Văn Phát"}


def browser(account: StaffAccount) -> Client:
    client = Client()
    client.force_login(account)
    return client


def page(client: Client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"intake:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_a_bag_goes_from_the_first_scan_to_the_carriers_signature():
    at = bag()
    number_pool()
    dossier = at.counter.submit(channel="post")
    clerk = browser(at.counter.clerk)
    assert dossier.agent_ref in page(clerk, "hand-over")

    clerk.post(reverse("intake:scan-out"), {"code": dossier.agent_ref})
    where = [at.manifest.id]
    assert dossier.agent_ref in page(clerk, "bag", *where)
    refused = clerk.post(reverse("intake:seal-bag", args=where), {"seal_number": "x", "weight_grams": "0"})
    assert refused.status_code == 422
    clerk.post(reverse("intake:seal-bag", args=where), {"seal_number": "HUE-77001", "weight_grams": "300"})
    clerk.post(reverse("intake:pick-up-bag", args=where), SIGNED)

    assert at.manifest.state == "with_carrier"
    assert "HUE-77001" in page(clerk, "hand-over", tab="sent")
    pdf = clerk.get(reverse("intake:bag-minutes", args=where))
    assert pdf["Content-Type"] == "application/pdf"


def test_a_code_that_cannot_be_packed_is_said_beside_the_field_and_kept():
    at = bag()
    answer = browser(at.counter.clerk).post(reverse("intake:scan-out"), {"code": "KHONGCO"})

    assert answer.status_code == 422
    assert 'value="KHONGCO"' in answer.content.decode()


def test_the_centre_counts_a_bag_with_one_missing_and_one_too_much_and_receives_the_rest():
    at = bag()
    at.on_the_way(2)
    gone, there = at.filed
    officer = browser(at.officer_account)
    assert at.manifest.code in page(officer, "bags")
    assert at.manifest.seal_number is not None
    opened = officer.get(reverse("intake:bags"), {"q": at.manifest.seal_number})
    assert opened["Location"] == reverse("intake:count-bag", args=[at.manifest.id])

    entered = {f"line-{item.id}": "missing" if item.dossier_id == gone.id else "there"
               for item in at.manifest.items.all()}
    unsigned = officer.post(opened["Location"], entered | {"seal_number": at.manifest.seal_number})
    assert unsigned.status_code == 422
    officer.post(opened["Location"], entered | SIGNED | {
        "seal_number": at.manifest.seal_number, "surplus": "LA-123", "receive": "1"})

    there.refresh_from_db()
    assert at.manifest.state == "with_differences"
    assert there.code
    shown = page(officer, "count-bag", at.manifest.id)
    assert there.code in shown
    assert "LA-123" in shown
    assert "LA-123" in page(browser(at.counter.clerk), "hand-over", tab="differences")


def test_a_difference_is_explained_from_either_side():
    at = bag()
    at.on_the_way(1)
    at.count({at.filed[0].agent_ref: ("damaged", "rách")})
    difference = ManifestDifference.objects.get()
    officer = browser(at.officer_account)
    where = reverse("intake:settle-difference", args=[difference.id])

    refused = officer.post(where, {"outcome": "accepted", "explanation": "", "next": "/trung-tam/bang-ke/"})
    assert refused["Location"] == "/trung-tam/bang-ke/"
    evil = officer.post(where, {"outcome": "accepted", "explanation": "", "next": "https://example.test/"})
    assert evil["Location"] == "/"
    officer.post(where, {"outcome": "accepted", "explanation": "Rách mép, vẫn đọc được"})
    assert at.manifest.state == "reconciled"
    assert browser(network.clerk()).post(where, {}).status_code == 404


def test_each_side_is_offered_only_what_is_its_own_to_say():
    at = bag()
    at.on_the_way(1)
    at.count({at.filed[0].agent_ref: ("missing", "")})

    assert 'value="at_the_outlet"' in page(browser(at.counter.clerk), "bag", at.manifest.id)
    assert 'value="arrived_later"' not in page(browser(at.counter.clerk), "bag", at.manifest.id)
    assert 'value="arrived_later"' in page(browser(at.officer_account), "count-bag", at.manifest.id)


def test_originals_are_taken_described_and_given_back_on_the_dossiers_page():
    at = bag()
    dossier = at.counter.submit()
    clerk = browser(at.counter.clerk)
    where = [dossier.id]
    bad = clerk.post(reverse("intake:take-original", args=where), {"component": "other", "name": "", "sheets": "1"})
    assert bad.status_code == 422
    clerk.post(reverse("intake:take-original", args=where), {
        "component": "giay_chung_sinh", "sheets": "2", "identifier": "GCS 9", "goes_back": "1"})
    original = Original.objects.get()
    clerk.post(reverse("intake:describe-original", args=where), {
        "original": original.id, "identifier": "GCS 10", "sheets": "1", "goes_back": "1"})
    assert "GCS 10" in page(clerk, "originals", *where)
    assert "GCS 10" in page(clerk, "hand-over", tab="originals")
    clerk.post(reverse("intake:give-back", args=where), {
        "original": original.id, "signed_name": "Nguyễn Thị Hạnh", "signed_drawing": "M1 1 L5 5 "})

    original.refresh_from_db()
    assert original.holder == "citizen"
    assert "Nguyễn Thị Hạnh" in page(clerk, "originals", *where)


def test_the_centre_sees_what_it_holds_and_keeps_what_it_keeps():
    at = bag()
    at.on_the_way(1)
    at.count()
    officer = browser(at.officer_account)
    original = Original.objects.get()
    assert at.filed[0].agent_ref in page(officer, "bags", tab="originals")

    officer.post(reverse("intake:keep-original", args=[original.dossier_id]), {"original": original.id})

    original.refresh_from_db()
    assert original.holder == "archive"
    assert browser(network.officer(network.centre("19753"))).get(
        reverse("intake:originals", args=[original.dossier_id])).status_code == 404


def test_a_receipt_is_printed_and_voided_by_somebody_else():
    at = till()
    receipt = at.paid()
    clerk = browser(at.counter.clerk)
    assert "0000001" in page(clerk, "receipts", ngay="2026-01-12")
    assert clerk.get(reverse("intake:fee-receipt-paper", args=[receipt.id]))["Content-Type"] == "application/pdf"

    mine = clerk.post(reverse("intake:fee-receipt", args=[receipt.id]), {"reason": "refunded", "note": "Trả tiền"})
    assert mine.status_code == 422
    manager = browser(at.manager_account)
    manager.post(reverse("intake:fee-receipt", args=[receipt.id]), {"reason": "refunded", "note": "Trả lại tiền"})

    receipt.refresh_from_db()
    assert receipt.state == "cancelled"
    assert "Trả lại tiền" in page(manager, "fee-receipt", receipt.id)


def test_a_sheet_is_entered_and_matched_on_the_page_of_receipts():
    at = till()
    block = receipts.numbers(at.counter.outlet, at.counter.centre, kind="preprinted",
                             of=at.numbers.series.delegation)
    clerk = browser(at.counter.clerk)
    sheet = {"block": block.id, "number": "1", "day": "2026-01-12", "clock": "08:30", "amount": "8.000",
             "payer_name": "Lê Thị Nộp"}

    assert clerk.post(reverse("intake:enter-sheet"), sheet | {"number": "3"}).status_code == 422
    assert clerk.post(reverse("intake:enter-sheet"), sheet | {"clock": "x"}).status_code == 422
    clerk.post(reverse("intake:enter-sheet"), sheet)
    receipt = Receipt.objects.get()
    assert "Lê Thị Nộp" in page(clerk, "receipts")
    clerk.post(reverse("intake:match-sheet", args=[receipt.id]), {"code": at.due().agent_ref})
    clerk.post(reverse("intake:enter-sheet"), {"block": block.id, "number": "2", "spoiled": "1", "note": "Nhòe mực"})

    receipt.refresh_from_db()
    assert receipt.dossier is not None
    assert Receipt.objects.get(number=2).state == "spoiled"


def test_an_operator_records_publishes_opens_and_allots():
    at = bag()
    hq = browser(network.operator_hq(at.counter.outlet.operator))
    entered = {"centre_id": at.counter.centre.id, "number": "9/UN", "agency_tax_code": "3301234567",
               "purpose": "Thu lệ phí hộ tịch", "signed_on": "2026-01-01", "tax_told_on": "2026-01-01",
               "valid_from": "2026-01-10"}
    assert hq.post(reverse("intake:record-delegation"), entered | {"tax_told_on": "2026-01-09"}).status_code == 422
    assert hq.post(reverse("intake:record-delegation"), entered | {"signed_on": ""}).status_code == 422
    hq.post(reverse("intake:record-delegation"), entered)
    delegation = ReceiptDelegation.objects.get()
    hq.post(reverse("intake:open-series", args=[delegation.id]), {
        "kind": "electronic", "form_symbol": "01BLP3-001", "symbol": "PD-26E", "last": "99999",
        "year": str(local(timezone.now()).year)})
    series = ReceiptSeries.objects.get()
    unpublished = hq.post(reverse("intake:allot-range", args=[series.id]), {
        "outlet_id": at.counter.outlet.id, "count": "100"})
    assert unpublished.status_code == 422
    hq.post(reverse("intake:publish-delegation", args=[delegation.id]))
    hq.post(reverse("intake:allot-range", args=[series.id]), {"outlet_id": at.counter.outlet.id, "count": "100"})

    assert (OutletRange.objects.get().first, OutletRange.objects.get().last) == (1, 100)
    shown = page(hq, "receipt-numbers")
    assert at.counter.outlet.name in shown
    hq.post(reverse("intake:end-delegation", args=[delegation.id]), {"reason": "Hết hợp đồng"})
    delegation.refresh_from_db()
    assert delegation.ended_at is not None


@pytest.mark.parametrize("how_many", [1, 6])
def test_the_hand_over_pages_cost_the_same_however_much_waits(how_many, django_assert_max_num_queries):
    at = bag()
    at.fill(how_many)
    for _ in range(how_many):
        at.counter.submit(channel="post")
    clerk = browser(at.counter.clerk)
    page(clerk, "hand-over")

    with django_assert_max_num_queries(24):
        page(clerk, "hand-over")
    with django_assert_max_num_queries(24):
        page(clerk, "hand-over", tab="originals")
    with django_assert_max_num_queries(24):
        page(clerk, "bag", at.manifest.id)


def test_the_originals_of_a_dossier_stand_on_its_slip():
    at = bag()
    dossier = at.counter.submit(channel="post")
    originals.take_original(OriginalInput("other", name="Sổ hộ khẩu cũ", identifier="SHK 5"), dossier_id=dossier.id,
                            by=at.by, at=NOW)
    dossier = type(dossier).objects.select_related("procedure", "citizen", "outlet", "clerk", "receiving_centre",
                                                   "authority_centre").get(id=dossier.id)

    rows = slip_data(dossier)["papers"]

    assert {(row["name"], row["form"]) for row in rows} >= {("Sổ hộ khẩu cũ", "Bản chính số SHK 5, trả lại người gửi")}
