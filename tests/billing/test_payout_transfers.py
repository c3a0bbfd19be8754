"""Payouts by the card service: whatever it answers, or does not, a payee has her money once."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from billing.cards import gateway
from billing.models.ledger import Posting
from billing.payouts import confirming, reversals, transfers
from billing.payouts.errors import ReversalNamed, ReversalPartsWrong
from billing.payouts.models import Payout, PayoutOrder, PayoutReversal
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.claim_cases import YEN
from tests.billing.payout_cases import PAY_DAY, account_of, handed_over, released, worked
from tests.factories.card_service import KEY, stand_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


@pytest.fixture(scope="module")
def service():
    with stand_in() as running:
        yield running


@pytest.fixture
def order(service, settings):
    """An outlet's 24,000 đ, handed over to the card service."""
    settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, service.address
    place = cases.outlet()
    worked(place, 2)
    account_of(place.id, method="stripe", number=service.connected())
    released()
    handed_over(method="stripe")
    yield PayoutOrder.objects.get()
    service.switch(down=False, lost_answers=0, errors_after=0, errors_before=0, empty_balance=False)


def sent(order, minutes=0):
    return transfers.send_transfer(order_id=order.id, at=PAY_DAY + timedelta(minutes=minutes))


def moved(order):
    told = gateway.transfers_since(PAY_DAY.replace(year=2020))
    return [each.amount.amount for each in told if each.reference == order.reference]


def test_a_handed_over_order_is_sent_once(order):
    assert OutboxMessage.objects.filter(event="TransferOrdered").count() == 1
    assert [sent(order), sent(order)] == ["confirmed", ""]
    assert moved(order) == [24_000]
    assert Payout.objects.get().state == "paid"
    assert Posting.objects.filter(account__code="01:card-service").aggregate(s=Sum("amount"))["s"].amount == -24_000


@pytest.mark.parametrize("fault", [{"lost_answers": 9}, {"errors_after": 9}, {"errors_before": 9}, {"down": True}])
def test_an_order_without_an_answer_is_looked_up_before_it_is_tried_again(order, service, fault):
    service.switch(**fault)
    assert sent(order) == "unknown"
    service.switch(down=False, lost_answers=0, errors_after=0, errors_before=0)
    assert transfers.send_open_transfers(at=PAY_DAY) == 0  # a minute has to pass
    for minutes in range(2, 8, 2):
        transfers.send_open_transfers(at=PAY_DAY + timedelta(minutes=minutes))
    order.refresh_from_db()
    assert (order.state, moved(order)) == ("confirmed", [24_000])


def test_a_worker_that_died_after_asking_finds_what_it_did(order):
    transfers._begin(order_id=order.id, at=PAY_DAY)
    gateway.create_transfer(reference=order.reference, destination=order.account.number, amount=order.amount)
    assert transfers.send_open_transfers(at=PAY_DAY + timedelta(days=2)) == 1  # the key is long forgotten
    assert moved(order) == [24_000]


def test_nobody_knows_for_an_hour_and_a_person_is_asked(order, service):
    service.switch(down=True)
    sent(order)
    sent(order, minutes=61)
    assert WorkItem.objects.filter(kind="payout-unknown", closed_at=None).count() == 1
    service.switch(down=False)
    sent(order, minutes=62)
    assert not WorkItem.objects.filter(kind="payout-unknown", closed_at=None).exists()


def test_a_refused_transfer_comes_back_and_is_tried_again_once(order, service):
    service.switch(empty_balance=True)
    assert sent(order) == "returned"
    service.switch(empty_balance=False)
    payout = Payout.objects.get()
    confirming.reissue_payout(payout_id=payout.id, reason="Đã nạp thêm số dư", by=YEN, at=PAY_DAY)
    handed_over(method="stripe")
    again = PayoutOrder.objects.get(replaces=order)
    assert sent(again) == "confirmed"
    assert moved(order) + moved(again) == [24_000]


def test_a_transfer_that_was_taken_back_is_no_payment_any_more(order):
    sent(order)
    order.refresh_from_db()
    gateway.reverse_transfer(transfer_id=order.external_id, reference=order.reference)
    assert [transfers.compare_transfers(at=PAY_DAY.replace(year=2020)) for _again in range(2)] == [1, 0]
    assert Payout.objects.get().state == "returned"
    assert not Posting.objects.filter(account__code="01:card-service").aggregate(s=Sum("amount"))["s"].amount


def books():
    """Account → sum, of the accounts that a reversal touches."""
    codes = ["01:card-service", "VNPOST:payouts-unnamed", "VNPOST:work"]
    told = Posting.objects.filter(account__code__in=codes).values_list("account__code").annotate(told=Sum("amount"))
    return {code: amount.amount for code, amount in told if amount}


def taken_back(order, amount, reference):
    gateway.reverse_transfer(transfer_id=order.external_id, reference=f"{order.reference}-{reference}",
                             amount=Money(amount))


def test_a_part_that_is_taken_back_waits_until_a_person_names_it(order):
    sent(order)
    order.refresh_from_db()
    before = books()
    taken_back(order, 5_000, "one")
    assert [transfers.compare_transfers(at=PAY_DAY.replace(year=2020)) for _again in range(2)] == [1, 0]
    told = PayoutReversal.objects.get()
    assert books() == {**before, "01:card-service": -19_000, "VNPOST:payouts-unnamed": -5_000}
    assert WorkItem.objects.filter(kind="payout-reversed-in-part", closed_at=None).count() == 1
    assert Payout.objects.get().state == "paid"

    for postage, of_work in ((5_000, 0), (0, 4_999), (-1_000, 6_000)):
        with pytest.raises(ReversalPartsWrong):
            named(told, postage, of_work)
    named(told, 0, 5_000)
    with pytest.raises(ReversalNamed):
        named(told, 0, 5_000)
    assert "VNPOST:payouts-unnamed" not in books()
    assert books().get("VNPOST:work", 0) - before.get("VNPOST:work", 0) == -5_000
    assert not WorkItem.objects.filter(kind="payout-reversed-in-part", closed_at=None).exists()


@pytest.mark.parametrize("names_first", [True, False])
def test_parts_that_come_to_all_of_it_are_a_returned_order_however_they_were_heard_of(order, names_first):
    sent(order)
    order.refresh_from_db()
    paid_before = books()["01:card-service"]
    taken_back(order, 5_000, "one")
    if names_first:
        reversals.look_at_reversals(order_id=order.id, at=PAY_DAY)
        named(PayoutReversal.objects.get(), 0, 5_000)
    taken_back(order, 19_000, "two")
    for _again in range(2):
        reversals.look_at_reversals(order_id=order.id, at=PAY_DAY)
    assert Payout.objects.get().state == "returned"
    assert "VNPOST:payouts-unnamed" not in books()
    assert books().get("01:card-service", 0) == paid_before + 24_000 == 0
    assert not WorkItem.objects.filter(kind="payout-reversed-in-part", closed_at=None).exists()


def named(told, postage, of_work):
    return reversals.name_parts(reversal_id=told.id, postage=Money(postage), of_work=Money(of_work),
                                why="Theo thư của dịch vụ thẻ", by=YEN, at=PAY_DAY)


def test_a_batch_that_stands_still_becomes_work(order):
    assert transfers.watch_batches(at=PAY_DAY) == 0
    assert transfers.watch_batches(at=PAY_DAY + timedelta(days=4)) == 1
    assert WorkItem.objects.get(kind="payout-batch-late").detail["state"] == "handed_over"
