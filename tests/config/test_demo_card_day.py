"""The demo's card payments: paid on the card page as a browser does, and one of them given back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from billing.cards.models import CardPayment, CardRefund
from config.demo import card_day
from intake.models.dossiers import Dossier
from intake.records import DocumentRef, PlaceChoice
from shared.outbox import relay
from tests.billing.rates import load_rates
from tests.factories import catalogue, dossiers, network, receipts
from tests.factories.card_service import KEY, stand_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def counter(monkeypatch):
    load_rates()
    place, now = dossiers.counter(), timezone.now()
    catalogue.procedure(catalogue.EXTRACT)
    headquarters = network.operator_hq(place.outlet.operator)
    monkeypatch.setattr(card_day, "CLERKS", ("quay.hue",))
    monkeypatch.setattr(card_day, "_actor", lambda name: network.acting(
        place.clerk if name == "quay.hue" else headquarters))
    last_month = now - timedelta(days=30)
    mandate = receipts.delegation(place.outlet, place.centre, at=last_month, signed_on=date(now.year - 2, 12, 20),
                                  tax_told_on=date(now.year - 2, 12, 22), valid_from=date(now.year - 1, 1, 1))
    receipts.numbers(place.outlet, place.centre, at=last_month, of=mandate, year=now.year)
    return place


def test_one_dossier_is_paid_and_given_back_once(counter, settings):
    counter.submit(procedure_code=catalogue.EXTRACT, documents=(DocumentRef("to_khai"),), copies=3,
                   place=PlaceChoice(counter.outlet.commune_id))
    card_day.tell(timezone.now())
    assert not CardPayment.objects.exists()

    with stand_in() as service:
        settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, service.address
        for _ in range(2):
            card_day.tell(timezone.now())
        while relay.drain():
            pass

    assert CardPayment.objects.get().verdict == "pays"
    assert CardRefund.objects.get().state == "done"
    assert Dossier.objects.get().money == "paid"
