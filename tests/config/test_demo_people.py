"""The people that the demo shows at a counter are played through the real operations, and once."""

import pytest

from config.demo import counter_people
from config.demo.timeline import Timeline
from intake.models.account_help import AccountHelp, Referral
from intake.models.mandates import Mandate
from tests.factories import catalogue, network
from tests.intake.moments import MONDAY_MORNING as NOW


@pytest.mark.django_db
def test_the_people_at_the_counter_are_played_once():
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    clerk = network.clerk()
    network.centre()

    for _ in range(2):
        timeline = Timeline()
        counter_people.plan(timeline, clerk, NOW)
        timeline.play(told=lambda done, left: None, waits=False)

    assert AccountHelp.objects.get().state == "booked"
    assert sorted(Referral.objects.values_list("place_kind", "outcome")) == [("centre", "came"), ("police", "")]
    assert Mandate.objects.get().relation == "child"
