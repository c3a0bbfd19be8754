"""The demo's trace of a broker: six people with one number are found, somebody reports, however often it is told."""

import pytest

from config.demo import brokers
from config.demo.timeline import Timeline
from intake.brokers.models import BrokerReport, BrokerSignal
from tests.factories import catalogue, network, places
from tests.intake import broker_cases
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db


def test_one_number_behind_six_people_is_a_case_that_an_officer_looks_into():
    broker_cases.rule("same_phone")
    catalogue.procedure(catalogue.EXTRACT)
    network.centre(places.HOAN_KIEM)
    outlet = network.outlet(places.HOAN_KIEM, code="HNI-001")
    for username, account in (("quay.hanoi", network.clerk(outlet)),
                              ("chuongtrinh.hanoi", network.programme_officer())):
        account.username = username
        account.save(update_fields=["username"])

    for _ in range(2):
        timeline = Timeline()
        brokers.plan(timeline, NOW)
        timeline.play(told=lambda done, left: None, waits=False)

    signal = BrokerSignal.objects.select_related("case").get()
    assert (signal.rule, signal.found, signal.case.state) == ("same_phone", 6, "looked_at")
    assert "(minh hoạ)" in BrokerReport.objects.get().text
