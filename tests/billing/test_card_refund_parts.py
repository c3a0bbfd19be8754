"""A card refund names its parts; what comes back is owed and given again once."""


import pytest

from billing.cards import refunds
from billing.cards.errors import (
    PaymentDisputed,
    RefundedBefore,
    RefundPartsRefused,
)
from billing.cards.records import Refund
from billing.payments.models import Collection
from billing.verification.cards import check_cards
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.billing.card_money import FEE, FIRST, SECOND, came_back, disputed, given_back, legs, look, now, paid, parts

pytestmark = pytest.mark.django_db


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
