"""Fees, partial refunds and chargebacks are entries that balance, the same whatever is told twice, late or never."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import stripe
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from billing.cards import asking, disputes, hearing, movements, outside, refunds, settling, sweeps
from billing.cards.errors import (
    CardOutcomeUnknown,
    DisputeAnswered,
    DisputeAnswerRefused,
    PaymentDisputed,
    RefundDecided,
    RefundedBefore,
    RefundPartsRefused,
    RefundRefused,
    SecondPersonNeeded,
)
from billing.cards.events import CardServiceTold
from billing.cards.models import CardDispute, CardMovement, CardPayment
from billing.cards.parts import Parts
from billing.cards.readings import event_of
from billing.cards.records import Refund
from billing.models.ledger import Charge, Posting
from billing.payments.models import Collection
from billing.payments.records import Due, Till
from billing.simulator import disputes as bank
from billing.verification.cards import check_cards
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.rates import load_rates
from tests.billing.stripe_types import faults_of
from tests.factories.card_service import KEY, SECRET, stand_in

pytestmark = pytest.mark.django_db
TILL = Till(uuid4(), uuid4(), "VNPOST", "01")
CLERK = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa", Role.OUTLET_CLERK, outlet_id=TILL.outlet_id)
FIRST = Actor(ActorKind.PERSON, str(uuid4()), "Phạm Thu", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
SECOND = Actor(ActorKind.PERSON, str(uuid4()), "Ngô Minh", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
WORDS = "Biên lai và biên bản trả kết quả cho thấy dịch vụ đã thực hiện đúng ngày."
BOUNDED = bounds(max_examples=6, deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])
FEE = 1_102
"""What the stand-in keeps of 38,000 đ."""


@pytest.fixture(scope="module")
def running():
    with stand_in() as service:
        yield service


@pytest.fixture
def service(running, settings):
    load_rates()
    settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, running.address
    settings.WARDPOST_STRIPE_WEBHOOK_SECRETS = [SECRET]
    yield running
    running.service.faults = type(running.service.faults)()


def now():
    return datetime.now(UTC)


def paid(service, fee=8_000, postage=30_000):
    info = asking.ask_card(due=Due("dossier", uuid4(), Money(fee), Money(postage)), till=TILL, by=CLERK, at=now())
    payment = CardPayment.objects.get(collection_id=info.id)
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    service.pay(payment.page_url)
    settling.look(payment_id=payment.id, at=now())
    return CardPayment.objects.select_related("collection").get(id=payment.id)


def look(payment):
    return movements.look_at_money(payment_id=payment.id, at=now())


def legs():
    """Account → sum, without those that are even."""
    told: dict[str, int] = {}
    for posting in Posting.objects.select_related("account"):
        told[posting.account.code] = told.get(posting.account.code, 0) + posting.amount.amount
    return {code: amount for code, amount in told.items() if amount}


def charge_of(service, payment):
    return next(each for each in service.service.store.all("charge") if each["payment_intent"] == payment.payment_ref)


def disputed(service, payment, **how):
    with service.service.store.lock:
        return bank.open_dispute(service.service, charge_of(service, payment), **how)


def decided(service, dispute, *, is_won):
    with service.service.store.lock:
        bank.decide(service.service, dispute, is_won=is_won)


def gone(service):
    return sum(each["net"] for each in service.service.store.all("balance_transaction"))


# --- fees -----------------------------------------------------------------------------------------------------------


def test_the_services_fee_is_a_posting_of_its_own_and_explains_itself(service):
    payment = paid(service)
    assert [look(payment), look(payment)] == ["1-new", "0-new"]
    assert legs() == {"VNPOST:card-service": 38_000 - FEE, "VNPOST:card-fees": FEE, "01:fees-collected": -8_000,
                      "01:citizen-share": -30_000}
    line = Charge.objects.get(kind="card-fee")
    assert [(step["kind"], step["amount"]) for step in line.explanation.steps] == [("card_fee", FEE)]
    assert line.evidence["line"] == CardMovement.objects.get().line_ref
    assert list(check_cards()) == []


def test_a_fee_that_is_booked_later_is_asked_for_until_it_is_known(service):
    service.switch(fees_late=True)
    payment = paid(service)
    assert look(payment) == "0-new"
    assert sweeps.watch(at=now() + timedelta(minutes=20)) == 1
    assert not CardMovement.objects.exists()
    with service.service.store.lock:
        service.service.book(charge_of(service, payment))
    sweeps.watch(at=now() + timedelta(minutes=40))
    assert legs()["VNPOST:card-fees"] == FEE


def test_a_movement_without_its_posting_is_found_by_the_verifier(service):
    look(paid(service))
    movement = CardMovement.objects.get()
    CardMovement.objects.bulk_create([CardMovement(
        id=uuid4(), payment=movement.payment, line_ref="txn_forged", kind="dispute", source_ref="du_x",
        amount=Money(-5_000), fee=Money(0), occurred_at=now(), told_at=now())])
    assert [each.kind for each in check_cards()] == ["card-movement-and-books-differ"]


# --- parts ----------------------------------------------------------------------------------------------------------


def given_back(payment, parts=None, by=FIRST):
    refund = refunds.ask_refund(payment_id=payment.id, why="Thu nhầm một phần", by=by, at=now(), parts=parts)
    refunds.send_refund(refund_id=refund.id, at=now())
    refund.refresh_from_db()
    return refund


def parts(fee, postage):
    return Parts(Money(fee), Money(postage))


def test_a_part_goes_back_from_the_part_that_is_named_and_the_rest_later(service):
    payment = paid(service)
    assert given_back(payment, parts(0, 12_000)).state == "done"
    assert Collection.objects.get().state == "paid"
    assert legs() == {"VNPOST:card-service": 26_000, "01:fees-collected": -8_000, "01:citizen-share": -18_000}
    rest = given_back(payment)
    assert (rest.fee, rest.postage) == (Money(8_000), Money(18_000))
    assert legs() == {}
    assert Collection.objects.get().state == "returned"
    with pytest.raises(RefundedBefore):
        given_back(payment)


@pytest.mark.parametrize("wanted", [(8_001, 0), (0, 30_001), (0, 0), (-1, 5_000)])
def test_no_more_than_a_part_and_never_nothing_goes_back(service, wanted):
    payment = paid(service)
    with pytest.raises(RefundPartsRefused):
        given_back(payment, parts(*wanted))


def test_many_small_refunds_need_a_second_person_once_they_are_above_the_limit_together(service, settings):
    settings.WARDPOST_CARD_REFUND_LIMIT = 20_000
    payment = paid(service)
    assert given_back(payment, parts(0, 15_000)).state == "done"
    assert given_back(payment, parts(0, 6_000)).state == "asked"
    with pytest.raises(RefundedBefore):
        given_back(payment, parts(8_000, 0))


def test_a_refund_that_came_back_is_given_again_as_it_was(service):
    payment = paid(service)
    first = given_back(payment, parts(8_000, 0))
    with service.service.store.lock:
        service.service.settle_refund(service.service.store.all("refund")[0], succeeds=False)
    refunds.send_refund(refund_id=first.id, at=now())
    assert legs()["VNPOST:refunds-owed"] == -8_000
    with pytest.raises(RefundPartsRefused):
        given_back(payment, parts(0, 30_000))
    again = given_back(payment)
    assert (again.repeats_id, again.state) == (first.id, "done")
    assert legs() == {"VNPOST:card-service": 30_000, "01:citizen-share": -30_000}
    assert not WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).exists()
    look(payment)
    assert legs()["VNPOST:card-service"] + FEE == 30_000 + FEE - FEE
    assert list(check_cards()) == []


def came_back(service, refund):
    """The cardholder's bank sends a done refund back."""
    with service.service.store.lock:
        told = next(each for each in service.service.store.all("refund") if each["id"] == refund.refund_ref)
        service.service.settle_refund(told, succeeds=False)
    refunds.send_refund(refund_id=refund.id, at=now())
    refund.refresh_from_db()
    assert (refund.state, refund.came_back) == ("failed", True)


def test_what_came_back_twice_is_owed_once_and_leaves_no_work_behind(service):
    payment = paid(service)
    first = given_back(payment, parts(8_000, 0))
    came_back(service, first)
    came_back(service, given_back(payment))
    third = given_back(payment)
    assert (third.repeats_id, third.state) == (first.id, "done")
    assert not WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).exists()
    assert legs() == {"VNPOST:card-service": 30_000, "01:citizen-share": -30_000}
    rest = given_back(payment)
    assert (rest.fee, rest.postage) == (Money(0), Money(30_000))
    assert legs() == {}
    with pytest.raises(RefundedBefore):
        given_back(payment)


def test_a_refund_that_never_left_is_nobodys_work_once_it_is_given_again(service):
    payment = paid(service)
    failed = refunds.ask_refund(payment_id=payment.id, why="Thu nhầm một phần", by=FIRST, at=now(),
                                parts=parts(8_000, 0))
    refunds._told(refund_id=failed.id, told=Refund("", str(failed.id), "failed", failed.amount, payment.payment_ref,
                                                   "expired_or_canceled_card"), at=now())
    open_ones = WorkItem.objects.filter(kind="card-refund-failed", closed_at=None)
    given_back(payment, parts(0, 12_000))
    assert open_ones.count() == 1
    given_back(payment, parts(8_000, 0))
    assert not open_ones.exists()


def test_a_second_person_does_not_give_back_what_the_bank_has_asked_for_meanwhile(service, settings):
    settings.WARDPOST_CARD_REFUND_LIMIT = 20_000
    payment = paid(service)
    waiting = given_back(payment)
    disputed(service, payment)
    look(payment)
    with pytest.raises(PaymentDisputed):
        refunds.decide_refund(refund_id=waiting.id, is_approved=True, why="", by=SECOND, at=now())
    assert refunds.decide_refund(refund_id=waiting.id, is_approved=False, why="Ngân hàng đã đòi lại", by=SECOND,
                                 at=now()).state == "refused"
    assert not WorkItem.objects.filter(kind="card-refund-to-decide", closed_at=None).exists()


# --- disputes -------------------------------------------------------------------------------------------------------


def test_a_chargeback_is_a_persons_work_with_the_banks_day_and_the_money_is_in_dispute(service):
    payment = paid(service)
    told = disputed(service, payment)
    look(payment)
    item = WorkItem.objects.get(kind="card-payment-disputed", closed_at=None)
    assert (item.owner_place, item.due_at) == (
        "VNPOST", datetime.fromtimestamp(told["evidence_details"]["due_by"], UTC))
    assert legs()["VNPOST:card-disputed"] == 38_000
    assert legs()["VNPOST:card-fees"] == FEE + 90_000
    assert legs()["VNPOST:card-service"] == 38_000 - FEE - 38_000 - 90_000
    with pytest.raises(PaymentDisputed):
        given_back(payment)


def test_a_contested_chargeback_that_is_won_comes_back_and_only_the_fee_is_lost(service):
    payment = paid(service)
    told = disputed(service, payment)
    look(payment)
    dispute = CardDispute.objects.get()
    disputes.answer_dispute(dispute_id=dispute.id, is_contested=True, words=WORDS, by=FIRST, at=now())
    assert not WorkItem.objects.filter(kind="card-payment-disputed", closed_at=None).exists()
    assert disputes.send_answer(dispute_id=dispute.id, at=now()) == "review"
    assert told["evidence"]["uncategorized_text"] == WORDS
    decided(service, told, is_won=True)
    look(payment)
    dispute.refresh_from_db()
    assert dispute.state == "won"
    assert legs() == {"VNPOST:card-service": 38_000 - FEE - 90_000, "VNPOST:card-fees": FEE + 90_000,
                      "01:fees-collected": -8_000, "01:citizen-share": -30_000}
    assert given_back(payment).state == "done"


@pytest.mark.parametrize("is_contested", [True, False])
def test_a_lost_chargeback_is_borne_by_the_operator_once(service, is_contested):
    payment = paid(service)
    told = disputed(service, payment)
    look(payment)
    dispute = CardDispute.objects.get()
    disputes.answer_dispute(dispute_id=dispute.id, is_contested=is_contested, words=WORDS, by=FIRST, at=now())
    disputes.send_answer(dispute_id=dispute.id, at=now())
    if is_contested:
        decided(service, told, is_won=False)
    for _ in range(2):
        look(payment)
    assert CardDispute.objects.get().state == "lost"
    assert legs()["VNPOST:card-losses"] == 38_000
    assert "VNPOST:card-disputed" not in legs()
    assert Collection.objects.get().state == "paid"


def test_a_loss_that_is_overturned_is_taken_out_of_the_books_again(service):
    payment = paid(service)
    told = disputed(service, payment)
    decided(service, told, is_won=False)
    look(payment)
    with service.service.store.lock:
        told["status"] = "under_review"
        bank.decide(service.service, told, is_won=True)
    look(payment)
    dispute = CardDispute.objects.get()
    assert (dispute.state, dispute.borne, dispute.rulings) == ("won", Money(0), 2)
    assert "VNPOST:card-losses" not in legs()
    assert "VNPOST:card-disputed" not in legs()


def unasked(service):
    """A card payment of a request that was withdrawn meanwhile: it pays nothing."""
    info = asking.ask_card(due=Due("dossier", uuid4(), Money(8_000), Money(30_000)), till=TILL, by=CLERK, at=now())
    payment = CardPayment.objects.get(collection_id=info.id)
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    Collection.objects.filter(id=info.id).update(state="cancelled")
    service.pay(payment.page_url)
    settling.look(payment_id=payment.id, at=now())
    return CardPayment.objects.select_related("collection").get(id=payment.id)


def lost(service, payment, **how):
    told = disputed(service, payment, **how)
    decided(service, told, is_won=False)
    look(payment)
    return told


def exceptions():
    return WorkItem.objects.filter(kind="card-payment-exception", closed_at=None)


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


def reinstated(service, dispute, amount):
    """The bank gives a part of what it took back."""
    with service.service.store.lock:
        bank._book(service.service, dispute, amount, 0, "dispute_reversal")


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


# --- given back in another way --------------------------------------------------------------------------------------


def failed(payment, wanted=None):
    refund = refunds.ask_refund(payment_id=payment.id, why="Thu nhầm một phần", by=FIRST, at=now(), parts=wanted)
    refunds._told(refund_id=refund.id, told=Refund("", str(refund.id), "failed", refund.amount, payment.payment_ref,
                                                   "expired_or_canceled_card"), at=now())
    refund.refresh_from_db()
    return refund


def otherwise(refund, *, way="transfer", reference="UNC 0145", proof="Giấy báo nợ lưu ở phòng kế toán", by=SECOND):
    return outside.give_otherwise(refund_id=refund.id, way=way, reference=reference, proof=proof, by=by, at=now())


def test_a_refund_that_its_card_did_not_take_is_given_in_another_way_with_proof(service):
    payment = paid(service)
    refund = failed(payment)
    slip = "Giấy báo nợ lưu ở phòng kế toán"
    for way, reference, proof in (("gold", "UNC 1", slip), ("cash", " ", slip), ("cash", "PC 1", "có")):
        with pytest.raises(RefundRefused):
            otherwise(refund, way=way, reference=reference, proof=proof)
    with pytest.raises(SecondPersonNeeded):
        otherwise(refund, by=Actor(ActorKind.MACHINE, "key", "Máy", Role.OPERATOR_HQ, operator_id=TILL.operator_id))
    assert otherwise(refund).state == "outside"
    assert legs() == {"VNPOST:card-service": 38_000, "VNPOST:bank": -38_000}
    assert not WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).exists()
    assert Collection.objects.get().state == "returned"
    with pytest.raises(RefundDecided):
        otherwise(refund)
    with pytest.raises(RefundedBefore):
        given_back(payment)
    assert list(check_cards()) == []


def test_what_came_back_is_paid_in_cash_once_and_never_to_the_card_as_well(service):
    payment = paid(service)
    first = given_back(payment, parts(8_000, 0))
    came_back(service, first)
    otherwise(first, way="cash")
    assert legs() == {"VNPOST:card-service": 38_000, "VNPOST:cash-handed-in": -8_000, "01:citizen-share": -30_000}
    rest = given_back(payment)
    assert (rest.fee, rest.postage) == (Money(0), Money(30_000))


def test_what_was_given_to_the_card_meanwhile_is_not_given_in_another_way(service):
    payment = paid(service)
    refund = failed(payment, parts(8_000, 0))
    given_back(payment, parts(8_000, 0))
    with pytest.raises(RefundedBefore):
        otherwise(refund)


def test_above_the_limit_whoever_asked_does_not_say_alone_that_it_was_given(service, settings):
    settings.WARDPOST_CARD_REFUND_LIMIT = 20_000
    payment = paid(service)
    refund = given_back(payment)
    refunds.decide_refund(refund_id=refund.id, is_approved=True, why="", by=SECOND, at=now())
    refunds._told(refund_id=refund.id, told=Refund("", str(refund.id), "failed", refund.amount, payment.payment_ref,
                                                   "expired_or_canceled_card"), at=now())
    with pytest.raises(SecondPersonNeeded):
        otherwise(refund, by=FIRST)
    assert otherwise(refund, by=SECOND).state == "outside"


def test_what_failed_is_no_way_around_the_limit(service, settings):
    settings.WARDPOST_CARD_REFUND_LIMIT = 20_000
    payment = paid(service)
    first, second = failed(payment, parts(0, 15_000)), failed(payment, parts(0, 6_000))
    assert otherwise(first, by=FIRST).state == "outside"
    with pytest.raises(SecondPersonNeeded):
        otherwise(second, reference="UNC 0146", by=FIRST)
    assert otherwise(second, reference="UNC 0146").state == "outside"


def test_an_inquiry_moves_no_money_and_may_become_a_dispute(service):
    payment = paid(service)
    told = disputed(service, payment, is_inquiry=True, reason="general")
    look(payment)
    assert CardDispute.objects.get().is_inquiry
    assert "VNPOST:card-disputed" not in legs()
    with service.service.store.lock:
        bank.withdraw(service.service, told)
    look(payment)
    assert not CardDispute.objects.get().is_inquiry
    assert legs()["VNPOST:card-disputed"] == 38_000


def test_an_answer_whose_outcome_is_not_known_is_looked_up_before_it_is_told_again(service):
    payment = paid(service)
    told = disputed(service, payment)
    look(payment)
    dispute = CardDispute.objects.get()
    disputes.answer_dispute(dispute_id=dispute.id, is_contested=True, words=WORDS, by=FIRST, at=now())
    service.switch(lost_answers=1)
    with pytest.raises(CardOutcomeUnknown):
        disputes.send_answer(dispute_id=dispute.id, at=now())
    before = len(service.said())
    assert sweeps.watch(at=now() + timedelta(minutes=5)) >= 1
    dispute.refresh_from_db()
    assert (dispute.state, told["evidence_details"]["submission_count"], len(service.said())) == ("review", 1, before)


def test_an_answer_needs_a_person_of_the_operator_words_and_to_be_in_time(service):
    payment = paid(service)
    disputed(service, payment)
    look(payment)
    own = CardDispute.objects.get().id
    for by, words, late in ((FIRST, "ngắn", 0), (FIRST, WORDS, 10),
                            (Actor(ActorKind.JOB, "x", "x"), WORDS, 0)):
        with pytest.raises(DisputeAnswerRefused):
            disputes.answer_dispute(dispute_id=own, is_contested=True, words=words, by=by,
                                    at=now() + timedelta(days=late))
    disputes.answer_dispute(dispute_id=own, is_contested=True, words=WORDS, by=SECOND, at=now())
    with pytest.raises(DisputeAnswered):
        disputes.answer_dispute(dispute_id=own, is_contested=False, words=WORDS, by=FIRST, at=now())


def test_what_was_never_told_is_found_by_the_nightly_comparison(service):
    payment = paid(service)
    look(payment)
    told = disputed(service, payment)
    sweeps.compare(at=now())
    assert legs()["VNPOST:card-disputed"] == 38_000
    decided(service, told, is_won=True)
    sweeps.watch(at=now() + timedelta(hours=2))
    assert "VNPOST:card-disputed" not in legs()


# --- any order ------------------------------------------------------------------------------------------------------


def hear(event, *, at):
    """A message that arrived, looked into."""
    told = event_of(stripe.Event.construct_from(json.loads(json.dumps(event)), None))
    hearing.look_into(CardServiceTold(0, told.kind, told.object_kind, told.object_id, told.reference, told.payment_id,
                                      told.created_at), at=at)


def life(service, payment, *, ends, gives):
    """What happens to a payment; yields the messages of each step."""
    seen = len(service.said())

    def fresh():
        nonlocal seen
        told = service.said()[seen:]
        seen += len(told)
        return told

    if gives:
        refund = refunds.ask_refund(payment_id=payment.id, why="Thu nhầm một phần", by=FIRST, at=now(),
                                    parts=parts(*gives))
        refunds.send_refund(refund_id=refund.id, at=now())
        yield fresh()
    if ends:
        told = disputed(service, payment)
        yield fresh()
        decided(service, told, is_won=ends == "won")
        yield fresh()


@given(data=st.data())
@BOUNDED
def test_messages_in_any_order_repeated_or_dropped_leave_the_same_books(service, data):
    before = transaction.savepoint_create()
    ends = data.draw(st.sampled_from(["", "won", "lost"]))
    gives = data.draw(st.sampled_from([(), (0, 9_000), (8_000, 0)]))
    began = gone(service)
    payment = paid(service)
    waiting = []
    for told in life(service, payment, ends=ends, gives=gives):
        waiting += told
        for place in data.draw(st.permutations(range(len(waiting))))[:data.draw(st.integers(0, len(waiting)))]:
            hear(waiting[place], at=now())
    for event in data.draw(st.permutations(waiting)) + waiting[:2]:
        hear(event, at=now())
    if data.draw(st.booleans()):
        look(payment)
    sweeps.watch(at=now() + timedelta(hours=2))
    books = legs()
    taken = sum(gives)
    assert sum(books.values()) == 0
    assert books["VNPOST:card-service"] == gone(service) - began
    assert books.get("VNPOST:card-losses", 0) == (38_000 - taken if ends == "lost" else 0)
    assert books.get("VNPOST:card-disputed", 0) == 0
    assert books["VNPOST:card-fees"] == FEE + (90_000 if ends else 0)
    assert list(check_cards()) == []
    lines = Charge.objects.count()
    for event in waiting:
        hear(event, at=now())
    sweeps.compare(at=now())
    assert (Charge.objects.count(), legs()) == (lines, books)
    transaction.savepoint_rollback(before)


def test_disputes_and_balance_lines_are_what_the_sdk_has_types_for(service):
    payment = paid(service)
    told = disputed(service, payment)
    decided(service, told, is_won=True)
    disputed(service, paid(service), is_inquiry=True)
    store = service.service.store
    assert [fault for kind in ("dispute", "balance_transaction", "charge", "refund", "event")
            for each in store.all(kind)[:6] for fault in faults_of(kind, each)] == []
