"""A payee's account: sealed, entered by the operator, approved by the city, used only after its cooling-off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from billing.payouts import accounts
from billing.payouts.accounts import PayeeEntry
from billing.payouts.errors import (
    PayeeAccountDecided,
    PayeeAccountNotFound,
    PayeeAccountRefused,
    PayeeNotFound,
    ReasonMissing,
    SecondPersonNeeded,
)
from billing.payouts.models import PayeeAccount
from billing.payouts.queries import payee_accounts
from shared.models.oversight import AuditEntry
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.claim_cases import FEBRUARY_3, HOA, LAN, MINH, headquarters
from tests.billing.payout_cases import account_of
from tests.billing.people import operator

pytestmark = pytest.mark.django_db
NUMBER = "1023 456 789"


@pytest.fixture
def place():
    return cases.outlet()


def entered(place, by=None, **changes):
    facts = {"province_code": "01", "method": "bank", "number": NUMBER, "holder_name": "Bưu điện Hà Nội",
             "bank_bin": "970436", "outlet_id": place.id, **changes}
    return accounts.enter_payee_account(PayeeEntry(**facts), by=by or headquarters(), at=FEBRUARY_3)


def test_the_number_lies_nowhere_in_clear(place):
    account = entered(place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(a)::text FROM billing_payeeaccount a")
        assert "1023456789" not in cursor.fetchone()[0]
    kept = PayeeAccount.objects.get()
    assert (kept.number, str(kept)) == ("1023456789", "Vietcombank •••• 6789")
    told = AuditEntry.objects.filter(object_id=str(account.id)).values_list("after", flat=True)
    assert all("1023456789" not in str(each) for each in told)


@pytest.mark.parametrize("wrong", [{"bank_bin": "000000"}, {"number": "12"}, {"number": "12-34567"},
                                   {"holder_name": "…"}, {"method": "cash"}, {"method": "stripe"}])
def test_what_cannot_be_an_account_is_refused(place, wrong):
    with pytest.raises(PayeeAccountRefused):
        entered(place, **wrong)


def test_a_connected_account_keeps_its_letters(place):
    assert entered(place, method="stripe", number="acct_1AbC23dEf").number == "acct_1AbC23dEf"


def test_nobody_enters_an_account_for_somebody_else(place):
    operator("VTPOST")
    with pytest.raises(PayeeNotFound):
        entered(place, by=headquarters("VTPOST"))
    with pytest.raises(PayeeNotFound):
        entered(place, province_code="46")


def test_the_city_approves_and_nobody_else(place):
    account = entered(place)
    for by in (LAN, replace(headquarters(), role=Role.FINANCE_APPROVER)):
        with pytest.raises((SecondPersonNeeded, PayeeAccountNotFound)):
            accounts.approve_payee_account(account_id=account.id, by=by, at=FEBRUARY_3)
    with pytest.raises(PayeeAccountNotFound):
        accounts.approve_payee_account(account_id=account.id, by=replace(MINH, province_code="46"), at=FEBRUARY_3)
    approved = accounts.approve_payee_account(account_id=account.id, by=MINH, at=FEBRUARY_3)
    assert approved.usable_from == FEBRUARY_3 + timedelta(hours=48)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayeeAccount.objects.filter(id=account.id).update(decided_by=account.entered_by)


def test_an_account_in_force_is_replaced_only_by_an_approved_one(place):
    first = account_of(place.id)
    second = entered(place, number="999888777")
    assert PayeeAccount.objects.get(id=first.id).state == "approved"
    third = entered(place, number="999888666")
    assert PayeeAccount.objects.get(id=second.id).state == "refused"
    with pytest.raises(PayeeAccountDecided):
        accounts.approve_payee_account(account_id=second.id, by=MINH, at=FEBRUARY_3)
    accounts.approve_payee_account(account_id=third.id, by=HOA, at=FEBRUARY_3)
    assert PayeeAccount.objects.get(id=first.id).state == "ended"


def test_a_refusal_needs_a_reason_that_the_operator_reads(place):
    account = entered(place)
    with pytest.raises(ReasonMissing):
        accounts.refuse_payee_account(account_id=account.id, reason=" ", by=MINH, at=FEBRUARY_3)
    assert accounts.refuse_payee_account(account_id=account.id, reason="Tên chủ tài khoản khác", by=MINH,
                                         at=FEBRUARY_3).state == "refused"


def test_the_same_number_under_two_payees_is_told(place):
    account_of(place.id)
    account_of(cases.outlet().id)
    assert [row.used_by != () for row in payee_accounts(MINH, FEBRUARY_3)] == [True, True]
    account_of(cases.outlet().id, number="555444333")
    assert sum(row.used_by == () for row in payee_accounts(MINH, FEBRUARY_3)) == 1


def test_a_number_that_stands_there_is_never_changed(place):
    account = account_of(place.id)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        PayeeAccount.objects.filter(id=account.id).update(holder_name="Người khác")
