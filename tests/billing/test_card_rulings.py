"""A lost dispute is what the bank took less what it gave back; what was owed anyway is settled first."""

from uuid import uuid4

import pytest

from billing.cards import refunds
from billing.cards.errors import (
    PaymentDisputed,
    RefundedBefore,
)
from billing.cards.models import CardDispute, CardMovement
from billing.simulator import disputes as bank
from billing.verification.cards import check_cards
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.card_money import (
    FIRST,
    SECOND,
    came_back,
    charge_of,
    decided,
    disputed,
    exceptions,
    given_back,
    legs,
    look,
    lost,
    now,
    otherwise,
    paid,
    parts,
    reinstated,
    unasked,
)

pytestmark = pytest.mark.django_db


def test_a_chargeback_of_what_paid_nothing_settles_what_was_owed_and_ends_the_work(service):
    payment = unasked(service)
    assert (payment.verdict, legs()["VNPOST:refunds-owed"], exceptions().count()) == ("late", -38_000, 1)
    told = lost(service, payment)
    assert not {"VNPOST:refunds-owed", "VNPOST:card-losses", "VNPOST:card-disputed"} & set(legs())
    assert not exceptions().exists()
    payment.refresh_from_db()
    assert payment.settled_at is not None
    with pytest.raises(RefundedBefore):
        given_back(payment)
    with service.service.store.lock:
        told["status"] = "under_review"
        bank.decide(service.service, told, is_won=True)
    look(payment)
    assert legs()["VNPOST:refunds-owed"] == -38_000
    assert exceptions().count() == 1
    assert given_back(payment).state == "done"
    assert "VNPOST:refunds-owed" not in legs()
    assert not exceptions().exists()
    assert list(check_cards()) == []


def test_what_a_chargeback_left_of_money_that_paid_nothing_is_still_owed(service):
    payment = unasked(service)
    lost(service, payment, amount=20_000)
    assert legs()["VNPOST:refunds-owed"] == -18_000
    assert exceptions().count() == 1
    rest = given_back(payment)
    assert (rest.amount, rest.state, rest.failure) == (Money(18_000), "failed", "charge_disputed")
    otherwise(rest)
    assert "VNPOST:refunds-owed" not in legs()
    assert not exceptions().exists()
    assert list(check_cards()) == []


def test_a_chargeback_takes_first_what_a_refund_that_came_back_still_owed(service):
    payment = paid(service)
    came_back(service, given_back(payment, parts(8_000, 0)))
    lost(service, payment)
    assert (legs()["VNPOST:card-losses"], "VNPOST:refunds-owed" in legs()) == (30_000, False)
    assert not WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).exists()
    assert list(check_cards()) == []


def test_what_a_lost_dispute_has_settled_is_not_given_once_more(service, settings):
    """Three ways that led there: asked for again, waiting for its second person, allowed and not yet told."""
    payment = unasked(service)
    came_back(service, given_back(payment))
    lost(service, payment)
    with pytest.raises(RefundedBefore):
        given_back(payment)

    settings.WARDPOST_CARD_REFUND_LIMIT = 1_000
    waiting = unasked(service)
    asked = given_back(waiting)
    lost(service, waiting)
    with pytest.raises(PaymentDisputed):
        refunds.decide_refund(refund_id=asked.id, is_approved=True, why="", by=SECOND, at=now())

    settings.WARDPOST_CARD_REFUND_LIMIT = 1_000_000
    late = unasked(service)
    allowed = refunds.ask_refund(payment_id=late.id, why="Người dân đã trả hai lần.", by=FIRST, at=now())
    lost(service, late)
    assert refunds.send_refund(refund_id=allowed.id, at=now()) == "failed"
    assert not WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).exists()
    assert "VNPOST:refunds-owed" not in legs()
    assert list(check_cards()) == []


def test_a_refund_that_comes_back_after_the_loss_is_ruled_at_once(service):
    payment = unasked(service)
    refund = given_back(payment)
    # Some banks dispute what was refunded already.
    charge = charge_of(service, payment)
    charge["amount_refunded"] = 0
    with service.service.store.lock:
        told = bank.open_dispute(service.service, charge)
    decided(service, told, is_won=False)
    look(payment)
    with service.service.store.lock:
        told = next(each for each in service.service.store.all("refund") if each["id"] == refund.refund_ref)
        service.service.settle_refund(told, succeeds=False)
    refunds.send_refund(refund_id=refund.id, at=now())
    assert "VNPOST:refunds-owed" not in legs()
    assert not WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).exists()
    assert list(check_cards()) == []


def test_a_loss_is_what_was_taken_less_what_was_given_back(service):
    payment = paid(service)
    told = disputed(service, payment)
    reinstated(service, told, 13_000)
    decided(service, told, is_won=False)
    look(payment)
    assert legs()["VNPOST:card-losses"] == 25_000
    assert "VNPOST:card-disputed" not in legs()
    reinstated(service, told, 5_000)
    look(payment)
    assert (legs()["VNPOST:card-losses"], CardDispute.objects.get().rulings) == (20_000, 2)
    assert list(check_cards()) == []


def test_a_line_that_moves_nothing_is_no_loss(service):
    payment = paid(service)
    told = disputed(service, payment, is_inquiry=True)
    reinstated(service, told, 0)
    told["status"] = "lost"
    look(payment)
    assert (CardDispute.objects.get().state, "VNPOST:card-losses" in legs()) == ("lost", False)


def test_a_line_in_another_currency_is_an_administrators_and_in_no_account(service):
    payment = paid(service)
    told = disputed(service, payment)
    told["balance_transactions"][0]["currency"] = "usd"
    look(payment)
    assert "VNPOST:card-disputed" not in legs()
    item = WorkItem.objects.get(kind="card-line-in-another-currency", closed_at=None)
    assert (item.owner_role, item.detail["currency"]) == (Role.ADMINISTRATOR, "usd")


@pytest.mark.parametrize("change", ["borne", "ruling"])
def test_a_ruling_that_the_movements_do_not_say_is_found_by_the_verifier(service, change):
    payment = paid(service)
    told = disputed(service, payment)
    if change == "borne":
        decided(service, told, is_won=False)
        look(payment)
        reinstated(service, told, 9_000)
        CardMovement.objects.bulk_create([CardMovement(
            id=uuid4(), payment=payment, line_ref="txn_told", kind="dispute_back", source_ref=told["id"],
            amount=Money(9_000), fee=Money(0), occurred_at=now(), told_at=now())])
    else:
        look(payment)
        CardDispute.objects.update(state="lost")
    assert "card-ruling-and-movements-differ" in {each.kind for each in check_cards()}
