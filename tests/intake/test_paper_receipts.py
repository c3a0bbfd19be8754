"""Sheets written while the network was down: entered in order, matched one to one, listed until none is left."""

from typing import Any

import pytest

from intake.errors import ReceiptNotFound, ReceiptRefused
from intake.models.receipts import Receipt
from intake.operations import paper_receipts, payments
from intake.operations.paper_receipts import SheetInput
from intake.queries.receipts import receipt_day
from intake.receipt_sweeps import watch_receipts
from intake.rules.states import MoneyState
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.factories import network, receipts
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local
from tests.intake.receipt_cases import Till, till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
EARLIER = local("2026-01-12 08:10")


def block(at: Till, count: int = 10):
    return receipts.numbers(at.counter.outlet, at.counter.centre, kind="preprinted", count=count,
                            of=at.numbers.series.delegation)


def sheet(number: int = 1, **changes) -> SheetInput:
    fields: dict[str, Any] = {"number": number, "collected_at": EARLIER, "amount": Money(8_000),
                              "payer_name": "Nguyễn Thị Hạnh"}
    return SheetInput(**fields | changes)


def enter(at: Till, numbers, entered: SheetInput) -> Receipt:
    return paper_receipts.enter_sheet(entered, range_id=numbers.id, by=at.by, at=NOW)


def test_a_sheet_is_entered_with_its_own_time_and_pays_its_dossier():
    at = till()
    dossier = at.due()

    receipt = enter(at, block(at), sheet(code=dossier.agent_ref))

    dossier.refresh_from_db()
    assert (receipt.collected_at, receipt.entered_at, dossier.money) == (EARLIER, NOW, MoneyState.PAID)
    assert dossier.steps.get(action="pay").at == EARLIER


def test_sheets_are_entered_in_the_order_of_their_numbers():
    at = till()
    numbers = block(at)

    with pytest.raises(ReceiptRefused) as refused:
        enter(at, numbers, sheet(3))
    assert "0000001" in str(refused.value.errors[0].message)

    paper_receipts.spoil_sheet(range_id=numbers.id, number=1, note="Viết hỏng", by=at.by, at=NOW)
    enter(at, numbers, sheet(2))
    assert list(Receipt.objects.order_by("number").values_list("number", "state")) == [(1, "spoiled"), (2, "issued")]


def test_a_sheet_without_a_dossier_is_listed_with_an_owner_until_it_is_matched():
    at = till()
    receipt = enter(at, block(at), sheet())
    watch_receipts(at=NOW)
    item = WorkItem.objects.get(kind="paper-receipt-unmatched")
    assert item.owner_place == at.counter.outlet.code
    assert [each.id for each in receipt_day(at.by, NOW.date()).unmatched] == [receipt.id]

    dossier = at.due()
    paper_receipts.match_sheet(receipt_id=receipt.id, code=dossier.agent_ref, by=at.by, at=NOW)
    watch_receipts(at=NOW)

    item.refresh_from_db()
    assert item.closed_at == NOW
    assert receipt_day(at.by, NOW.date()).unmatched == ()
    dossier.refresh_from_db()
    assert dossier.money == MoneyState.PAID


def test_every_sheet_of_a_block_is_matched_void_open_or_spoiled():
    at = till()
    numbers = block(at, count=4)
    enter(at, numbers, sheet(1))
    enter(at, numbers, sheet(2, code=at.due().agent_ref))
    paper_receipts.spoil_sheet(range_id=numbers.id, number=3, note="Rách", by=at.by, at=NOW)

    (proof,) = [each for each in receipt_day(at.by, NOW.date()).ranges if each.kind == "preprinted"]
    assert (proof.used, proof.live, proof.spoiled, proof.void, proof.gaps, proof.left) == (3, 2, 1, 0, 0, 1)


def test_a_sheet_for_another_amount_than_the_fee_is_not_matched():
    at = till()
    receipt = enter(at, block(at), sheet(amount=Money(15_000)))

    with pytest.raises(ReceiptRefused) as refused:
        paper_receipts.match_sheet(receipt_id=receipt.id, code=at.due().agent_ref, by=at.by, at=NOW)
    assert "15.000 đ" in str(refused.value.errors[0].message)


def test_one_fee_has_one_receipt():
    at = till()
    dossier = at.due()
    payments.record_payment(dossier_id=dossier.id, by=at.by, at=NOW)

    with pytest.raises(ReceiptRefused):
        enter(at, block(at), sheet(code=dossier.agent_ref))


@pytest.mark.parametrize("changes", [
    {"collected_at": local("2026-01-12 17:00")}, {"collected_at": local("2025-12-31 17:00")}, {"amount": Money(0)},
    {"payer_name": ""}, {"code": "KHONGCO"},
])
def test_what_cannot_stand_on_a_sheet_is_refused(changes):
    at = till()

    with pytest.raises(ReceiptRefused):
        enter(at, block(at), sheet(**changes))
    assert not Receipt.objects.exists()


def test_another_outlets_block_is_not_found():
    at = till()
    numbers = block(at)

    with pytest.raises(ReceiptNotFound):
        paper_receipts.enter_sheet(sheet(), range_id=numbers.id, by=network.acting(network.clerk()), at=NOW)
    with pytest.raises(ReceiptNotFound):
        paper_receipts.enter_sheet(sheet(), range_id=at.numbers.id, by=at.by, at=NOW)
