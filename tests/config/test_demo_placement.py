"""The demo's planner: 300 labelled candidates, one question, one answer."""

import pytest

from agents.models.placement import DemandSet, PlacementScenario, SiteSet
from agents.placement.computing import compute_placement
from config.demo import placement
from tests.factories import network, places
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db


def test_thirty_two_of_three_hundred_candidates_are_asked_for_once_and_found():
    for code in (places.HOAN_KIEM, places.BA_DINH, places.NGOC_HA, places.GIANG_VO):
        places.commune(code)
    account = network.programme_officer()
    account.username = "chuongtrinh.hanoi"
    account.save(update_fields=["username"])

    placement.tell(NOW)
    placement.tell(NOW)
    scenario = PlacementScenario.objects.get()
    compute_placement(scenario_id=scenario.id, at=NOW)

    scenario.refresh_from_db()
    assert (scenario.state, scenario.wanted, scenario.site_set.sites) == ("computed", 32, 300)
    assert all("(minh hoạ)" in row.name for row in placement.candidates(places.HANOI))
    assert (DemandSet.objects.count(), SiteSet.objects.count()) == (1, 1)
