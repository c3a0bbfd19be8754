"""The simulator's stories: believable, on time, the same for the same seed, and understood by our own rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from delivery.carriers.meaning import code_of
from delivery.rules.codes import EVENT_CODES
from delivery.rules.standing import Fact, state_of
from delivery.rules.transit import promised_date
from delivery.simulator.faults import Faults, disturb
from delivery.simulator.lives import Ending, play_life, usual_ending
from shared.calendar import LOCAL_ZONE, WorkCalendar, local

START = datetime(2026, 1, 14, 9, 0, tzinfo=LOCAL_ZONE)
ENDS = {"delivered": "delivered", "second_attempt": "delivered", "collected": "delivered", "returned": "returned",
        "lost": "lost"}


@dataclass(frozen=True)
class Parcel:
    number: str = "RR473124829VN"
    carrier: str = "vnpost"
    direction: str = "result"
    zone: str = "intra_province"
    origin_place: str = "phường Phong Dinh"
    recipient_name: str = "Nguyễn Thị Thử"
    recipient_place: str = "phường Phú Xuân"


def standing(parcel, events):
    facts = []
    for event in events:
        code = code_of(parcel.carrier, event["code"])
        assert code is not None, event
        at = datetime.fromisoformat(event["occurred_at"])
        facts.append(Fact(code.code, event["event_id"], at, at + timedelta(minutes=1)))
    return state_of(facts, START)


@pytest.mark.parametrize("ending", list(Ending))
@pytest.mark.parametrize("direction", ["result", "dossier"])
@pytest.mark.parametrize("zone", ["intra_district", "intra_province", "inter_same_region", "inter_far_region"])
def test_every_life_ends_as_it_should_and_contradicts_nothing(ending, direction, zone):
    for seed in range(8):
        parcel = Parcel(direction=direction, zone=zone)
        known = standing(parcel, play_life(parcel, START, ending.value, seed))

        assert (known.state, known.contradictions) == (ENDS[ending], ())


@pytest.mark.parametrize("zone", ["intra_district", "intra_province", "inter_same_region"])
def test_a_parcel_that_is_met_at_once_keeps_its_promise(zone):
    for seed in range(20):
        events = play_life(Parcel(zone=zone), START, "delivered", seed)
        delivered_on = local(datetime.fromisoformat(events[-1]["occurred_at"])).date()

        assert delivered_on <= promised_date(WorkCalendar(), zone, START.date())


def test_events_come_in_the_order_they_happen():
    for ending in Ending:
        moments = [event["occurred_at"] for event in play_life(Parcel(), START, ending.value)]

        assert moments == sorted(moments)


def test_the_same_seed_tells_the_same_story():
    assert play_life(Parcel(), START, seed=3) == play_life(Parcel(), START, seed=3)
    assert play_life(Parcel(), START, seed=3) != play_life(Parcel(), START, seed=4)


def test_viettel_post_speaks_its_own_codes():
    codes = {event["code"] for event in play_life(Parcel(carrier="vtpost"), START, "delivered")}

    assert {"200", "501"} <= codes
    assert not codes & set(EVENT_CODES)


def test_second_invitations_are_two_working_days_apart():
    events = play_life(Parcel(), START, "returned")
    missed = [local(datetime.fromisoformat(event["occurred_at"])).date() for event in events if event["code"] == "EMH"]

    assert len(missed) == 2
    assert WorkCalendar().working_days_between(*missed) == 2


def test_most_parcels_are_delivered():
    endings = [usual_ending(seed) for seed in range(1000)]

    assert endings.count(Ending.DELIVERED) > 850
    assert Ending.LOST not in endings


def test_faults_are_what_they_say():
    import random

    life = play_life(Parcel(), START, "delivered")
    disturbed = disturb(life, Faults(contradictions=True, shuffle=True, wrong_dates=True), random.Random(1))

    assert standing(Parcel(), disturb(life, Faults(contradictions=True), random.Random(1))).state == "needs_review"
    assert len(disturbed) == len(life) + 1
    with pytest.raises(ValueError, match="no fault called"):
        Faults().changed({"gremlins": True})
    with pytest.raises(ValueError, match="takes a int"):
        Faults().changed({"duplicates": "five"})
