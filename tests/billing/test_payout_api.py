"""Drawers, requests for payment and payouts over the API."""

import pytest

from billing.payouts.models import Payout
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.payout_cases import account_of, posted, released
from tests.billing.people import operator, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
API = "/api/v1"


def post(client, path, body, key=""):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_a_drawer_from_its_opening_to_its_question(client):
    place = cases.outlet()
    client.force_login(person(Role.OUTLET_CLERK, outlet=place), backend="agents.backends.StaffBackend")
    opened = post(client, "/cash-shifts", {"notes": {"10000": 5}}, key="k1")
    assert (opened.status_code, opened.json()["opening_vnd"]) == (201, 50_000)
    assert post(client, "/cash-shifts", {"notes": {"10000": 5}}, key="k1").json() == opened.json()
    path = f"/cash-shifts/{opened.json()['id']}"
    assert post(client, "/cash-shifts", {"notes": {"300": 5}}).json()["code"] == "cash-count-refused"
    assert post(client, f"{path}/hand-ins", {"amount_vnd": 20_000, "slip": "NT-1"}).json()["amount_vnd"] == -20_000
    told = client.get(f"{API}{path}").json()
    assert (told["must_lie_there_vnd"], len(told["movements"])) == (30_000, 1)
    assert post(client, f"{path}/counts", {"notes": {"10000": 2}}).json()["state"] == "questioned"
    assert post(client, f"{path}/answers", {"cause": "found", "answer": "Rơi sau ngăn kéo"}).status_code == 403
    client.force_login(cases.manager(place), backend="agents.backends.StaffBackend")
    answered = post(client, f"{path}/answers", {"cause": "found", "answer": "Rơi sau ngăn kéo"}).json()
    assert (answered["state"], answered["cause"]) == ("closed", "found")
    assert len(client.get(f"{API}/cash-shifts").json()["items"]) == 1


def test_payouts_from_the_account_to_the_confirmed_line(client):
    cases.outlet()
    posted()
    account_of()
    month = released()
    reviewer = person()
    client.force_login(reviewer, backend="agents.backends.StaffBackend")
    payout = client.get(f"{API}/payouts").json()["items"][0]
    assert (payout["amount_vnd"], payout["statement_id"]) == (52_000, str(month.id))
    batch = post(client, "/payout-batches", {"payouts": [payout["id"]]}).json()
    assert post(client, f"/payout-batches/{batch['id']}/approvals", {"digest": batch["digest"]}).status_code == 403
    client.force_login(person(Role.FINANCE_APPROVER), backend="agents.backends.StaffBackend")
    approved = post(client, f"/payout-batches/{batch['id']}/approvals", {"digest": batch["digest"]}).json()
    assert (approved["state"], len(approved["file_sha256"])) == ("approved", 64)
    client.force_login(reviewer, backend="agents.backends.StaffBackend")
    post(client, f"/payout-batches/{batch['id']}/hand-overs", {})
    order = client.get(f"{API}/payout-batches/{batch['id']}").json()["orders"][0]
    line = {"booked_at": "2026-02-10T09:00:00+07:00", "amount_vnd": -52_000, "purpose": f"CHI {order['reference']}"}
    assert post(client, "/paying-account/lines", {"lines": [line]}).json()["matched"] == 1
    assert client.get(f"{API}/payouts/{payout['id']}").json()["state"] == "paid"


def test_an_account_is_told_by_its_last_digits_only(client):
    place = cases.outlet()
    client.force_login(person(Role.OPERATOR_HQ, operator=operator()), backend="agents.backends.StaffBackend")
    body = {"province_code": "01", "outlet_id": str(place.id), "bank_bin": "970436", "number": "1023456789",
            "holder_name": "Bưu cục Hàng Bạc"}
    entered = post(client, "/payee-accounts", body)
    assert (entered.status_code, entered.json()["last_digits"]) == (201, "6789")
    assert b"1023456789" not in entered.content + client.get(f"{API}/payee-accounts").content
    client.force_login(person(Role.FINANCE_APPROVER), backend="agents.backends.StaffBackend")
    path = f"/payee-accounts/{entered.json()['id']}"
    assert post(client, f"{path}/refusals", {"reason": "Sai tên chủ"}).json()["state"] == "refused"
    assert post(client, f"{path}/approvals", {}).status_code in {409, 422}


def test_another_city_sees_nothing(client):
    cases.outlet()
    posted()
    released()
    signed_in(client, province="46")
    assert client.get(f"{API}/payouts").json()["items"] == []
    assert client.get(f"{API}/payouts/{Payout.objects.get().id}").status_code == 404
