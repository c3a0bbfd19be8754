"""A cardholder's bank asks for money: answered by a person in time, won or lost, in the books once."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.cards import disputes, sweeps
from billing.cards.errors import (
    CardOutcomeUnknown,
    DisputeAnswered,
    DisputeAnswerRefused,
    PaymentDisputed,
)
from billing.cards.models import CardDispute
from billing.payments.models import Collection
from billing.simulator import disputes as bank
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.billing.card_money import FEE, FIRST, SECOND, WORDS, decided, disputed, given_back, legs, look, now, paid

pytestmark = pytest.mark.django_db


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
