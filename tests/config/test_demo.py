"""The demo's story: what was reported of Huế comes out of it to the last dossier, and it is the same at every call."""

from collections import Counter
from datetime import date

from config.demo import hanoi_cases, hue_day, hue_figures
from config.demo.people import people
from shared.calendar import WorkCalendar, local

BY_TEN = [visit for visit in hue_day.visits() if visit.received_at <= hue_figures.AS_OF]


def test_forty_centres_received_what_was_reported_by_ten():
    received = Counter(visit.commune_code for visit in BY_TEN)

    assert len(received) == 40
    assert received.total() == hue_figures.REPORTED_RECEIVED == 1283
    assert received == hue_figures.RECEIVED
    assert dict(received.most_common(2)) == {"19753": 151, "19867": 151}


def test_what_was_resolved_by_ten_is_what_was_reported():
    resolved = Counter(visit.commune_code for visit in BY_TEN if visit.resolved_at <= hue_figures.AS_OF)

    assert resolved.total() == hue_figures.REPORTED_RESOLVED == 382
    assert resolved.most_common(2) == [("19867", 61), ("19804", 36)]


def test_the_procedures_are_mostly_the_reported_ones():
    procedures = Counter(visit.procedure_code for visit in BY_TEN)

    assert procedures == hue_figures.PROCEDURES
    assert [code for code, _ in procedures.most_common(5)] == [
        "2.000815", "1.001612", "1.001266", "1.000656", "1.013978"]


def test_nothing_is_received_or_resolved_outside_counter_hours():
    moments = [local(at) for visit in hue_day.visits() for at in (visit.received_at, visit.resolved_at)]

    assert {at.weekday() for at in moments} <= set(range(5))
    assert all(7 <= at.hour < 18 for at in moments)


def test_the_story_is_the_same_at_every_call():
    assert hue_day.visits() == hue_day.visits()
    assert hanoi_cases.cases(24, WorkCalendar()) == hanoi_cases.cases(24, WorkCalendar())


def test_hanoi_files_under_both_rule_sets_and_both_ways():
    cases = hanoi_cases.cases(24, WorkCalendar())

    assert {case.channel for case in cases} == {"online", "post"}
    assert {case.submitted_at.date() < date(2026, 1, 1) for case in cases} == {True, False}
    assert {case.outcome for case in cases} == {"delivered", "second_attempt", "returned"}


def test_no_two_invented_people_share_a_number():
    crowd = people("hue", "046")
    numbers = [next(crowd).national_id for _ in range(2000)]

    assert len(set(numbers)) == len(numbers)
