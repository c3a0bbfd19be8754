"""What one process writes lies in its order, also within a millisecond."""

import time

import time_machine

from shared.ids import uuid7


def test_ids_of_one_process_ascend_and_are_of_version_seven():
    made = [uuid7() for _ in range(5_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}


def test_the_first_48_bits_are_the_time():
    before = time.time_ns() // 1_000_000
    made = uuid7().int >> 80

    assert before <= made <= time.time_ns() // 1_000_000 + 1


def test_a_clock_that_slips_is_waited_for_and_one_that_was_set_is_followed():
    with time_machine.travel(2_000_000_000.5, tick=False):
        first = uuid7()
    with time_machine.travel(2_000_000_000.0, tick=False):
        slipped = uuid7()
    with time_machine.travel(1_900_000_000.0, tick=False):
        was_set = uuid7()

    assert first < slipped
    assert was_set.int >> 80 == 1_900_000_000_000
