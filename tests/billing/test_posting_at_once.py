"""Several tellers of one event at the same moment: the database keeps one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from billing import public
from billing.models.ledger import Account, Charge, Posting, PostingGroup
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.queries import rates
from shared.actors import Actor, ActorKind
from shared.errors import DomainError
from tests.billing.events import NOW, act, delivered
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db(transaction=True)
TELLERS = 6


@pytest.fixture(autouse=True)
def committed_rates(transactional_db):
    load_rates()
    yield
    rates.forget()


def at_once(tell):
    """Call `tell` from several connections as nearly together as threads can."""
    start = Barrier(TELLERS)

    def one(_):
        try:
            start.wait(timeout=20)
            return tell()
        except DomainError as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(TELLERS) as pool:
        return list(pool.map(one, range(TELLERS)))


def test_a_parcel_told_by_six_at_once_is_posted_once():
    for _ in range(8):
        parcel = delivered()
        at_once(lambda parcel=parcel: public.post_postage(parcel, at=NOW))

    assert (Charge.objects.count(), PostingGroup.objects.count(), Posting.objects.count()) == (8, 8, 16)
    assert Account.objects.count() == 2
    assert Statement.objects.count() == 1


def test_an_act_told_by_six_at_once_is_counted_once():
    done = act()
    at_once(lambda: public.record_act(done, at=NOW))

    assert Charge.objects.count() == 1


def test_six_different_parcels_at_once_open_accounts_and_the_month_once():
    parcels = iter([delivered(delivered_at=datetime(2026, 5, 4, tzinfo=UTC)) for _ in range(TELLERS)])
    at_once(lambda: public.post_postage(next(parcels), at=NOW))

    assert Charge.objects.filter(period=date(2026, 5, 1)).count() == TELLERS
    assert Account.objects.count() == 2
    assert Statement.objects.count() == 1


def test_a_line_taken_back_by_six_at_once_is_taken_back_once():
    public.post_postage(delivered(), at=NOW)
    wrong = Charge.objects.get()
    by = Actor(ActorKind.PERSON, "yen", province_code="01")
    at_once(lambda: reverse_charge(charge_id=wrong.id, reason="Sai", by=by, at=NOW) and None)

    assert Charge.objects.filter(reverses=wrong).count() == 1
