"""Under what may be filed for a citizen: every row of the law as an example, and what holds for every case."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.catalogue import Channel
from intake.rules.mandates import (
    FAMILY,
    GUARDIANS,
    AuthorisationRule,
    Case,
    Held,
    MandateKind,
    Need,
    Relation,
    age_on,
    demands_of,
    implied,
    is_met,
    lacking,
)

TODAY = date(2026, 1, 12)
CIVIL, BUSINESS, IN_PERSON, WRITTEN = (rule.value for rule in (
    AuthorisationRule.CIVIL_STATUS, AuthorisationRule.BUSINESS, AuthorisationRule.IN_PERSON, AuthorisationRule.WRITTEN))
cases = st.builds(Case, rule=st.sampled_from([*AuthorisationRule, "unknown"]), channel=st.sampled_from(list(Channel)),
                  is_public_post=st.booleans(), is_citizen_present=st.booleans(),
                  age=st.none() | st.integers(0, 110))
mandates = st.builds(Held, kind=st.sampled_from(list(MandateKind)), relation=st.sampled_from(["", *Relation]),
                     valid_to=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)))


def is_enough(case: Case, *held: Held) -> bool:
    return lacking(case, held, TODAY) == ()


@pytest.mark.parametrize("rule", list(AuthorisationRule))
def test_a_citizen_with_her_own_account_needs_nothing_else(rule):
    case = Case(rule, "online", is_public_post=True)

    assert is_enough(case)
    assert [each.kind for each in implied(case)] == [MandateKind.OWN_ACCOUNT]


@pytest.mark.parametrize("rule", list(AuthorisationRule))
def test_the_public_post_carries_paper_under_its_slip(rule):
    case = Case(rule, "post", is_public_post=True)

    assert is_enough(case)
    assert [each.kind for each in implied(case)] == [MandateKind.POSTAL_SLIP]


@pytest.mark.parametrize(("rule", "kind", "enough"), [
    # A household business through an operator that is not the public one: contract and letter of introduction.
    (BUSINESS, "service_contract", True), (BUSINESS, "postal_slip", False), (BUSINESS, "written", False),
    # Civil status: whoever files in the citizen's name is no family, so the authorisation is certified.
    (CIVIL, "certified", True), (CIVIL, "service_contract", False), (CIVIL, "postal_slip", False),
    (WRITTEN, "service_contract", True), (WRITTEN, "postal_slip", False),
])
def test_an_operator_that_is_not_the_public_post_needs_other_evidence(rule, kind, enough):
    case = Case(rule, "post", is_public_post=False)

    assert is_enough(case, Held(kind)) is enough
    assert not is_enough(case)


@pytest.mark.parametrize(("rule", "kind", "relation", "enough"), [
    (BUSINESS, "written", "other", True),          # (i) a person: not notarised
    (BUSINESS, "service_contract", "", True),      # (ii) an organisation: contract and introduction
    (BUSINESS, "certified", "other", True),        # more than is asked for
    (CIVIL, "written", "child", True), (CIVIL, "written", "sibling", True), (CIVIL, "written", "spouse", True),
    (CIVIL, "written", "grandparent", True), (CIVIL, "written", "parent", True),
    (CIVIL, "written", "other", False), (CIVIL, "written", "guardian", False), (CIVIL, "written", "", False),
    (CIVIL, "certified", "other", True), (CIVIL, "service_contract", "", False),
    (WRITTEN, "written", "other", True), (WRITTEN, "certified", "other", True), (WRITTEN, "own_account", "", False),
    (IN_PERSON, "certified", "spouse", False), (IN_PERSON, "written", "child", False),
    (IN_PERSON, "legal_representative", "parent", True), (IN_PERSON, "legal_representative", "other", False),
])
def test_who_comes_for_the_citizen_needs_what_the_procedure_asks_for(rule, kind, relation, enough):
    case = Case(rule, "online", is_public_post=True, is_citizen_present=False)

    assert is_enough(case, Held(kind, relation)) is enough


def test_somebody_who_comes_with_paper_to_another_operator_needs_both():
    case = Case(BUSINESS, "post", is_public_post=False, is_citizen_present=False)
    asked = [demand.need for demand in lacking(case, [Held("written", "other")], TODAY)]

    assert asked == [Need.FILE]
    assert is_enough(case, Held("written", "other"), Held("service_contract"))


@pytest.mark.parametrize(("age", "enough"), [(0, False), (6, False), (14, False), (15, True), (40, True), (None, True)])
def test_a_child_is_represented(age, enough):
    case = Case(WRITTEN, "online", is_public_post=True, age=age)

    assert is_enough(case) is enough
    assert is_enough(case, Held("legal_representative", "parent"))
    assert is_enough(case, Held("written", "parent")) is enough


@pytest.mark.parametrize(("since", "until", "enough"), [
    (None, None, True), (TODAY, TODAY + timedelta(days=1), True), (None, TODAY, False),
    (TODAY + timedelta(days=1), None, False)])
def test_a_mandate_serves_only_while_it_is_valid(since, until, enough):
    case = Case(WRITTEN, "online", is_public_post=True, is_citizen_present=False)

    assert is_enough(case, Held("written", "other", since, until)) is enough


@given(cases)
def test_every_demand_says_what_suffices_or_why_nothing_does_with_its_law(case):
    for demand in demands_of(case):
        assert demand.sufficient or demand.why_not
        assert all(each.evidence.vi and each.evidence.en and each.why.vi and each.why.en and each.legal_basis
                   for each in demand.sufficient)


@given(cases, st.lists(mandates, max_size=4), mandates)
def test_more_mandates_never_make_a_filing_impossible(case, held, one_more):
    assert set(lacking(case, [*held, one_more], TODAY)) <= set(lacking(case, held, TODAY))


@given(cases, st.lists(mandates, max_size=4))
def test_who_is_absent_is_never_asked_for_less(case, held):
    there = Case(case.rule, case.channel, is_public_post=case.is_public_post, is_citizen_present=True, age=case.age)
    gone = Case(case.rule, case.channel, is_public_post=case.is_public_post, is_citizen_present=False, age=case.age)

    assert set(lacking(there, held, TODAY)) <= set(lacking(gone, held, TODAY))


@given(cases)
def test_online_nobody_but_the_citizen_holds_the_account(case):
    kinds = {each.kind for demand in demands_of(case) if demand.need == Need.FILE for each in demand.sufficient}

    assert (MandateKind.OWN_ACCOUNT in kinds) is (case.channel == Channel.ONLINE)
    assert len(kinds) == 1 or case.channel != Channel.ONLINE


def test_relations_are_the_ones_the_law_names():
    assert {relation.value for relation in FAMILY} == {"grandparent", "parent", "child", "spouse", "sibling"}
    assert Relation.OTHER not in FAMILY | GUARDIANS


def test_a_demand_that_filing_itself_meets_is_met_without_records():
    for demand in demands_of(Case(BUSINESS, "post", is_public_post=True)):
        assert is_met(demand, (), TODAY)


@pytest.mark.parametrize(("birth", "on", "years"), [
    (date(2011, 1, 12), TODAY, 15), (date(2011, 1, 13), TODAY, 14), (date(2024, 2, 29), date(2025, 2, 28), 0),
    (None, TODAY, None)])
def test_age_counts_whole_years(birth, on, years):
    assert age_on(birth, on) == years
