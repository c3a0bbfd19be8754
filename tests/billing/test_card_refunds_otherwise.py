"""A refund that its card did not take is given in another way: by whom, how, with what proof."""


import pytest

from billing.cards import refunds
from billing.cards.errors import (
    RefundDecided,
    RefundedBefore,
    RefundRefused,
    SecondPersonNeeded,
)
from billing.cards.records import Refund
from billing.payments.models import Collection
from billing.verification.cards import check_cards
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.card_money import (
    FIRST,
    SECOND,
    TILL,
    came_back,
    failed,
    given_back,
    legs,
    now,
    otherwise,
    paid,
    parts,
)

pytestmark = pytest.mark.django_db


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
