"""Who may receive what, when it is tried again, what may be changed: every row of the tables."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.door.rules import (
    BY_CITIZEN,
    CHANGES,
    FAMILY,
    INVITATIONS_DUE,
    REASONS,
    WORKING_DAYS_APART,
    Change,
    Paper,
    Party,
    Receipt,
    Relation,
    ReleaseRule,
    moment_of,
    needs_of,
    open_changes,
    open_days,
    plan_of,
    refusals,
    who_bears,
)
from delivery.door.wording import CHANGES as CHANGE_WORDS
from delivery.door.wording import PAPERS, PARTIES, RELATIONS, RULES
from delivery.door.wording import REASONS as REASON_WORDS
from delivery.rules import FINAL_PARCEL_STATES, Direction, ParcelState
from delivery.rules.codes import EVENT_CODES
from shared.calendar import LOCAL_ZONE, WorkCalendar

CALENDAR = WorkCalendar()
MONDAY = date(2026, 1, 12)


@pytest.mark.parametrize(("rule", "relation", "paper", "why"), [
    ("in_person", "self", "", ()),
    ("in_person", "legal_representative", "capacity", ()),
    ("in_person", "legal_representative", "letter", ("paper-missing",)),
    ("in_person", "spouse", "certified_letter", ("not-entitled",)),
    ("in_person", "authorised", "certified_letter", ("not-entitled",)),
    ("certified", "spouse", "letter", ()),
    ("certified", "spouse", "", ("paper-missing",)),
    ("certified", "authorised", "letter", ("paper-missing",)),
    ("certified", "authorised", "certified_letter", ()),
    ("authorised", "authorised", "letter", ()),
    ("authorised", "authorised", "certified_letter", ()),
    ("authorised", "child", "", ("paper-missing",)),
    ("authorised", "neighbour", "letter", ("not-entitled",)),
    ("authorised", "centre_officer", "letter", ("not-entitled",)),
])
def test_into_whose_hands_a_result_may_be_given(rule, relation, paper, why):
    assert refusals(ReleaseRule(rule), Direction.RESULT, Receipt(relation, "cccd", paper)) == why


def test_nobody_receives_anything_without_an_id_compared():
    for rule in ReleaseRule:
        assert "id-missing" in refusals(rule, Direction.RESULT, Receipt("self", ""))


def test_what_goes_to_an_office_is_taken_by_who_works_there_and_never_by_a_citizen():
    assert refusals(ReleaseRule.IN_PERSON, Direction.DOSSIER, Receipt("centre_officer", "badge")) == ()
    assert refusals(ReleaseRule.AUTHORISED, Direction.DOSSIER, Receipt("self", "cccd")) == ("not-entitled",)


def test_originals_due_in_exchange_come_first():
    given_one = Receipt("self", "cccd", "", collected=1)

    assert refusals(ReleaseRule.AUTHORISED, Direction.RESULT, given_one, to_collect=2) == ("originals-missing",)
    assert refusals(ReleaseRule.AUTHORISED, Direction.RESULT, given_one, to_collect=1) == ()


def test_a_stricter_rule_never_lets_in_whom_a_milder_one_keeps_out():
    milder = [ReleaseRule.AUTHORISED, ReleaseRule.CERTIFIED, ReleaseRule.IN_PERSON]
    for mild, strict in pairwise(milder):
        assert set(needs_of(strict, Direction.RESULT)) <= set(needs_of(mild, Direction.RESULT))


# --- invitations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "invitations", "next_from", "return_on"), [
    ([], 0, None, None),
    ([0], 1, MONDAY + timedelta(2), None),
    ([0, 1], 1, MONDAY + timedelta(2), None),  # the day after is no invitation of its own
    ([0, 2], 2, None, MONDAY + timedelta(3)),
    ([0, 1, 2], 2, None, MONDAY + timedelta(3)),
    ([3, 7], 2, None, MONDAY + timedelta(8)),  # Thursday; Monday is two working days later
    ([3, 4], 1, MONDAY + timedelta(7), None),
])
def test_two_invitations_two_working_days_apart(days, invitations, next_from, return_on):
    plan = plan_of([MONDAY + timedelta(day) for day in days], CALENDAR)

    assert (plan.invitations, plan.next_from, plan.return_on) == (invitations, next_from, return_on)


def test_a_holiday_between_does_not_count():
    with_holiday = WorkCalendar({MONDAY + timedelta(1): False})

    assert plan_of([MONDAY, MONDAY + timedelta(2)], with_holiday).invitations == 1
    assert plan_of([MONDAY, MONDAY + timedelta(3)], with_holiday).invitations == 2


@given(st.lists(st.integers(0, 40), max_size=12))
def test_the_order_and_number_of_tellings_do_not_matter(offsets):
    days = [MONDAY + timedelta(offset) for offset in offsets]
    plan = plan_of(days, CALENDAR)

    assert plan == plan_of(reversed([*days, *days]), CALENDAR)
    assert (plan.return_on is not None) == (plan.invitations >= INVITATIONS_DUE)
    if plan.return_on is not None:
        assert CALENDAR.working_days_between(min(days), plan.return_on) > WORKING_DAYS_APART


# --- whose fault, what may be changed --------------------------------------------------------------------------------


@pytest.mark.parametrize(("reasons", "party"), [
    ([], Party.NOBODY), (["no_way"], Party.NOBODY), (["absent", "absent"], Party.RECIPIENT),
    (["absent", "wrong_address"], Party.SENDER), (["absent", "wrong_address", "damaged"], Party.CARRIER)])
def test_a_repeat_is_paid_for_by_the_party_at_fault(reasons, party):
    assert who_bears(reasons) is party


def test_only_what_somebody_could_have_followed_is_an_invitation():
    assert {code for code, reason in REASONS.items() if reason.is_invitation} == {
        code for code, reason in REASONS.items() if reason.code == "EMH"}
    assert {reason.code for reason in REASONS.values()} <= EVENT_CODES.keys()


def test_what_has_ended_goes_back_or_contradicts_itself_is_changed_by_nobody():
    closed = FINAL_PARCEL_STATES | {ParcelState.RETURNING, ParcelState.NEEDS_REVIEW}

    assert set(CHANGES) == set(ParcelState) - closed
    for state in closed:
        assert not open_changes(state, Direction.RESULT, by_citizen=False)


def test_code_and_digits_alone_never_bring_papers_to_another_door():
    for state in ParcelState:
        assert Change.ADDRESS not in open_changes(state, Direction.RESULT, by_citizen=True)
    assert Change.ADDRESS not in BY_CITIZEN


def test_the_citizen_changes_twice_and_only_her_own_results():
    assert open_changes(ParcelState.ARRIVED, Direction.RESULT, made=1, by_citizen=True) == BY_CITIZEN
    assert not open_changes(ParcelState.ARRIVED, Direction.RESULT, made=2, by_citizen=True)
    assert open_changes(ParcelState.ARRIVED, Direction.RESULT, made=2, by_citizen=False)
    assert not open_changes(ParcelState.ARRIVED, Direction.DOSSIER, by_citizen=False)


def test_days_on_offer_are_the_next_ten_working_days():
    days = open_days(MONDAY, CALENDAR)

    assert (days[0], days[-1], len(days)) == (MONDAY + timedelta(1), MONDAY + timedelta(14), 10)
    assert all(CALENDAR.is_working(day) for day in days)


# --- three clocks ----------------------------------------------------------------------------------------------------

NOON = datetime(2026, 1, 14, 12, tzinfo=LOCAL_ZONE)
BEGAN = NOON - timedelta(hours=5)


@given(st.integers(-60 * 24 * 400, 60 * 24 * 400), st.integers(0, 300))
def test_a_clock_that_runs_wrong_changes_nothing_as_long_as_it_runs(wrong_by, minutes_ago):
    device_sent = NOON + timedelta(minutes=wrong_by)

    moment = moment_of(device_at=device_sent - timedelta(minutes=minutes_ago), device_sent_at=device_sent,
                       server_at=NOON, not_before=BEGAN)

    assert moment.corrected_at == NOON - timedelta(minutes=minutes_ago)
    assert not moment.is_doubtful


@given(st.integers(-10**6, 10**6), st.integers(-10**6, 10**6))
def test_whatever_a_phone_claims_it_was_after_the_round_began_and_before_now(acted, sent):
    moment = moment_of(device_at=NOON + timedelta(minutes=acted), device_sent_at=NOON + timedelta(minutes=sent),
                       server_at=NOON, not_before=BEGAN)

    assert BEGAN <= moment.corrected_at <= NOON


def test_a_clock_that_was_set_between_act_and_sending_is_doubtful():
    moment = moment_of(device_at=NOON + timedelta(hours=2), device_sent_at=NOON, server_at=NOON, not_before=BEGAN)

    assert (moment.corrected_at, moment.is_doubtful) == (NOON, True)


def test_every_word_of_the_tables_has_its_words():
    assert (set(RELATIONS), set(PAPERS), set(RULES), set(PARTIES), set(CHANGE_WORDS), set(REASON_WORDS)) == (
        set(Relation), set(Paper), set(ReleaseRule), set(Party), set(Change), set(REASONS))
    assert set(FAMILY) < set(Relation)
