"""Bags, originals and receipts for counter systems and scanner apps."""

import pytest
from django.utils import timezone

from intake.models.custody import Original
from intake.models.receipts import Receipt
from shared.calendar import local
from tests.factories import network
from tests.factories.browsers import Api, body_of
from tests.factories.parcels import number_pool
from tests.intake.manifest_cases import bag
from tests.intake.receipt_cases import till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
GIVES, TAKES = {"name": "Trần Thị Thử"}, {"name": "Lê Văn Phát", "badge": "BT-1", "drawing": "M1 1 L9 9"}


def test_a_bag_travels_from_scan_to_reception_through_the_api():
    at = bag()
    number_pool()
    there, gone = (at.counter.submit(channel="post") for _ in range(2))
    outlet, centre = Api(person=at.counter.clerk), Api(person=at.officer_account)

    lines = [body_of(outlet.post("/manifest-scans", {"code": each.agent_ref})) for each in (there, gone)]
    manifest = f"/manifests/{at.manifest.id}"
    sealed = outlet.post(f"{manifest}/seals", {"seal_number": "HUE-9001", "weight_grams": 250}, key="seal-1")
    again = outlet.post(f"{manifest}/seals", {"seal_number": "HUE-9001", "weight_grams": 250}, key="seal-1")
    assert (sealed.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert outlet.post(f"{manifest}/pick-ups", {"gives": GIVES, "takes": TAKES}).status_code == 201

    found = body_of(centre.get("/manifests", code="HUE-9001"))["items"]
    assert [each["code"] for each in found] == [at.manifest.code]
    half = centre.post(f"{manifest}/counts", {
        "lines": [{"item_id": lines[0]["id"], "verdict": "there"}], "seal_number": "HUE-9001", "gives": TAKES,
        "takes": GIVES})
    assert (half.status_code, body_of(half)["code"]) == (422, "manifest-invalid")
    counted = body_of(centre.post(f"{manifest}/counts", {
        "lines": [{"item_id": lines[0]["id"], "verdict": "there"}, {"item_id": lines[1]["id"], "verdict": "missing"}],
        "seal_number": "HUE-9001", "gives": TAKES, "takes": GIVES}))
    assert [each["kind"] for each in counted["differences"]] == ["missing"]
    received = body_of(centre.post(f"{manifest}/receptions", {}))["items"]
    assert [each["agent_ref"] for each in received] == [there.agent_ref]

    settled = outlet.post(f"/manifest-differences/{counted['differences'][0]['id']}/settlements", {
        "outcome": "at_the_outlet", "explanation": "Còn trong ngăn kéo quầy 2"})
    assert settled.status_code == 201
    assert body_of(outlet.get(manifest))["state"] == "reconciled"


def test_originals_are_listed_taken_and_given_back_through_the_api():
    at = bag()
    dossier = at.counter.submit()
    api = Api(person=at.counter.clerk)

    taken = api.post(f"/dossiers/{dossier.id}/originals", {"component": "giay_chung_sinh", "identifier": "GCS 1"})
    assert (taken.status_code, body_of(taken)["holder"]) == (201, "outlet")
    assert [each["identifier"] for each in body_of(api.get("/originals"))["items"]] == ["GCS 1"]
    back = api.post("/original-returns", {"original_ids": [body_of(taken)["id"]], "signed": {"name": "Nguyễn Hạnh"}})
    assert back.status_code == 201
    (chain,) = body_of(api.get(f"/dossiers/{dossier.id}/originals"))["items"]
    assert [move["what_en"] for move in chain["moves"]] == ["Taken at the counter", "Given back at the counter"]
    stranger = Api(person=network.clerk())
    assert body_of(stranger.get(f"/dossiers/{dossier.id}/originals"))["items"] == []
    assert stranger.post("/original-returns", {
        "original_ids": [str(Original.objects.get().id)], "signed": {"name": "Ai Đó"}}).status_code == 404


def test_the_day_of_receipts_and_a_void_through_the_api():
    at = till()
    receipt = at.paid()
    clerk, manager = Api(person=at.counter.clerk), Api(person=at.manager_account)

    day = body_of(clerk.get("/receipts", day="2026-01-12"))
    assert (day["issued"], day["total"], day["gaps"], day["ranges"][0]["left"]) == (1, 8000, 0, 49)
    mine = clerk.post(f"/receipts/{receipt.id}/voids", {"reason": "refunded", "note": "Trả lại tiền"})
    assert (mine.status_code, body_of(mine)["code"]) == (403, "second-person-needed")
    void = manager.post(f"/receipts/{receipt.id}/voids", {"reason": "refunded", "note": "Trả lại tiền"})
    assert (void.status_code, body_of(void)["state"]) == (201, "cancelled")


def test_sheets_and_numbers_through_the_api():
    at = till()
    hq = Api(person=network.operator_hq(at.counter.outlet.operator))
    series = hq.post(f"/receipt-delegations/{at.numbers.series.delegation_id}/series", {
        "kind": "preprinted", "form_symbol": "01BLP3-002", "symbol": "HA-26P", "last": 500,
        "year": local(timezone.now()).year})
    assert series.status_code == 201
    allotted = body_of(hq.post(f"/receipt-series/{body_of(series)['id']}/ranges", {
        "outlet_id": str(at.counter.outlet.id), "count": 50}))
    assert (allotted["first"], allotted["last"]) == (1, 50)
    too_many = hq.post(f"/receipt-series/{body_of(series)['id']}/ranges", {
        "outlet_id": str(at.counter.outlet.id), "count": 451})
    assert too_many.status_code == 422
    clerk = Api(person=at.counter.clerk)
    assert clerk.post("/spoiled-receipts", {
        "range_id": allotted["id"], "number": 1, "note": "Nhòe mực"}).status_code == 201
    assert Receipt.objects.get().state == "spoiled"
    assert [each["number"] for each in body_of(hq.get("/receipt-delegations"))["items"]] == ["12/UNBL-UBND"]
