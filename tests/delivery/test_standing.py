"""Where a parcel stands depends on the set of its events, and on nothing else."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.carriers.meaning import code_of
from delivery.rules import ParcelState
from delivery.rules.codes import EVENT_CODES
from delivery.rules.standing import Fact, Summary, standing_of, state_of, summary_of
from delivery.rules.summaries import as_data, from_data
from shared.calendar import LOCAL_ZONE

BOOKED = datetime(2026, 1, 14, 9, 0, tzinfo=LOCAL_ZONE)
LATER = BOOKED + timedelta(days=30)


def fact(code: str, hours: float, receiver: str = "", event_id: str = "", outcome: str = "") -> Fact:
    return Fact(code, event_id or f"{code}-{hours}", BOOKED + timedelta(hours=hours), LATER, receiver, outcome)


facts = st.builds(
    fact, st.sampled_from(sorted(EVENT_CODES)), st.integers(-5, 200).map(lambda half_hours: half_hours / 2),
    st.sampled_from(["", "thu/self", "hoa/spouse"]), st.sampled_from(["", *(f"id{n}" for n in range(9))]),
    st.sampled_from(["delivered", "returned", "lost", "on_its_way"]))


@settings(max_examples=400, deadline=None)
@given(st.lists(facts, min_size=1, max_size=14).flatmap(
    lambda known: st.tuples(st.just(known), st.permutations(known), st.lists(st.sampled_from(known)))))
def test_order_and_repeats_never_matter(drawn):
    known, shuffled, repeats = drawn

    assert state_of([*shuffled, *repeats], BOOKED) == state_of(known, BOOKED)


@settings(max_examples=200, deadline=None)
@given(st.lists(facts, max_size=14), st.integers(0, 14))
def test_a_kept_summary_that_learns_the_rest_is_the_summary_of_all(known, split):
    kept = from_data(as_data(summary_of(known[:split], BOOKED)))
    for each in known[split:]:
        kept.learn(each, BOOKED)

    assert kept == summary_of(known, BOOKED)


@settings(max_examples=200, deadline=None)
@given(st.lists(facts, max_size=14))
def test_contradictory_events_end_in_review_and_nowhere_else(known):
    standing = state_of(known, BOOKED)

    assert (standing.state is ParcelState.NEEDS_REVIEW) == bool(standing.contradictions)
    assert (standing.delivered_at is None) == (standing.state is not ParcelState.DELIVERED)


def state_after(*known: Fact) -> str:
    return state_of(known, BOOKED).state.value


@pytest.mark.parametrize(("codes", "state"), [
    ([], "booked"), (["X-SEAL"], "booked"), (["EMA"], "accepted"), (["EMA", "EDE"], "in_transit"),
    (["EMA", "EDE", "EMG"], "arrived"), (["EMA", "EMG", "EDG"], "out_for_delivery"),
    (["EMA", "EDG", "EMH"], "attempt_failed"), (["EMA", "EDG", "EMH", "EDF"], "held"),
    (["EMA", "EMG", "EDH"], "at_collection_point"), (["EMA", "EDG", "EMI"], "delivered"),
    (["EMA", "EMH", "EMH", "X-RTN"], "returning"), (["EMA", "EMH", "X-RTN", "X-RTA"], "returned"),
    (["EMA", "EDE", "X-LOST"], "lost"), (["EMI"], "delivered"),
    (["X-CASK"], "booked"), (["X-CASK", "X-CANC"], "cancelled"), (["X-CANC", "X-CASK"], "cancelled"),
    (["X-CASK", "EMA", "EMI"], "delivered"),
])
def test_the_states_of_a_usual_life(codes, state):
    assert state_after(*(fact(code, n + 1) for n, code in enumerate(codes))) == state


def test_a_scan_on_the_way_back_does_not_hide_the_return():
    assert state_after(fact("EMA", 1), fact("EMH", 30), fact("X-RTN", 60), fact("EDD", 70)) == "returning"


def test_a_second_round_of_the_postman_is_seen():
    assert state_after(fact("EDG", 24), fact("EMH", 26), fact("EDG", 48)) == "out_for_delivery"


@pytest.mark.parametrize(("known", "reason"), [
    ([fact("EMI", 24), fact("X-RTA", 48)], "ends-differ"),
    ([fact("EMI", 24), fact("X-LOST", 24)], "ends-differ"),
    ([fact("EMI", 24, "thu/self"), fact("EMI", 25, "hoa/spouse")], "receivers-differ"),
    ([fact("EMI", 24, "thu/self"), fact("EMI", 72, "thu/self")], "delivery-days-differ"),
    ([fact("EMA", 20), fact("EDE", 10)], "before-acceptance"),
    ([fact("EMI", 24), fact("EDG", 30)], "moved-after-end"),
    ([fact("EMI", -5)], "end-date-implausible"),
    ([fact("EMI", 24 * 365)], "end-date-implausible"),
    ([fact("EMA", 1), fact("X-CANC", 2)], "cancelled"),
    ([fact("X-CASK", 1), fact("X-CANC", 2), fact("EMA", 3)], "cancelled"),
])
def test_what_cannot_all_be_true_needs_a_person(known, reason):
    standing = state_of(known, BOOKED)

    assert standing.state is ParcelState.NEEDS_REVIEW
    assert reason in standing.contradictions


@pytest.mark.parametrize("known", [
    [fact("EMI", 24, "thu/self"), fact("EMI", 24.2, "thu/self", "again")],
    [fact("EMI", 24), fact("EMI", 24, "thu/self", "with-receiver")],
    [fact("EMA", 2), fact("EDE", 1)],
    [fact("EMI", 24), fact("EDG", 25)],
])
def test_the_same_told_twice_and_clocks_that_differ_a_little_are_no_contradiction(known):
    assert state_of(known, BOOKED).contradictions == ()


def test_a_clock_that_runs_wrong_on_the_way_is_passed_over():
    assert state_after(fact("EMA", 1), fact("EDE", 24 * 365)) == "accepted"


def test_attempts_are_days_on_which_nobody_was_met():
    standing = state_of([fact("EMH", 26), fact("EMH", 27), fact("EMH", 74)], BOOKED)

    assert standing.attempts == 2


def test_what_a_person_settled_stands():
    known = [fact("EMI", 24, "thu/self"), fact("X-RTA", 48)]

    word = fact("X-SET", 90, outcome="delivered")

    assert state_after(*known, word) == "delivered"
    assert state_after(*known, word, fact("X-SET", 99, outcome="returned")) == "returned"
    assert state_after(*known, fact("X-SET", 90, outcome="on_its_way")) == "needs_review"


def test_a_trip_that_goes_on_after_a_persons_look_still_ends():
    known = [fact("EMA", 20), fact("EDE", 10), fact("X-SET", 30, outcome="on_its_way")]

    assert state_after(*known) == "in_transit"
    assert state_after(*known, fact("EMI", 40)) == "delivered"


def test_a_summary_does_not_grow_with_the_history():
    short = summary_of([fact("EDE", n / 100) for n in range(5)], BOOKED)
    long = summary_of([fact("EDE", n / 100) for n in range(500)], BOOKED)

    assert len(str(as_data(long))) - len(str(as_data(short))) < 10
    assert standing_of(Summary()).state is ParcelState.BOOKED


@pytest.mark.parametrize(("said", "meant"), [
    ("200", "EMA"), ("300", "EDE"), ("303", "EDE"), ("400", "EDD"), ("500", "EDG"), ("501", "EMI"), ("504", "X-RTA"),
    ("505", "X-RTN"), ("506", "EMH"), ("507", "EDH"), ("508", "EDG"), ("515", "X-RTN"), ("EMI", "EMI"),
])
def test_viettel_posts_codes_are_understood(said, meant):
    code = code_of("vtpost", said)

    assert code is not None
    assert code.code == meant


@pytest.mark.parametrize(("carrier", "said"), [
    ("vtpost", "999"), ("vnpost", "501"), ("vnpost", "X-SET"), ("dhl", "ZZZ"),
])
def test_codes_that_mean_nothing_or_are_ours_alone_are_not_understood(carrier, said):
    assert code_of(carrier, said) is None


def test_every_state_has_words_in_both_languages():
    assert all(code.words_vi and code.words_en and code.words_vi != code.words_en for code in EVENT_CODES.values())
