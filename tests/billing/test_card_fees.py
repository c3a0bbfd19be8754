"""The card service's fee is a posting of its own; what was not told is asked for and found."""

from datetime import timedelta
from uuid import uuid4

import pytest

from billing.cards import sweeps
from billing.cards.models import CardMovement
from billing.models.ledger import Charge
from billing.verification.cards import check_cards
from shared.money import Money
from tests.billing.card_money import FEE, charge_of, legs, look, now, paid

pytestmark = pytest.mark.django_db


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
