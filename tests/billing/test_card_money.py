"""Fees, partial refunds and chargebacks are the same entries whatever is told twice, late or never."""

import json
from datetime import timedelta

import pytest
import stripe
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from billing.cards import hearing, refunds, sweeps
from billing.cards.events import CardServiceTold
from billing.cards.readings import event_of
from billing.models.ledger import Charge
from billing.verification.cards import check_cards
from tests.billing.card_money import FEE, FIRST, decided, disputed, gone, legs, look, now, paid, parts
from tests.billing.stripe_types import faults_of

pytestmark = pytest.mark.django_db
BOUNDED = bounds(max_examples=6, deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])

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
