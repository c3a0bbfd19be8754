"""Payouts on screen: what waits, who may do what, a constant number of queries."""

import pytest

from billing.models.ledger import Charge
from billing.payouts.models import Payout, PayoutBatch
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.payout_cases import account_of, approved, handed_over, made, posted, released, told, went, worked
from tests.billing.people import operator, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


@pytest.fixture
def place():
    place = cases.outlet()
    posted()
    worked(place)
    account_of()
    account_of(place.id, number="0071000123456")
    released()
    return place


def test_the_city_sees_who_gets_what_and_makes_a_batch(client, place):
    shown = signed_in(client).get("/chi-tra/").content.decode()
    assert "•••• 3456" in shown
    assert "0071000123456" not in shown
    chosen = [str(each) for each in Payout.objects.values_list("id", flat=True)]
    answer = client.post("/chi-tra/lo/", {"payout": [*chosen, "nonsense"], "method": "bank"})
    batch = PayoutBatch.objects.get()
    assert answer["Location"] == f"/chi-tra/lo/{batch.id}/"
    assert batch.number in client.get(answer["Location"]).content.decode()


def test_a_refusal_stands_on_the_page(client, place):
    answer = signed_in(client).post("/chi-tra/lo/", {"method": "stripe"})
    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()


def test_the_file_is_there_when_the_batch_is_approved(client, place):
    batch = made()
    assert signed_in(client).get(f"/chi-tra/lo/{batch.id}/tep.csv").status_code == 404
    client.force_login(person(Role.FINANCE_APPROVER), backend="agents.backends.StaffBackend")
    client.post(f"/chi-tra/lo/{batch.id}/duyet/", {"digest": batch.digest})
    answer = client.get(f"/chi-tra/lo/{batch.id}/tep.csv")
    assert (answer.status_code, b"0071000123456" in answer.content) == (200, True)
    client.post(f"/chi-tra/lo/{batch.id}/giao/", {"reference": "VCB-77"})
    batch.refresh_from_db()
    assert (batch.state, batch.bank_reference) == ("handed_over", "VCB-77")


def test_an_outlet_sees_its_own_payout_and_no_batch(client, place):
    batch = approved()
    client.force_login(cases.manager(place), backend="agents.backends.StaffBackend")
    shown = client.get("/chi-tra/").content.decode()
    assert "12.000" in shown
    assert "52.000" not in shown
    assert client.get(f"/chi-tra/lo/{batch.id}/").status_code == 403


def test_an_operator_enters_an_account_and_the_city_approves_it(client):
    place = cases.outlet()
    client.force_login(person(Role.OPERATOR_HQ, operator=operator()), backend="agents.backends.StaffBackend")
    entry = {"payee": f"01/{place.id}", "method": "bank", "bank_bin": "970436", "number": "12",
             "holder_name": "Bưu cục Hàng Bạc"}
    assert client.post("/chi-tra/tai-khoan/moi/", entry).status_code == 422
    assert client.post("/chi-tra/tai-khoan/moi/", {**entry, "number": "123456789"}).status_code == 302
    shown = signed_in(client, Role.FINANCE_APPROVER).get("/chi-tra/tai-khoan/").content.decode()
    assert "•••• 6789" in shown


def test_the_list_asks_as_often_for_many_as_for_few(client, place, django_assert_max_num_queries):
    batch = handed_over()
    for order in batch.orders.all():
        told(went(order))
    signed_in(client)
    client.get("/chi-tra/")
    with django_assert_max_num_queries(12):
        client.get("/chi-tra/")
    with django_assert_max_num_queries(9):
        client.get(f"/chi-tra/lo/{batch.id}/")


def test_the_line_of_a_payout_names_who_made_and_approved_it_and_what_the_bank_said(client, place):
    batch = handed_over()
    order = batch.orders.order_by("reference").first()
    told(went(order))
    line = Charge.objects.get(source_type="payout_order")

    shown = signed_in(client, Role.AUDITOR).get(f"/dong/{line.id}/").content.decode()

    assert batch.number in shown
    assert "Duyệt lô chi" in shown
    assert f"OUT-{order.reference}" in shown
