"""The demo's working money: a claim that differs in places, disputes that wait, a drawer that lacks a little."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from billing.claims.matching import match_claim
from billing.disputes.models import Dispute
from billing.models.claims import Claim, ClaimLine
from billing.payments import cash
from billing.payments.models import CashShift
from billing.payments.records import CashTaken, Due, Till
from billing.take_backs.models import TakeBack
from config import claim_evidence
from config.demo import money_day
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.claim_cases import sent
from tests.billing.people import operator, person
from tests.billing.rates import load_rates
from tests.factories import network

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
DECEMBER, JANUARY = date(2025, 12, 16), date(2026, 1, 15)


def _in(month: date, *, day: int):
    return sent(on=month, dossier=f"H26.15.08-{month:%y%m}{day}-0412",
                delivered_at=datetime(month.year, month.month, day, 3, tzinfo=UTC))


@pytest.fixture
def clerk():
    load_rates()
    place = network.outlet()
    named = {"dieuhanh.vnpost": person(Role.OPERATOR_HQ, operator=operator()),
             "xemxet.hanoi": person(Role.FINANCE_REVIEWER), "quay.hue": network.clerk(place)}
    for username, account in named.items():
        account.username = username
        account.save(update_fields=["username"])
    return named["quay.hue"].actor


def test_a_claim_differs_two_lines_are_disputed_and_a_drawer_lacks_a_little(clerk):
    for day in range(17, 22):
        _in(DECEMBER, day=day)
        _in(JANUARY, day=day)
    till = Till(clerk.outlet_id, uuid4(), "VNPOST", "46")
    cash.note_cash(CashTaken("dossier:1:1", till, Due("dossier", uuid4(), Money(8_000), Money(30_000)), clerk.id,
                             clerk.name, datetime(2026, 3, 2, 3, tzinfo=UTC)), at=NOW)

    for _ in range(2):
        money_day.tell(NOW)
    claim = Claim.objects.get()
    match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=NOW)

    assert TakeBack.objects.get().state == "asked"
    reasons = set(ClaimLine.objects.filter(claim=claim).values_list("reason_code", flat=True))
    assert reasons - {""} == {"over-amount", "duplicate", "unknown"}
    assert Claim.objects.get().unclaimed_lines == 1
    assert sorted(Dispute.objects.values_list("reason", "state")) == [("too_little", "raised"), ("unclear", "raised")]
    assert dict(CashShift.objects.values_list("state", "is_opened_by_money")) == {"questioned": True, "open": False}
    owners = set(WorkItem.objects.filter(closed_at=None).values_list("kind", "owner_role"))
    assert ("cash-difference", Role.OUTLET_MANAGER) in owners
    assert all(owner for _kind, owner in owners)
