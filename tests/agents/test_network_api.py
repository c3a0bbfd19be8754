from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from agents.models.people import ApiToken
from agents.operations import tokens
from agents.records import Workplace
from shared.ids import uuid7
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.agents.factories import OFFICE, make_centre, make_operator, make_outlet, make_province, moment, opens, staff

pytestmark = pytest.mark.django_db

def in_a_month() -> str:
    return (timezone.now() + timedelta(days=30)).isoformat()


@pytest.fixture
def administrator(client):
    client.force_login(staff(Role.ADMINISTRATOR))
    return client


@pytest.fixture
def machine(client, time_machine):
    """A client that sends the token of an outlet."""
    time_machine.move_to(moment("2025-07-03 10:00"), tick=False)
    outlet = make_outlet()
    issued = tokens.issue_token(name="Kiosk", scopes=frozenset({"network:read"}), place=Workplace(outlet_id=outlet.id),
                                expires_at=moment("2025-08-01 00:00"), by=OFFICE, at=moment("2025-07-03 10:00"))
    client.outlet, client.token = outlet, issued
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {issued.clear}"
    return client


def issue(client, key="", **changed):
    outlet = changed.pop("outlet", None) or make_outlet()
    body = {"name": "Kiosk", "scopes": ["dossiers:write"], "place": {"outlet_id": str(outlet.id)},
            "expires_at": in_a_month()} | changed
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/tokens", orjson.dumps(body), content_type="application/json", headers=headers)


def test_a_person_and_a_machine_each_learn_who_they_are(client, machine):
    assert machine.get("/api/v1/me").json() == {
        "kind": "machine", "id": str(machine.token.token.id), "name": "Kiosk", "role": "",
        "outlet_id": str(machine.outlet.id), "operator_id": str(machine.outlet.operator_id), "centre_id": None,
        "province_code": "46"}


def test_nobody_gets_401_and_is_told_how_to_come_in(client):
    answer = client.get("/api/v1/me")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="wardpost"')
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("header", [
    "Bearer wp_unknown", "Bearer wp_" + "A" * 43, "Bearer", "Basic dXNlcjpwYXNz", "wp_" + "A" * 43, "Bearer \u00e9",
])
def test_a_token_that_is_not_valid_gets_401_even_with_a_session(header, administrator):
    assert administrator.get("/api/v1/me", headers={"Authorization": header}).status_code == 401


def test_a_token_ends_when_it_expires(machine, time_machine):
    time_machine.move_to(moment("2025-07-31 23:59"))
    assert machine.get("/api/v1/me").status_code == 200

    time_machine.move_to(moment("2025-08-01 00:00"))

    assert machine.get("/api/v1/me").status_code == 401


def test_a_token_ends_when_it_is_revoked(machine):
    tokens.revoke_token(token_id=machine.token.token.id, by=OFFICE, at=moment("2025-07-03 09:59"))

    assert machine.get("/api/v1/me").status_code == 401


def test_a_token_without_the_scope_is_refused_and_told_which_one_is_needed(machine):
    ApiToken.objects.update(scopes=["dossiers:write"])

    answer = machine.get("/api/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (403, "token-scope-missing")
    assert answer.json()["needed"] == ["network:read"]


def test_the_token_itself_is_in_no_row(machine):
    row = ApiToken.objects.values().get()

    assert machine.token.clear.removeprefix("wp_") not in str(row)
    assert len(bytes(row["digest"])) == 32
    assert machine.token.clear not in repr(machine.token)


def test_an_outlet_shows_its_hours_and_tasks(administrator):
    outlet = make_outlet(tasks=["advise"])
    opens(outlet, 0, at="07:30", until="11:30")

    shown = administrator.get(f"/api/v1/outlets/{outlet.id}").json()

    assert shown["opening_hours"] == [{"weekday": 0, "opens": "07:30:00", "closes": "11:30:00"}]
    assert (shown["tasks"], shown["agreement_until"]) == (["advise"], None)


def somebody_elses_outlet():
    return make_outlet(operator=make_operator("VTPOST", name="Viettel Post")).id


@pytest.mark.parametrize("other", [uuid7, somebody_elses_outlet])
def test_another_operators_outlet_and_none_at_all_are_one_and_the_same_answer(other, client):
    client.force_login(staff(Role.OPERATOR_HQ))

    answer = client.get(f"/api/v1/outlets/{other()}")

    assert (answer.status_code, answer.json()["code"]) == (404, "outlet-not-found")


def test_a_token_is_shown_once_and_a_repeat_gets_the_same_answer_without_it(administrator):
    outlet = make_outlet()
    until = in_a_month()
    first, again = (issue(administrator, key="tao-khoa-1", outlet=outlet, expires_at=until) for _ in range(2))

    assert first.status_code == again.status_code == 201
    assert len(first.json()["token"]) == 46
    assert again.json() == first.json() | {"token": ""}
    assert again["Idempotency-Replayed"] == "true"
    assert ApiToken.objects.count() == 1


def test_issuing_and_revoking_are_audited_without_the_token(administrator):
    issued = issue(administrator).json()
    revoked = administrator.delete(f"/api/v1/tokens/{issued['id']}")

    assert revoked.json()["revoked_at"] is not None
    entries = AuditEntry.objects.order_by("id")
    assert [entry.action for entry in entries] == ["issue_token", "revoke_token"]
    assert issued["token"] not in str(list(entries.values()))


@pytest.mark.parametrize(("changed", "pointer"), [
    ({"scopes": ["everything"]}, "/scopes"),
    ({"scopes": ["centre:write"]}, "/scopes"),
    ({"scopes": []}, "/scopes"),
    ({"place": {}}, "/place"),
    ({"place": {"outlet_id": str(uuid7())}}, "/place"),
    ({"place": {"province_code": "46", "outlet_id": str(uuid7())}}, "/place"),
    ({"expires_at": "2020-01-01T00:00:00+07:00"}, "/expires_at"),
    ({"expires_at": "2999-01-01T00:00:00+07:00"}, "/expires_at"),
    ({"expires_at": "2026-01-01"}, "/expires_at"),
    ({"name": "x"}, "/name"),
    ({"name": None}, "/name"),
    ({"surprise": 1}, "/surprise"),
])
def test_a_token_that_makes_no_sense_is_refused_by_field(changed, pointer, administrator):
    answer = issue(administrator, **changed)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not ApiToken.objects.exists()


def test_an_administrator_of_one_city_neither_sees_nor_ends_anothers_tokens(client):
    hue = make_centre().province
    client.force_login(staff(Role.ADMINISTRATOR, province=hue))
    elsewhere = tokens.issue_token(
        name="Máy ở Hà Nội", scopes=frozenset({"board:read"}), place=Workplace(province_code=_hanoi()),
        expires_at=moment("2025-08-01 00:00"), by=OFFICE, at=moment("2025-07-03 10:00")).token

    assert client.get("/api/v1/tokens").json()["items"] == []
    assert client.delete(f"/api/v1/tokens/{elsewhere.id}").status_code == 404
    assert issue(client, place={"province_code": _hanoi()}, scopes=["board:read"]).status_code == 403


def _hanoi() -> str:

    return make_province("01", name="Hà Nội").code


def test_pages_of_tokens_join_without_gap_or_double(administrator):
    outlet = make_outlet()
    made = {issue(administrator, outlet=outlet).json()["id"] for _ in range(7)}

    seen, cursor = [], ""
    while True:
        page = administrator.get("/api/v1/tokens", {"limit": 3, "cursor": cursor} if cursor else {"limit": 3}).json()
        seen += [item["id"] for item in page["items"]]
        if not (cursor := page["next"]):
            break
        issue(administrator, outlet=outlet)  # newer ones come first and disturb nothing

    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize(("asked", "pointer"), [
    ({"limit": "0"}, "/query/limit"), ({"limit": "101"}, "/query/limit"), ({"limit": "1_0"}, "/query/limit"),
    ({"limit": "10\u0660"}, "/query/limit"), ({"cursor": "nonsense"}, "/query/cursor"),
    ({"cursor": "W10"}, "/query/cursor"), ({"cursor": "W251bGwsbnVsbF0"}, "/query/cursor"),
    ({"order": "name"}, "/query/order"), ({"name__startswith": "a"}, "/query/name__startswith"),
])
def test_a_list_takes_no_parameter_it_does_not_know(asked, pointer, administrator):
    answer = administrator.get("/api/v1/tokens", asked)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
