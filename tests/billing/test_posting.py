"""A delivered parcel and an outlet's work enter the books, once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import public
from billing.models.ledger import Account, Charge, Posting, PostingGroup
from billing.models.rates import Tariff
from billing.models.statements import Statement
from shared.models.oversight import WorkItem
from shared.money import ZERO, Money, total
from tests.billing.events import NOW, act, delivered
from tests.billing.test_pricing import amounts, cases

pytestmark = pytest.mark.django_db


def legs(group):
    return {leg.account.code: leg.amount.amount
            for leg in Posting.objects.filter(group=group).select_related("account")}


def test_a_delivered_parcel_is_one_line_and_one_balanced_group(rate_tables):
    parcel = delivered(beneficiary_class="war_invalid")
    public.post_postage(parcel, at=NOW)

    charge = Charge.objects.select_related("group").get()
    assert (charge.source_type, charge.source_id, charge.kind) == ("parcel", parcel.parcel_id, "postage")
    assert amounts(charge) == (30000, 15000, 15000, 0)
    assert charge.reason_code == "reduced"
    assert charge.rule == "VNPOST-2021-APPLIED + TT22-2017 + NQ77-2025"
    assert legs(charge.group) == {"01:subsidy:NQ77-2025": 15000, "national-reduction": 15000, "VNPOST:carriage": -30000}
    assert [step["kind"] for step in charge.steps] == ["tariff", "national_reduction", "city_subsidy", "citizen_share"]
    assert charge.evidence["case"]["zone"] == "intra_province"
    assert charge.evidence["relation"] == "self"
    assert charge.posted_by == "job:post_postage"
    assert PostingGroup.objects.filter(actor_kind="job", actor_id="post_postage").exists()


def test_the_same_parcel_told_again_changes_nothing(rate_tables, django_assert_num_queries):
    parcel = delivered()
    public.post_postage(parcel, at=NOW)
    with django_assert_num_queries(3):  # savepoint, look, release
        public.post_postage(parcel, at=NOW)

    assert (Charge.objects.count(), PostingGroup.objects.count(), Posting.objects.count()) == (1, 1, 2)


def test_posting_costs_the_same_few_queries_for_every_parcel(rate_tables, django_assert_max_num_queries):
    public.post_postage(delivered(), at=NOW)
    with django_assert_max_num_queries(10):
        public.post_postage(delivered(), at=NOW)


def test_the_month_is_the_local_month_of_delivery(rate_tables):
    public.post_postage(delivered(delivered_at=datetime(2026, 1, 31, 17, 30, tzinfo=UTC)), at=NOW)

    assert Charge.objects.get().period == date(2026, 2, 1)
    assert PostingGroup.objects.get().period == date(2026, 2, 1)
    assert Statement.objects.get().period == date(2026, 2, 1)


def test_a_month_that_was_prepared_takes_no_more_and_the_next_open_one_says_so(rate_tables):
    for month in (1, 2):
        Statement.objects.create(
            province_id="01", operator_code="VNPOST", period=date(2026, month, 1), state="prepared")
    public.post_postage(delivered(), at=NOW)

    charge = Charge.objects.get()
    assert charge.period == date(2026, 3, 1)
    assert charge.evidence["late_for"] == "2026-01-01"


def test_a_parcel_without_a_tariff_is_a_line_of_nothing_with_its_reason_and_somebody_s_work(rate_tables):
    Tariff.objects.filter(operator_code="VNPOST").delete()
    public.post_postage(delivered(), at=NOW)

    charge = Charge.objects.get()
    assert (charge.group, charge.reason_code, charge.gross) == (None, "no-tariff", ZERO)
    item = WorkItem.objects.get()
    assert (item.kind, item.reference) == ("parcel-without-tariff", "EH602511079VN")
    assert item.owner_role == "finance_reviewer"


@pytest.mark.parametrize(("task", "amount"), [
    ("accepted_online", 12000), ("accepted_paper", 9000), ("delivered_result", 3000)])
def test_work_accrues_by_the_norm_in_force(rate_tables, task, amount):
    public.record_act(act(task=task), at=NOW)

    charge = Charge.objects.select_related("group").get()
    assert (charge.kind, charge.compensation, charge.reason_code) == (f"compensation:{task}", Money(amount), "")
    assert charge.steps[0]["confidence"] == "assumed"
    assert legs(charge.group) == {"01:compensation:DEMO-2026": amount, "VNPOST:work": -amount}


@pytest.mark.parametrize(("changes", "reason"), [
    ({"happened_at": datetime(2025, 12, 31, 16, 59, tzinfo=UTC)}, "pilot-norm"),
    ({"province_code": "46"}, "no-known-norm"),
    ({"task": "made_tea"}, "task-not-in-norm"),
])
def test_work_that_pays_nothing_is_counted_with_its_reason(rate_tables, changes, reason):
    public.record_act(act(**changes), at=NOW)

    charge = Charge.objects.get()
    assert (charge.group, charge.compensation, charge.reason_code) == (None, ZERO, reason)
    assert charge.steps[0]["reason_vi"]


def test_the_norm_is_that_of_the_local_day(rate_tables):
    public.record_act(act(happened_at=datetime(2025, 12, 31, 17, 0, tzinfo=UTC)), at=NOW)

    assert Charge.objects.get().compensation == Money(12000)


def test_one_dossier_may_earn_for_two_tasks_and_each_once(rate_tables):
    online = act()
    for told in (online, replace(online, task="delivered_result"), online):
        public.record_act(told, at=NOW)

    assert sorted(Charge.objects.values_list("kind", flat=True)) == [
        "compensation:accepted_online", "compensation:delivered_result"]


def test_accounts_are_opened_once_and_speak_both_languages(rate_tables):
    for _ in range(3):
        public.post_postage(delivered(), at=NOW)

    account = Account.objects.get(code="01:subsidy:NQ77-2025")
    assert (account.name_vi, account.name_en, account.kind) == (
        "Hà Nội hỗ trợ cước theo NQ77-2025", "Hà Nội: postage support by NQ77-2025", "expense")
    assert Account.objects.count() == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases.filter(lambda case: case.province_code != "99"), month=st.integers(1, 12))
def test_whatever_is_posted_balances_and_says_what_the_quote_said(rate_tables, case, month):
    parcel = replace(delivered(), case=case, delivered_at=datetime(2027, month, 2, tzinfo=UTC))
    public.post_postage(parcel, at=NOW)

    charge = Charge.objects.get(source_id=parcel.parcel_id)
    answer = public.quote(case)
    assert amounts(charge) == amounts(answer)
    assert [step["amount"] for step in charge.steps] == [step.amount.amount for step in answer.steps]
    postings = list(Posting.objects.filter(group=charge.group_id))
    assert total(leg.amount for leg in postings) == ZERO
    assert total(leg.amount for leg in postings if leg.amount > ZERO) == answer.gross
