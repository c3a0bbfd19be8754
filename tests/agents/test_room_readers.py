"""Who reads the operations room: managers their own place, the city's offices their city."""

from datetime import timedelta

import pytest

from agents.models.people import StaffAccount
from agents.room import beats, reporting, steps
from agents.room.queries import climbed
from agents.room.reporting import Report
from shared.roles import Role
from tests.agents.factories import make_outlet, make_province, moment, staff
from tests.agents.test_operations_room import acting

pytestmark = pytest.mark.django_db

NINE = moment("2025-07-02 09:00")


def shown(client, account, path):
    client.force_login(StaffAccount.objects.get(id=account.id))
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def two_outlets():
    make_province()
    outlets = [make_outlet(name="Bưu cục Kim Long"), make_outlet(name="Bưu cục An Cựu")]
    for outlet in outlets:
        clerk = acting(staff(Role.OUTLET_CLERK, outlet=outlet))
        beats.beat(by=clerk, latency_ms=80, at=NINE)
        reporting.report_incident(Report("network"), by=clerk, at=NINE)
    return outlets


def test_an_outlets_manager_reads_her_own_outlet_alone(client, two_outlets):
    manager = staff(Role.OUTLET_MANAGER, outlet=two_outlets[0])
    for path in ("/su-co/", "/su-co/ket-noi/"):
        page = shown(client, manager, path)
        assert "Bưu cục Kim Long" in page
        assert "Bưu cục An Cựu" not in page
    assert client.get("/giao-ban/").status_code == 403


@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICER, Role.CENTRE_MANAGER])
def test_situation_incidents_contact_and_briefs_lie_side_by_side_for_who_reads_them(role, client, two_outlets):
    account = staff(role)
    for path in ("/tinh-hinh/", "/su-co/", "/su-co/ket-noi/", "/giao-ban/"):
        page = shown(client, account, path)
        assert all(f'href="{other}"' in page for other in ("/su-co/", "/su-co/ket-noi/", "/giao-ban/"))


def test_what_was_not_taken_in_time_stands_as_a_number_in_the_programme_officers_rail(two_outlets):
    officer = acting(staff(Role.PROGRAMME_OFFICER))
    assert climbed(officer).count() == 0

    steps.watch_incidents(at=NINE + timedelta(minutes=61))
    steps.watch_incidents(at=NINE + timedelta(minutes=62))

    assert climbed(officer).count() == 2
    assert climbed(acting(staff(Role.ADMINISTRATOR))).count() == 0
    assert climbed(acting(staff(Role.OPERATIONS_OFFICER))).count() == 0


def test_the_programme_officer_reads_what_is_wrong_all_over_her_city(client, two_outlets):
    page = shown(client, staff(Role.PROGRAMME_OFFICER), "/su-co/")

    assert "Bưu cục Kim Long" in page
    assert "Bưu cục An Cựu" in page
