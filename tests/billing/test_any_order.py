"""Events come in any order, twice and side by side: the books are the same, to the đồng."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import public
from billing.models.ledger import Charge, Posting, PostingGroup
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.operations.statements import prepare_statement
from billing.queries import rates
from billing.queries.checks import check_ledger, ledger_sum
from billing.queries.months import computed
from billing.settlement.bulk import post_many
from shared.actors import Actor, ActorKind, job
from shared.money import Money
from tests.billing.entries import entry
from tests.billing.events import NOW, act, delivered

pytestmark = pytest.mark.django_db
REVIEWER = Actor(ActorKind.PERSON, "7", "Vũ Hoàng Yến", province_code="01")
BOUNDED = settings(max_examples=6, deadline=None, derandomize=True,
                   suppress_health_check=[HealthCheck.function_scoped_fixture])
JANUARY = date(2026, 1, 1)
CLOSED = datetime(2026, 2, 2, tzinfo=UTC)


def parcel(n):
    return delivered(parcel_id=UUID(int=n), number=f"EH{n:09d}VN", weight_grams=40 + n * 811 % 3000,
                     channel="post" if n % 3 == 0 else "online", beneficiary_class="war_invalid" if n % 4 == 0 else "",
                     operator_code="VTPOST" if n % 5 == 0 else "VNPOST",
                     delivered_at=datetime(2026, 1, 1 + n % 28, 5, tzinfo=UTC))


def work(n):
    return act(source_id=UUID(int=1000 + n), task="accepted_paper" if n % 2 else "accepted_online",
               happened_at=datetime(2026, 1, 1 + n % 28, 5, tzinfo=UTC))


def tell(event, many):
    kind, n = event
    for _ in range(many):
        if kind == "parcel":
            public.post_postage(parcel(n), at=NOW)
        elif kind == "bulk":
            post_many([parcel(n), parcel(n + 1)], at=NOW)
        elif kind == "work":
            public.record_act(work(n), at=NOW)
        else:
            public.post_entry(entry(source_id=UUID(int=2000 + n)), by=job("test"), at=NOW)


def books():
    """Lines, legs and sums, without what is made anew: ids, and who came first."""
    lines = sorted(Charge.objects.values_list(
        "source_id", "kind", "period", "operator_code", "rule", "gross", "national_reduction", "city_subsidy",
        "citizen_share", "compensation", "other", "reason_code", "explanation__digest"))
    legs = Counter(Posting.objects.values_list("group__source_id", "group__kind", "account__code", "amount"))
    return lines, legs


def unwound(do):
    """What `do` answers; what it wrote is taken back."""
    before = transaction.savepoint_create()
    answer = do()
    transaction.savepoint_rollback(before)
    rates.forget()
    return answer


EVENTS = [*(("parcel", n) for n in range(1, 6)), ("bulk", 3), ("bulk", 6), ("work", 1), ("work", 2), ("entry", 1)]


def told(order):
    for event, many in order:
        tell(event, many)
    assert ledger_sum() == 0
    return books()


@BOUNDED
@given(order=st.permutations(EVENTS), repeated=st.lists(st.integers(1, 3), min_size=len(EVENTS),
                                                        max_size=len(EVENTS)))
def test_any_order_and_any_repetition_of_events_give_the_same_books(rate_tables, order, repeated):
    once = unwound(lambda: told([(event, 1) for event in EVENTS]))
    again = unwound(lambda: told(list(zip(order, repeated, strict=True))))

    assert again == once
    assert len(once[0]) == 10


@BOUNDED
@given(order=st.permutations([("parcel", n) for n in range(1, 7)]), taken_back=st.sets(st.integers(1, 6), max_size=3))
def test_every_group_sums_to_nought_and_no_source_stands_twice_whatever_is_taken_back(rate_tables, order, taken_back):
    def run():
        for event in order:
            tell(event, 1)
        for n in taken_back:
            reverse_charge(charge_id=Charge.objects.get(source_id=UUID(int=n), reverses=None).id, reason="Sai",
                           by=REVIEWER, at=NOW)
        sums: Counter[UUID] = Counter()
        for group, amount in Posting.objects.values_list("group_id", "amount"):
            sums[group] += amount.amount
        standing = Charge.objects.filter(reverses=None).values_list("source_id", "kind")
        net = sum((line.gross.amount for line in Charge.objects.all()), 0)
        return (set(sums.values()), len(standing), len(set(standing)), net,
                PostingGroup.objects.filter(source_id=F("charge__source_id")).count() == PostingGroup.objects.count(),
                check_ledger().in_order())

    zero, standing, different, net, is_of_its_line, findings = unwound(run)
    left = [n for n in range(1, 7) if n not in taken_back]
    priced = unwound(lambda: _gross(left))
    assert zero <= {0}
    assert standing == different == 6
    assert (net, is_of_its_line, findings) == (priced, True, [])


def _gross(numbers):
    for n in numbers:
        tell(("parcel", n), 1)
    return sum((line.gross.amount for line in Charge.objects.all()), 0)


@BOUNDED
@given(order=st.permutations([("parcel", n) for n in range(1, 7)]), closed_after=st.integers(0, 6))
def test_a_closed_month_stays_as_it_was_whatever_comes_in_whatever_order(rate_tables, order, closed_after):
    where: dict[str, Any] = {"province_code": "01", "operator_code": "VNPOST", "period": JANUARY}

    def run():
        for event in order[:closed_after]:
            tell(event, 1)
        fixed = prepare_statement(**where, by=REVIEWER, at=CLOSED)
        before = computed(**where)
        for event in order[closed_after:]:
            tell(event, 2)
        for wrong in list(Charge.objects.filter(reverses=None)[:2]):
            reverse_charge(charge_id=wrong.id, reason="Sai", by=REVIEWER, at=CLOSED + timedelta(days=1))
        late = Charge.objects.filter(operator_code="VNPOST", period__gt=JANUARY, reverses=None)
        return (before, computed(**where), fixed.digest, Statement.objects.get(id=fixed.id).digest,
                {line.evidence.get("late_for") for line in late}, ledger_sum())

    before, after, fixed, kept, late, total = unwound(run)
    assert after == before
    assert fixed == kept == before[1]
    assert late <= {"2026-01-01"}
    assert total == 0


def test_an_amount_is_whole_dong_and_nothing_is_lost_between_who_pays(rate_tables):
    for n in range(1, 30):
        tell(("parcel", n), 1)
    for line in Charge.objects.all():
        assert line.gross == line.national_reduction + line.city_subsidy + line.citizen_share
        assert isinstance(line.gross, Money)
