"""The real SDK talks to our stand-in: the same answers, the same rules, and what is not known is looked up."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from billing.cards import gateway
from billing.cards.errors import CardOutcomeUnknown, CardServiceRefused, CardsNotOffered
from billing.cards.records import CheckoutAsked
from shared.money import Money
from tests.billing.stripe_types import faults_of
from tests.factories.card_service import ASKS, DECLINED, KEY, stand_in


@pytest.fixture(scope="module")
def service():
    with stand_in() as running:
        yield running


@pytest.fixture(autouse=True)
def _connected(service, settings):
    settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, service.address
    yield
    service.switch(down=False, slow_seconds=0, lost_answers=0, errors_after=0, errors_before=0, refunds_pend=False,
                   refunds_fail=False, empty_balance=False)


def wanted(amount=38_000, **changes):
    now = datetime.now(UTC)
    facts: dict[str, Any] = {
        "collection_id": uuid4(), "reference": f"WP{uuid4().hex[:10].upper()}", "amount": Money(amount),
        "words": "Lệ phí và cước", "asked_at": now, "expires_at": now + timedelta(hours=23),
        "back_url": "http://localhost/nop/"}
    return CheckoutAsked(**(facts | changes))


def paid(service, amount=38_000):
    page = gateway.create_checkout(wanted(amount))
    service.pay(page.url)
    return gateway.get_payment(gateway.get_checkout(page.id).payment_id)


def test_a_page_is_opened_paid_and_read_in_whole_dong(service):
    asked = wanted()
    page = gateway.create_checkout(asked)
    assert (page.status, page.amount, page.currency, page.reference) == (
        "open", Money(38_000), "vnd", asked.reference)

    assert service.pay(page.url) == 303

    done = gateway.get_checkout(page.id)
    payment = gateway.get_payment(done.payment_id)
    assert done.is_paid
    assert (payment.status, payment.received, payment.last_four, payment.reference) == (
        "succeeded", Money(38_000), "4242", asked.reference)


@pytest.mark.parametrize(("number", "step", "status"), [
    (DECLINED, "", "requires_payment_method"), (ASKS, "no", "requires_payment_method"), (ASKS, "yes", "succeeded")])
def test_the_number_of_a_test_card_says_what_becomes_of_it(service, number, step, status):
    page = gateway.create_checkout(wanted())
    service.pay(page.url, number, step)
    now = gateway.get_checkout(page.id)
    assert gateway.get_payment(now.payment_id).status == status
    assert now.is_paid is (status == "succeeded")


def test_a_real_number_is_not_taken_by_the_stand_in(service):
    page = gateway.create_checkout(wanted())
    service.pay(page.url, "4111111111111111")
    assert gateway.get_checkout(page.id).payment_id == ""


def test_the_same_key_and_body_are_the_same_page_and_another_body_is_refused():
    asked = wanted()
    first, again = gateway.create_checkout(asked), gateway.create_checkout(asked)
    assert first.id == again.id
    with pytest.raises(CardServiceRefused):
        gateway.create_checkout(wanted(reference=asked.reference, amount=39_000))


def test_an_answer_that_was_lost_is_found_and_nothing_is_made_twice(service):
    asked = wanted()
    service.switch(lost_answers=1)
    with pytest.raises(CardOutcomeUnknown):
        gateway.create_checkout(asked)
    found = gateway.find_checkout(asked.reference, asked_at=asked.asked_at)
    assert found is not None
    assert gateway.create_checkout(asked).id == found.id


def test_a_kept_fault_is_known_as_one_that_no_repeat_will_change(service):
    asked = wanted()
    service.switch(errors_before=1)
    for is_repeated in (False, True):
        with pytest.raises(CardOutcomeUnknown) as unknown:
            gateway.create_checkout(asked)
        assert unknown.value.is_repeated is is_repeated
    assert gateway.find_checkout(asked.reference, asked_at=asked.asked_at) is None
    assert gateway.create_checkout(asked, attempt=2).status == "open"


def test_a_service_that_is_down_leaves_nothing_behind(service):
    asked = wanted()
    service.switch(down=True)
    with pytest.raises(CardOutcomeUnknown):
        gateway.create_checkout(asked)
    service.switch(down=False)
    assert gateway.find_checkout(asked.reference, asked_at=asked.asked_at) is None


def test_too_small_an_amount_is_refused_with_the_services_own_word():
    with pytest.raises(CardServiceRefused) as refused:
        gateway.create_checkout(wanted(5_000))
    assert refused.value.reason == "amount_too_small"


def test_a_closed_page_takes_no_card_and_a_paid_one_stays_paid(service):
    page = gateway.create_checkout(wanted())
    assert gateway.close_checkout(page.id).status == "expired"
    assert service.pay(page.url) == 410
    other = gateway.create_checkout(wanted())
    service.pay(other.url)
    assert gateway.close_checkout(other.id).is_paid


def test_a_payment_is_refunded_once_whatever_answers_were_lost(service):
    payment, refund = paid(service), str(uuid4())
    service.switch(lost_answers=1)
    with pytest.raises(CardOutcomeUnknown):
        gateway.create_refund(reference=refund, payment_id=payment.id, amount=payment.amount)
    found = gateway.find_refund(refund, payment_id=payment.id)
    assert found is not None
    assert found.status == "succeeded"
    with pytest.raises(CardServiceRefused) as refused:
        gateway.create_refund(reference=str(uuid4()), payment_id=payment.id, amount=payment.amount)
    assert refused.value.reason == "charge_already_refunded"


def test_a_transfer_is_made_once_and_taken_back(service):
    to, reference = service.connected(), f"payout-{uuid4()}"
    service.switch(lost_answers=1)
    with pytest.raises(CardOutcomeUnknown):
        gateway.transfer_once(reference=reference, destination=to, amount=Money(1_250_000))
    made = gateway.transfer_once(reference=reference, destination=to, amount=Money(1_250_000), was_asked=True)
    assert (made.amount, made.destination, made.reference) == (Money(1_250_000), to, reference)
    assert len([each for each in gateway.transfers_since(made.created_at) if each.reference == reference]) == 1

    back = gateway.reverse_transfer(transfer_id=made.id, reference=reference, amount=Money(250_000))
    again = gateway.find_transfer(reference)
    assert (back.amount, again.reversed, again.is_reversed) == (Money(250_000), Money(250_000), False)


def test_nothing_is_moved_to_an_account_that_is_not_complete_or_without_money(service):
    account = gateway.create_account(reference=f"outlet-{uuid4()}")
    assert not account.may_receive
    assert account.wanted
    with pytest.raises(CardServiceRefused):
        gateway.create_transfer(reference="x", destination=account.id, amount=Money(10_000))
    assert gateway.account_link(account.id, back_url="http://localhost/").endswith(account.id)
    service.switch(empty_balance=True)
    with pytest.raises(CardServiceRefused) as refused:
        gateway.create_transfer(reference="y", destination=service.connected(), amount=Money(10_000))
    assert refused.value.reason == "balance_insufficient"


def test_a_wrong_key_is_never_an_outcome(settings):
    settings.WARDPOST_STRIPE_KEY = "sk_test_another"
    with pytest.raises(CardOutcomeUnknown):
        gateway.get_account("acct_1")
    settings.WARDPOST_STRIPE_KEY = ""
    with pytest.raises(CardsNotOffered):
        gateway.get_account("acct_1")


def test_everything_the_stand_in_says_is_what_the_sdk_has_types_for(service):
    payment = paid(service)
    gateway.create_refund(reference=str(uuid4()), payment_id=payment.id, amount=payment.amount)
    made = gateway.create_transfer(reference=f"t-{uuid4()}", destination=service.connected(), amount=Money(20_000))
    gateway.reverse_transfer(transfer_id=made.id, reference=made.reference)
    kinds = dict(service.service.store.objects)
    assert set(kinds) >= {"checkout.session", "payment_intent", "charge", "refund", "transfer", "transfer_reversal",
                          "account", "event"}
    assert [fault for kind, found in kinds.items() for each in list(found.values())[-12:]
            for fault in faults_of(kind, each)] == []


def test_what_the_sdk_does_not_know_or_misses_is_found(service):
    page = dict(service.service.open_page({
        "mode": "payment", "success_url": "http://localhost/",
        "line_items": {"0": {"price_data": {"currency": "vnd", "unit_amount": "20000"}}}}))
    assert faults_of("checkout.session", page) == []
    wrong = page | {"amount_total": "20000", "colour": "red", "automatic_tax": {"enabled": "no"}}
    del wrong["payment_status"]
    assert len(faults_of("checkout.session", wrong)) == 4
