"""The demo's people of a counter go through the real operations, and once."""

import pytest

from agents.duties.models import DutyDelegation
from agents.models.people import StaffAccount
from agents.roster.models import RosterShift
from agents.switching.models import CounterPin
from config.demo import counter_staff
from shared.roles import Role
from tests.agents.factories import make_outlet, moment, opens, staff

NOW = moment("2026-01-12 09:00")


@pytest.mark.django_db
def test_the_counters_people_are_told_once(monkeypatch, time_machine):
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(counter_staff, "password", lambda: "quay-so-3-hue-phong")
    outlet = make_outlet()
    opens(outlet, 0, 1, 2, 3, 4)
    for username, role in (("truong.hue", Role.OUTLET_MANAGER), ("quay.hue", Role.OUTLET_CLERK),
                           ("quay2.hue", Role.OUTLET_CLERK)):
        staff(role, outlet=outlet, username=username)

    for _ in range(2):
        counter_staff.tell(NOW)

    assert CounterPin.objects.count() == 2
    assert StaffAccount.objects.get(username=counter_staff.HELPER).works_until.isoformat() == "2026-01-27"
    assert RosterShift.objects.count() == 10
    assert DutyDelegation.objects.get().duties == ["roster", "visits"]
