"""The demo's accreditation: outlets with a licence in the public register, and a place in each state before one."""

from datetime import timedelta

import pytest

from agents.accreditation import queries
from agents.accreditation.models import Accreditation, Survey
from agents.accreditation.rules import State
from agents.models.organisations import Outlet
from agents.moves.models import OutletMove
from agents.quality.models import LaunchWatch
from config.demo import accredited
from shared import scope
from shared.calendar import local
from tests.factories import network, places
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cast():
    network.outlet(places.HOAN_KIEM, code="HNI-001")
    network.outlet(places.BA_DINH, code="HNV-001", operator=network.other_operator())
    network.outlet(places.PHONG_DINH, code="HUE-003")
    for code in ("00229", "00118", "00637", "09694", "00160"):
        places.commune(code)
    for username, account in (
            ("chuongtrinh.hanoi", network.programme_officer()), ("chuongtrinh2.hanoi", network.programme_officer()),
            ("chuongtrinh.hue", network.programme_officer(places.HUE)),
            ("dieuhanh.vnpost", network.operator_hq()),
            ("dieuhanh.viettel", network.operator_hq(network.other_operator()))):
        account.username = username
        account.save(update_fields=["username"])


def test_places_stand_in_every_state_and_outlets_are_in_the_public_register_however_often_it_is_told():
    accredited.tell(NOW)
    accredited.tell(NOW + timedelta(hours=1))

    assert dict(Accreditation.objects.values_list("code", "state")) == {
        "HNI-001": State.ACTIVE, "HNV-001": State.ACTIVE, "HUE-003": State.ACTIVE, "HNI-101": State.CANDIDATE,
        "HNV-101": State.SURVEYED, "HNI-102": State.APPROVED, "HNI-103": State.RETURNED,
        "HNI-104": State.ACTIVE}
    with scope.everything():
        listed = queries.registered(queries.register(), local(NOW).date())
    assert sorted(each.outlet.code for each in listed if each.is_genuine) == [
        "HNI-001", "HNI-104", "HNV-001", "HUE-003"]
    assert Outlet.objects.count() == 4
    move = OutletMove.objects.get()
    assert (move.outlet.code, move.state) == ("HNI-001", "approved")
    assert [each.outlet.code for each in LaunchWatch.objects.filter(outlet__code="HNI-104")] == ["HNI-104"]


def test_who_surveyed_did_not_decide():
    accredited.tell(NOW)

    approved = Accreditation.objects.get(code="HNI-102")
    assert approved.approved_by != Survey.objects.get(accreditation=approved).inspector_id
