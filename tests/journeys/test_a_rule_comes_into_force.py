"""Finance drafts a rule and sees what it would have cost; another person approves what was read, and it is in force."""

from datetime import datetime, time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from billing import public
from billing.models.rates import SubsidyRuleSet
from billing.models.scenarios import Scenario
from billing.queries import rates
from billing.rules.periods import month_after, month_before, month_of
from billing.what_if.computing import compute_scenario
from shared.calendar import at_local
from tests.billing import disputes as cases
from tests.billing.events import delivered
from tests.billing.people import operator
from tests.billing.rates import load_rates
from tests.billing.rule_drafts import LEGAL
from tests.factories import places
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charged():
    """A parcel of last month that the city paid in full: 30,000 đ."""
    load_rates()
    places.province(places.HANOI)
    operator("VNPOST")
    day = month_before(month_of(timezone.now())).replace(day=12)
    moment: datetime = at_local(day, time(9, 0))
    public.post_postage(delivered(delivered_at=moment, on=day), at=moment)
    yield
    rates.forget()


def test_from_a_draft_through_a_comparison_and_a_second_person_into_force(charged, open_as, accessible):
    one, two = cases.reviewer(), cases.approver()
    begin = month_after(month_of(timezone.now()))
    page = open_as("/tai-chinh/quy-dinh/subsidy/moi/", one)
    for name, value in (("code", "NQ-MOI"), ("name_vi", "Hỗ trợ một nửa"), ("name_en", "Half support"),
                        ("valid_from", begin.isoformat()), ("legal_basis", LEGAL), ("numerator", "50 %"),
                        ("budget_line", "NQ77-2025")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=channels][value=online]").check()
    for direction in ("dossier", "result"):
        page.locator(f"[name=directions][value={direction}]").check()
    page.locator("form button.btn-main").click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("NQ-MOI")
    accessible(page)
    draft = page.url

    page.get_by_role("link", name="Thử phương án").first.click()
    page.wait_for_load_state()
    expect(page.locator("[name=thu]")).to_be_checked()
    page.locator("#name").fill("Một nửa, tháng trước")
    page.locator("form button.btn-main").click()
    page.wait_for_load_state()
    compute_scenario(scenario_id=Scenario.objects.get().id, at=timezone.now())
    expect(page.locator("#figures")).to_contain_text("15.000 đ")
    expect(page.locator("#figures")).to_contain_text("30.000 đ")
    accessible(page)

    page.goto(draft)
    page.get_by_role("button", name="Trình người khác duyệt").click()
    page.wait_for_load_state()
    expect(page.locator("button[value=approve]")).to_have_count(0)

    second = open_as(draft, two, viewport=PHONE)
    second.locator("button[value=approve]").click()
    second.wait_for_load_state()
    expect(second.locator("body")).to_contain_text(two.display_name)
    accessible(second)
    assert SubsidyRuleSet.objects.get(code="NQ77-2025").valid_to == begin
    second.goto("/tai-chinh/quy-dinh/")
    expect(second.locator("body")).to_contain_text("NQ-MOI")
