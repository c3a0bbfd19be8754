"""A budget line is added up from the books, warns weeks before its end, and when it is empty its rule holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from billing import public
from billing.budget.queries import line_states
from billing.budget.reckoning import watch_budgets
from billing.models.budget import BudgetGrant, BudgetLine, BudgetStop
from billing.models.ledger import Charge
from billing.queries import rates
from billing.queries.checks import check_ledger
from billing.rules.burning import forecast, whole_weeks
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.billing.events import case, delivered
from tests.billing.people import signed_in
from tests.billing.rule_drafts import approved, budget

JUNE = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)


def state(today=TODAY):
    return line_states(BudgetLine.objects.all(), today=today)[0]


def post(day, number, **changes):
    at = datetime(2026, day.month, day.day, 3, tzinfo=UTC)
    public.post_postage(delivered(delivered_at=at, on=day, number=f"EH6025{number:05d}VN", **changes), at=at)


@pytest.fixture
def spent(rate_tables):
    """Nine weeks of one supported parcel of 30,000 đ a week."""
    for week in range(9):
        post(TODAY - timedelta(days=1 + 7 * week), week)


@pytest.mark.django_db
def test_a_line_is_what_was_given_less_what_the_books_say(spent):
    approved(budget(amount_vnd=1_000_000))
    approved(budget(amount_vnd=-100_000))
    watch_budgets(at=JUNE)

    line = state()
    assert (line.granted, line.spent, line.left) == (Money(900_000), Money(270_000), Money(630_000))
    assert BudgetGrant.objects.count() == 2
    assert [day.spent.amount for day in line.days] == [30_000] * 9
    assert line.forecast.expected.used_up_on == TODAY + timedelta(days=147)


@pytest.mark.django_db
def test_finance_is_warned_weeks_before_and_once(spent):
    approved(budget(amount_vnd=420_000))
    watch_budgets(at=JUNE)
    watch_budgets(at=JUNE + timedelta(minutes=10))

    item = WorkItem.objects.get(kind="budget-running-out")
    assert (item.owner_role, item.owner_place, item.closed_at) == ("finance_reviewer", "01", None)
    assert item.detail["expected"] == (TODAY + timedelta(days=35)).isoformat()

    approved(budget(amount_vnd=5_000_000))
    watch_budgets(at=JUNE + timedelta(minutes=20))
    item.refresh_from_db()
    assert item.outcome == "enough"


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "city", "citizen", "reason"), [
    ("citizen_pays", 0, 30_000, "budget-empty"), ("queue", 30_000, 0, "budget-queued")])
def test_when_it_is_empty_the_configured_rule_holds_from_the_next_day(spent, rule, city, citizen, reason):
    approved(budget(amount_vnd=270_000, when_empty=rule))
    watch_budgets(at=JUNE)
    watch_budgets(at=JUNE)
    rates.forget()

    stop = BudgetStop.objects.get()
    assert stop.valid_from == TODAY + timedelta(days=1)
    assert WorkItem.objects.filter(kind="budget-used-up", owner_role="finance_approver", closed_at=None).exists()
    assert public.quote(case(on=TODAY)).city_subsidy == Money(30_000)
    after = public.quote(case(on=stop.valid_from))
    assert (after.city_subsidy.amount, after.citizen_share.amount) == (city, citizen)
    assert after.steps[2].reason_code == reason
    assert "Dự toán NQ77-2025" in after.steps[2].reason_vi


@pytest.mark.django_db
def test_what_waits_is_covered_by_the_next_grant_and_the_books_stay_sound(spent):
    approved(budget(amount_vnd=270_000, when_empty="queue"))
    watch_budgets(at=JUNE)
    rates.forget()
    post(TODAY + timedelta(days=1), 77)
    watch_budgets(at=JUNE + timedelta(days=1))
    waiting = state(TODAY + timedelta(days=1))
    assert (waiting.spent, waiting.waiting) == (Money(270_000), Money(30_000))

    approved(budget(amount_vnd=300_000, when_empty="queue"), at=JUNE + timedelta(days=2))
    watch_budgets(at=JUNE + timedelta(days=2))
    rates.forget()

    covered = state(TODAY + timedelta(days=2))
    assert (covered.spent, covered.waiting, covered.left) == (Money(300_000), Money(0), Money(270_000))
    assert public.quote(case(on=TODAY + timedelta(days=3))).steps[2].reason_code == "covered"
    assert Charge.objects.filter(reason_code="budget-queued").count() == 1
    assert check_ledger().is_sound


@pytest.mark.django_db
def test_the_page_says_when_and_what_then_and_names_lines_without_money(client, spent, django_assert_max_num_queries):
    signed_in(client)
    page = client.get(reverse("billing:budget") + "?nam=2026").content.decode()
    assert "Chưa nhập dự toán NQ77-2025 năm 2026" in page

    approved(budget(amount_vnd=900_000))
    watch_budgets(at=JUNE)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("billing:budget") + "?nam=2026").content.decode().replace("\u00a0", " ")

    assert "630.000 đ" in page
    assert "người dân trả cho đến khi được bổ sung" in page
    assert 'data-chart="line"' in page


def test_a_forecast_is_a_line_through_the_last_weeks_with_their_own_band():
    found = forecast(left=700, weekly=[50, 50, 100, 100, 100, 100, 150, 150], today=TODAY, year_end=date(2026, 12, 31))

    assert (found.slow.weekly, found.expected.weekly, found.fast.weekly) == (50, 100, 150)
    assert found.expected.used_up_on == TODAY + timedelta(days=49)
    ends = [each.used_up_on for each in (found.fast, found.expected, found.slow)]
    assert None not in ends
    assert ends == sorted(set(ends), key=str)
    assert forecast(left=700, weekly=[50], today=TODAY, year_end=date(2026, 12, 31)) is None


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=2, max_size=12))
def test_the_band_is_always_in_order(left, weekly):
    found = forecast(left=left, weekly=weekly, today=TODAY, year_end=date(2026, 12, 31))

    assert found.slow.weekly <= found.expected.weekly <= found.fast.weekly
    assert found.slow.left_at_end >= found.expected.left_at_end >= found.fast.left_at_end
    days = [pace.used_up_on or date(2027, 1, 1) for pace in (found.slow, found.expected, found.fast)]
    assert days == sorted(days, reverse=True)


def test_weeks_are_whole_and_end_yesterday():
    days = [(TODAY - timedelta(days=each), 10) for each in range(15)]

    assert whole_weeks(days, today=TODAY, first=TODAY - timedelta(days=14)) == [70, 70]
