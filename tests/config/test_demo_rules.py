"""The demo's finance: a budget in force, a norm that waits, a question about January."""

import pytest

from billing import public
from billing.models.budget import BudgetLine
from billing.models.rule_book import RuleDraft
from billing.models.scenarios import Scenario
from billing.queries import rates
from billing.what_if.computing import compute_scenario
from config.demo import money_rules
from shared.calendar import local
from shared.roles import Role
from tests.billing.events import NOW, delivered
from tests.billing.people import person
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db


def test_finance_in_the_demo_has_a_budget_a_proposal_and_a_scenario():
    load_rates()
    for username, role in (("xemxet.hanoi", Role.FINANCE_REVIEWER), ("duyet.hanoi", Role.FINANCE_APPROVER)):
        account = person(role)
        account.username = username
        account.save()
    public.post_postage(delivered(), at=NOW)

    money_rules.tell(NOW)
    rates.forget()
    compute_scenario(scenario_id=Scenario.objects.get().id, at=NOW)

    assert BudgetLine.objects.filter(year=local(NOW).year).exists()
    assert set(RuleDraft.objects.values_list("state", flat=True)) == {"approved", "proposed", "draft"}
    assert Scenario.objects.get().lines == 1
