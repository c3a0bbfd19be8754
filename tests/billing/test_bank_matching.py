"""A bank line pays what its reference names, or says why it pays nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.rules.matching import Asked, CollectionState, LineVerdict, judge
from billing.payments.rules.references import new_reference, references_in
from shared.money import Money

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


def asked(reference, **changes):
    facts = {"reference": reference, "amount": Money(30_000), "state": CollectionState.ASKED,
             "expires_at": NOON + timedelta(hours=1), **changes}
    return {reference: Asked(**facts)}


@given(st.data())
def test_a_reference_is_found_whatever_a_bank_does_around_it(data):
    reference = new_reference()
    noise = st.text(alphabet="abcdefghij .-/:0123456789", max_size=20)
    spaced = data.draw(st.sampled_from(
        [reference, reference.lower(), " ".join(reference), f"{reference[:5]}.{reference[5:]}"]))
    assert reference in references_in(f"{data.draw(noise)} {spaced} {data.draw(noise)}")


def test_a_mistyped_reference_is_nobodys():
    reference = new_reference()
    wrong = reference[:-1] + next(letter for letter in "ACDE" if letter != reference[-1])
    assert references_in(wrong) == []


@pytest.mark.parametrize(("changes", "amount", "verdict"), [
    ({}, 30_000, LineVerdict.MATCHED),
    ({}, 29_000, LineVerdict.WRONG_AMOUNT),
    ({"state": CollectionState.PAID}, 30_000, LineVerdict.PAID_ALREADY),
    ({"state": CollectionState.CANCELLED}, 30_000, LineVerdict.LATE),
    ({"expires_at": NOON - timedelta(minutes=1)}, 30_000, LineVerdict.LATE),
    ({"state": CollectionState.EXPIRED}, 30_000, LineVerdict.MATCHED),
    ({}, -30_000, LineVerdict.OUTGOING),
])
def test_each_line_has_one_verdict(changes, amount, verdict):
    reference = new_reference()
    assert judge([reference], Money(amount), NOON, asked(reference, **changes)) is verdict


def test_a_line_without_a_reference_or_with_somebody_elses_pays_nothing():
    reference = new_reference()
    assert judge([], Money(30_000), NOON, asked(reference)) is LineVerdict.NO_REFERENCE
    assert judge([new_reference()], Money(30_000), NOON, asked(reference)) is LineVerdict.UNKNOWN_REFERENCE


def test_one_transfer_for_two_references_is_left_to_a_person():
    first, second = new_reference(), new_reference()
    assert judge([first, second], Money(60_000), NOON, asked(first) | asked(second)) is LineVerdict.SEVERAL
