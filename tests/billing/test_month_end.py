"""Stand-by and the cap of an outlet's month: lines of their own, written when the month is fixed."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from billing import public
from billing.models.ledger import Charge
from billing.operations.statements import prepare_statement
from billing.queries.checks import check_ledger
from tests.billing.events import act
from tests.billing.rule_drafts import AT, approved, norm, reviewer
from tests.factories import network, places

pytestmark = pytest.mark.django_db
MAY, JULY = date(2026, 5, 1), datetime(2026, 7, 2, 3, tzinfo=UTC)


def prepare(period=date(2026, 6, 1)):
    return prepare_statement(province_code="01", operator_code="VNPOST", period=period, by=reviewer(), at=JULY)


def work(days):
    for day in days:
        public.record_act(act(happened_at=datetime(2026, 6, day, 3, tzinfo=UTC)), at=AT)


@pytest.mark.parametrize("seed", range(3))
def test_a_month_above_the_cap_is_brought_down_to_it_in_any_order(rate_tables, seed):
    approved(norm(valid_from="2026-06-01", items=[{"task": "accepted_online", "amount_vnd": 15000}],
                  modifiers=[{"kind": "period_cap", "amount_vnd": 40000}]))
    days = [1, 2, 3, 4]
    Random(seed).shuffle(days)
    work(days)

    assert prepare().compensation.amount == 40000

    line = Charge.objects.get(kind="compensation:period_cap")
    assert line.compensation.amount == -20000
    assert "định mức trả tối đa 40.000" in line.explanation.steps[0]["reason_vi"]
    assert check_ledger().is_sound


def test_a_month_below_the_cap_has_no_such_line_and_preparing_again_writes_nothing(rate_tables):
    approved(norm(valid_from="2026-06-01", items=[{"task": "accepted_online", "amount_vnd": 15000}],
                  modifiers=[{"kind": "period_cap", "amount_vnd": 40000}]))
    work([1])
    prepare()
    prepare()

    assert Charge.objects.count() == 1


def test_an_outlet_stands_by_for_the_days_of_its_agreement(rate_tables):
    outlet = network.outlet(places.PHU_XUAN)
    outlet.agreement_from = date(2026, 6, 16)
    outlet.save()
    province, operator = outlet.commune.province_id, outlet.operator.code
    approved(norm(valid_from="2026-06-01", items=[{"task": "stand_by", "amount_vnd": 3_000_000, "unit": "month"}]),
             province=province)

    statement = prepare_statement(province_code=province, operator_code=operator, period=date(2026, 6, 1),
                                  by=reviewer(province), at=JULY)

    assert statement.compensation.amount == 1_500_000
    line = Charge.objects.get()
    assert (line.outlet_id, line.source_type) == (outlet.id, "outlet-month")
    assert "15 trên 30 ngày" in line.explanation.steps[0]["reason_vi"]
    assert check_ledger().is_sound
