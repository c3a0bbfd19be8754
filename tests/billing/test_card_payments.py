"""A card payment asked for at the counter is settled once, whatever the card service says, says twice or never says."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from billing.cards import asking, hearing, refunds, settling, sweeps
from billing.cards.errors import (
    CardAmountTooSmall,
    CardOutcomeUnknown,
    CardsNotOffered,
    RefundedBefore,
    RefundRefused,
    SecondPersonNeeded,
)
from billing.cards.events import CardServiceTold
from billing.cards.models import CardPayment, CardRefund
from billing.models.ledger import Posting
from billing.payments import collecting
from billing.payments.errors import SettlementRefused
from billing.payments.models import Collection
from billing.payments.records import Due, Till
from billing.simulator.courier import signed
from shared.actors import Actor, ActorKind
from shared.models.messages import InboxMessage, OutboxMessage
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.rates import load_rates
from tests.factories.card_service import ASKS, DECLINED, KEY, SECRET, stand_in

pytestmark = pytest.mark.django_db
TILL = Till(uuid4(), uuid4(), "VNPOST", "01")
CLERK = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa", Role.OUTLET_CLERK, outlet_id=TILL.outlet_id)
FIRST = Actor(ActorKind.PERSON, str(uuid4()), "Phạm Thu", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
SECOND = Actor(ActorKind.PERSON, str(uuid4()), "Ngô Minh", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
OTHER = Actor(ActorKind.PERSON, str(uuid4()), "Trần An", Role.OPERATOR_HQ, operator_id=uuid4())


@pytest.fixture(scope="module")
def running():
    with stand_in() as service:
        yield service


@pytest.fixture
def service(running, settings):
    load_rates()
    settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, running.address
    settings.WARDPOST_STRIPE_WEBHOOK_SECRETS = ["whsec_older", SECRET]
    yield running
    running.service.faults = type(running.service.faults)()


def now():
    return datetime.now(UTC)


def asked(*, source=None, fee=8_000, postage=30_000):
    due = Due("dossier", source or uuid4(), Money(fee), Money(postage))
    info = asking.ask_card(due=due, till=TILL, by=CLERK, at=now())
    return CardPayment.objects.select_related("collection").get(collection_id=info.id)


def opened(**due):
    payment = asked(**due)
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    return payment


def paid(service, **due):
    payment = opened(**due)
    service.pay(payment.page_url)
    settling.look(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    return payment


def legs():
    told: dict[str, int] = {}
    for posting in Posting.objects.select_related("account"):
        told[posting.account.code] = told.get(posting.account.code, 0) + posting.amount.amount
    return told


def messages(service, since):
    """The events since `since` as they would be sent."""
    return [json.dumps(each).encode() for each in service.said()[since:]]


def tell(body, *, secret=SECRET, at=None):
    header = signed(body, secret=secret, at=int((at or now()).timestamp()))
    return Client().post("/api/v1/cards/events", body, content_type="application/json",
                         headers={"Stripe-Signature": header})


def look_into_what_was_told():
    for message in OutboxMessage.objects.filter(event="CardServiceTold").order_by("id"):
        told = CardServiceTold(**{**message.payload, "told_at": datetime.fromisoformat(message.payload["told_at"])})
        hearing.look_into(told, at=now())


def test_a_payment_on_the_page_pays_what_was_asked_and_the_books_balance(service):
    payment = paid(service)
    assert (payment.state, payment.verdict, payment.last_four) == ("paid", "pays", "4242")
    assert Collection.objects.get().state == "paid"
    assert legs() == {"VNPOST:card-service": 38_000, "01:fees-collected": -8_000, "01:citizen-share": -30_000}
    assert OutboxMessage.objects.filter(event="CollectionPaid").exists()


def test_looked_at_again_it_is_settled_once(service):
    payment = paid(service)
    for _ in range(2):
        assert settling.look(payment_id=payment.id, at=now()) == "paid"
    assert Posting.objects.count() == 3


@pytest.mark.parametrize(("number", "step"), [(DECLINED, ""), (ASKS, "no")])
def test_a_declined_card_leaves_the_page_open_for_another(service, number, step):
    payment = opened()
    service.pay(payment.page_url, number, step)
    assert settling.look(payment_id=payment.id, at=now()) == "open"
    service.pay(payment.page_url, ASKS, "yes")
    assert settling.look(payment_id=payment.id, at=now()) == "paid"


def test_a_transfer_asked_for_instead_closes_the_page(service):
    payment = opened()
    collecting.cancel_collection(collection_id=payment.collection_id, by=CLERK, at=now())
    assert OutboxMessage.objects.filter(event="CardWithdrawn").exists()
    asking.close_page(payment_id=payment.id, at=now())
    assert service.pay(payment.page_url) == 410
    payment.refresh_from_db()
    assert payment.state == "ended"


def test_asked_twice_it_is_the_same_request_and_another_amount_is_another(service):
    source = uuid4()
    first, again, dearer = asked(source=source), asked(source=source), asked(source=source, fee=9_000)
    assert first.id == again.id != dearer.id
    assert [each.state for each in Collection.objects.order_by("asked_at", "id")] == ["cancelled", "asked"]


def test_no_card_is_offered_without_a_service_or_for_too_little(service, settings):
    with pytest.raises(CardAmountTooSmall):
        asked(fee=0, postage=9_000)
    settings.WARDPOST_STRIPE_KEY = ""
    with pytest.raises(CardsNotOffered):
        asked()


def test_an_answer_that_was_lost_is_looked_up_before_anything_is_asked_again(service):
    payment = asked()
    service.switch(lost_answers=1)
    with pytest.raises(CardOutcomeUnknown):
        asking.open_page(payment_id=payment.id, at=now())
    before = len(service.service.store.all("checkout.session"))
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    assert payment.state == "open"
    assert len(service.service.store.all("checkout.session")) == before


def test_a_fault_that_the_service_keeps_is_left_behind_with_a_new_key(service):
    payment = asked()
    service.switch(errors_before=1)
    for _ in range(2):
        with pytest.raises(CardOutcomeUnknown):
            asking.open_page(payment_id=payment.id, at=now())
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    assert (payment.state, payment.attempt) == ("open", 2)


def test_what_the_service_refuses_leaves_the_way_open_for_cash(service, settings):
    settings.WARDPOST_CARD_MINIMUM = 1_000
    payment = asked(fee=0, postage=5_000)
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    assert (payment.state, payment.refusal) == ("refused", "amount_too_small")
    assert Collection.objects.get().state == "cancelled"


def test_a_payment_after_the_request_had_ended_waits_for_a_person(service):
    payment = opened()
    service.pay(payment.page_url)
    collecting.cancel_collection(collection_id=payment.collection_id, by=CLERK, at=now())
    asking.close_page(payment_id=payment.id, at=now())

    payment.refresh_from_db()
    assert payment.verdict == "late"
    assert legs() == {"VNPOST:card-service": 38_000, "VNPOST:refunds-owed": -38_000}
    assert WorkItem.objects.get(kind="card-payment-exception").owner_place == "VNPOST"

    settling.accept_payment(payment_id=payment.id, why="Người dân trả đúng lúc bị hủy", by=FIRST, at=now())
    assert Collection.objects.get().state == "paid"
    assert {code: amount for code, amount in legs().items() if amount} == {
        "VNPOST:card-service": 38_000, "01:fees-collected": -8_000, "01:citizen-share": -30_000}
    assert not WorkItem.objects.filter(kind="card-payment-exception", closed_at=None).exists()
    with pytest.raises(RefundRefused):
        settling.accept_payment(payment_id=payment.id, why="một lần nữa", by=FIRST, at=now())


def test_a_late_payment_on_its_way_back_to_the_card_pays_nothing_after_all(service):
    payment = opened(fee=500_000)
    service.pay(payment.page_url)
    collecting.cancel_collection(collection_id=payment.collection_id, by=CLERK, at=now())
    asking.close_page(payment_id=payment.id, at=now())
    refund = refunded(payment)
    with pytest.raises(RefundRefused):
        settling.accept_payment(payment_id=payment.id, why="Người dân trả đúng lúc bị hủy", by=SECOND, at=now())
    refunds.decide_refund(refund_id=refund.id, is_approved=False, why="Hồ sơ vẫn giải quyết", by=SECOND, at=now())
    settling.accept_payment(payment_id=payment.id, why="Người dân trả đúng lúc bị hủy", by=SECOND, at=now())
    assert Collection.objects.get().state == "paid"


def test_a_page_of_which_nothing_was_heard_before_the_request_ended_is_not_left_over(service):
    payment = asked()
    service.switch(down=True)
    with pytest.raises(CardOutcomeUnknown):
        asking.open_page(payment_id=payment.id, at=now())
    sweeps.watch(at=now() + timedelta(days=2))
    service.switch(down=False)
    sweeps.watch(at=now() + timedelta(days=2))
    payment.refresh_from_db()
    assert (payment.state, payment.collection.state) == ("ended", "expired")


def test_a_payment_in_time_pays_although_our_clock_had_ended_the_request(service):
    payment = opened()
    service.pay(payment.page_url)
    collecting.expire_collections(at=now() + timedelta(days=2))
    settling.look(payment_id=payment.id, at=now() + timedelta(days=2))
    assert Collection.objects.get().state == "paid"


# --- messages -------------------------------------------------------------------------------------------------------


def test_a_message_is_kept_before_it_is_acknowledged_and_once(service):
    payment, before = opened(), len(service.said())
    service.pay(payment.page_url)
    body = messages(service, before)[-1]
    assert [tell(body).json()["is_new"] for _ in range(3)] == [True, False, False]
    assert bytes(InboxMessage.objects.get(source="stripe").raw) == body
    look_into_what_was_told()
    assert Collection.objects.get().state == "paid"
    assert InboxMessage.objects.get().verdict == "paid"


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 2, 0)])
def test_messages_in_any_order_and_repeated_settle_it_once(service, order):
    payment, before = opened(), len(service.said())
    service.pay(payment.page_url)
    told = messages(service, before)
    assert len(told) == 4
    for place in [*order, *order]:
        assert tell(told[place]).status_code == 200
    look_into_what_was_told()
    payment.refresh_from_db()
    assert payment.state == "paid"
    assert legs() == {"VNPOST:card-service": 36_898, "01:fees-collected": -8_000, "01:citizen-share": -30_000,
                      "VNPOST:card-fees": 1_102}


def test_a_message_that_is_not_the_services_own_changes_nothing(service):
    payment, before = opened(), len(service.said())
    service.pay(payment.page_url)
    body = messages(service, before)[0]
    for answer in (tell(body, secret="whsec_somebody_elses"), tell(body, at=now() - timedelta(minutes=6)),
                   Client().post("/api/v1/cards/events", body, content_type="application/json")):
        assert answer.status_code == 401
    header = signed(body, secret=SECRET, at=int(now().timestamp()))
    changed = Client().post("/api/v1/cards/events", body.replace(b"38000", b"1"), content_type="application/json",
                            headers={"Stripe-Signature": header})
    assert changed.status_code == 401
    assert tell(b"[]").status_code == 400
    assert not InboxMessage.objects.exists()


def test_what_is_never_sent_is_asked_for(service):
    payment = opened()
    service.pay(payment.page_url)
    assert sweeps.watch(at=now() + timedelta(minutes=3)) == 1
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_messages_that_never_came_are_fetched_from_the_list(service):
    payment = opened()
    service.pay(payment.page_url)
    assert sweeps.listen_again(at=now()) >= 2
    assert sweeps.listen_again(at=now()) == 0
    look_into_what_was_told()
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_the_nightly_comparison_settles_what_was_missed_and_asks_about_what_nobody_knows(service):
    payment = opened()
    service.pay(payment.page_url)
    CardPayment.objects.filter(id=payment.id).update(state="ended")
    assert sweeps.compare(at=now()) >= 1
    payment.refresh_from_db()
    assert payment.state == "paid"
    # Payments of the tests before are in the service's list and not in this database.
    assert WorkItem.objects.filter(kind="card-payment-unknown").count() == sweeps.compare(at=now())


def test_a_silent_service_is_asked_again_later(service):
    payment = opened()
    service.switch(down=True)
    assert sweeps.watch(at=now() + timedelta(minutes=3)) == 0
    service.switch(down=False)
    service.pay(payment.page_url)
    assert sweeps.watch(at=now() + timedelta(minutes=3)) == 1


# --- giving back ----------------------------------------------------------------------------------------------------


def refunded(payment, by=FIRST, why="Hồ sơ bị từ chối tiếp nhận"):
    return refunds.ask_refund(payment_id=payment.id, why=why, by=by, at=now())


def test_a_small_refund_goes_back_at_once_and_the_books_are_even(service):
    refund = refunded(paid(service))
    assert refund.state == "approved"
    assert refunds.send_refund(refund_id=refund.id, at=now()) == "done"
    assert Collection.objects.get().state == "returned"
    assert set(legs().values()) == {0}
    assert OutboxMessage.objects.filter(event="CollectionReturned").exists()


def test_above_the_limit_another_person_decides(service):
    payment = paid(service, fee=500_000)
    refund = refunded(payment)
    assert refund.state == "asked"
    with pytest.raises(SecondPersonNeeded):
        refunds.decide_refund(refund_id=refund.id, is_approved=True, why="", by=FIRST, at=now())
    assert refunds.send_refund(refund_id=refund.id, at=now()) == "asked"
    refunds.decide_refund(refund_id=refund.id, is_approved=True, why="", by=SECOND, at=now())
    assert refunds.send_refund(refund_id=refund.id, at=now()) == "done"
    assert not WorkItem.objects.filter(kind="card-refund-to-decide", closed_at=None).exists()


def test_a_refused_refund_may_be_asked_for_again(service):
    payment = paid(service, fee=500_000)
    refund = refunded(payment)
    with pytest.raises(RefundRefused):
        refunds.decide_refund(refund_id=refund.id, is_approved=False, why="", by=SECOND, at=now())
    refunds.decide_refund(refund_id=refund.id, is_approved=False, why="Hồ sơ vẫn giải quyết", by=SECOND, at=now())
    assert refunded(payment).state == "asked"


def test_a_payment_is_never_refunded_twice(service):
    payment = paid(service)
    refund = refunded(payment)
    with pytest.raises(RefundedBefore):
        refunded(payment)
    service.switch(lost_answers=1)
    with pytest.raises(CardOutcomeUnknown):
        refunds.send_refund(refund_id=refund.id, at=now())
    for _ in range(2):
        assert refunds.send_refund(refund_id=refund.id, at=now()) == "done"
    made = [each for each in service.service.store.all("refund") if each["payment_intent"] == payment.payment_ref]
    assert len(made) == 1
    assert sum(1 for value in legs().values() if value) == 0


def test_a_refund_that_pends_is_followed_to_its_end(service):
    payment = paid(service)
    refund = refunded(payment)
    service.switch(refunds_pend=True)
    assert refunds.send_refund(refund_id=refund.id, at=now()) == "pending"
    assert Collection.objects.get().state == "paid"
    with service.service.store.lock:
        service.service.settle_refund(service.service.store.all("refund")[0], succeeds=True)
    sweeps.watch(at=now() + timedelta(minutes=20))
    refund.refresh_from_db()
    assert refund.state == "done"


def test_a_refund_that_comes_back_is_owed_to_the_citizen_and_a_persons_work(service):
    payment = paid(service)
    refund = refunded(payment)
    refunds.send_refund(refund_id=refund.id, at=now())
    with service.service.store.lock:
        service.service.settle_refund(service.service.store.all("refund")[0], succeeds=False)
    assert refunds.send_refund(refund_id=refund.id, at=now()) == "failed"
    assert {code: amount for code, amount in legs().items() if amount} == {
        "VNPOST:card-service": 38_000, "VNPOST:refunds-owed": -38_000}
    assert WorkItem.objects.filter(kind="card-refund-failed", closed_at=None).count() == 1


def test_a_payment_that_paid_nothing_is_owed_until_it_has_gone_back(service):
    payment = opened()
    service.pay(payment.page_url)
    collecting.cancel_collection(collection_id=payment.collection_id, by=CLERK, at=now())
    asking.close_page(payment_id=payment.id, at=now())
    refund = refunded(payment, why="Đã thu tiền mặt trước đó")
    assert refunds.send_refund(refund_id=refund.id, at=now()) == "done"
    assert set(legs().values()) == {0}
    assert not WorkItem.objects.filter(kind="card-payment-exception", closed_at=None).exists()


def test_a_card_payment_is_not_put_down_as_returned_by_hand(service):
    payment = paid(service)
    with pytest.raises(SettlementRefused):
        collecting.return_collection(collection_id=payment.collection_id, why="FT12345", by=FIRST, at=now())


def test_another_operator_sees_none_of_it(service):
    paid(service)
    assert not CardPayment.objects.seen_by(OTHER).exists()
    assert not CardRefund.objects.seen_by(OTHER).exists()
    assert CardPayment.objects.seen_by(SECOND).count() == CardPayment.objects.seen_by(CLERK).count() == 1
