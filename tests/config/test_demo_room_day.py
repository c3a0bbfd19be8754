"""The demo's operations room: whatever the hour and the day, two briefs, carried actions and a morning's trouble."""

import pytest

from agents.briefs.models import Brief, BriefAction
from agents.briefs.queries import shown_actions
from agents.room.models import Incident, Outage, PlaceBeat
from config.demo import room_day
from config.demo.timeline import Timeline
from shared.roles import Role
from tests.agents.factories import make_outlet, moment, opens, staff
from tests.agents.test_operations_room import acting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cast(monkeypatch):
    outlet = make_outlet(code="HUE-003", name="Bưu cục An Hoà")
    opens(outlet)
    people = {
        "truc.hue": acting(staff(Role.OPERATIONS_OFFICER)),
        "quay.hue": acting(staff(Role.OUTLET_CLERK, outlet=outlet)),
        "canbo.hue": acting(staff(Role.CENTRE_OFFICER)),
        "truongtrungtam.hue": acting(staff(Role.CENTRE_MANAGER)),
    }
    monkeypatch.setattr(room_day, "_account", people.__getitem__)


@pytest.mark.parametrize(("now", "day"), [
    ("2025-07-03 10:00", "2025-07-03"), ("2025-07-03 08:00", "2025-07-02"), ("2025-07-06 15:00", "2025-07-04")])
def test_the_room_has_a_morning_behind_it_whenever_the_demo_is_played(now, day):
    timeline = Timeline()
    room_day.plan(timeline, moment(now))
    timeline.play(told=lambda done, left: None)

    review, plan = Brief.objects.order_by("as_of")
    assert (f"{plan.day}", plan.half, plan.state, review.state) == (day, "plan", "released", "released")
    assert sorted((each.state, each.carried) for each in shown_actions(plan)) == [("done", 1), ("open", 1), ("open", 1)]
    outage = Outage.objects.get()
    assert (outage.ended_by, outage.dossiers) == ("contact", 0)
    assert sorted(Incident.objects.values_list("kind", "state")) == [
        ("equipment", "solved"), ("network", "solved"), ("procedure", "reported"), ("software", "taken")]
    assert not PlaceBeat.objects.exists()
    assert BriefAction.objects.filter(state="open").count() == 2
