"""The public register and the accreditations in sight, through the API."""

import pytest

from agents.models.people import StaffAccount
from shared.roles import Role
from tests.agents import accredited
from tests.agents.factories import make_operator, staff

pytestmark = pytest.mark.django_db


def test_anybody_reads_the_register(client):
    accredited.licensed(accredited.people())
    (found,) = client.get("/api/v1/register", {"q": "kim long", "province": "46"}).json()["items"]
    assert found["code"] == "HUE-009"
    assert found | {"prices": None} == client.get("/api/v1/register/hue-009").json()
    assert client.get("/api/v1/register", {"province": "01"}).json()["items"] == []
    answer = client.get("/api/v1/register/HUE-777")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "accreditation-not-found")


def test_an_operator_lists_its_own_accreditations_only(client):
    people = accredited.people()
    accredited.proposed(people)
    client.force_login(StaffAccount.objects.get(id=people.operator.id))
    (found,) = client.get("/api/v1/accreditations").json()["items"]
    assert (found["code"], found["state"]) == ("HUE-009", "candidate")
    client.force_login(staff(Role.OPERATOR_HQ, operator=make_operator("VTPOST", name="Viettel Post")))
    assert client.get("/api/v1/accreditations").json()["items"] == []
