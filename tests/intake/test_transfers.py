"""A dossier is paid by a transfer asked for on its page, and once, whatever else happened meanwhile."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from billing.payments import accounts, bank, cash, collecting
from billing.payments.models import CashMovement, CashShift
from billing.payments.records import BankEntry
from intake.errors import NothingDue
from intake.models.dossiers import Dossier
from intake.models.receipts import Receipt
from intake.operations import payments
from intake.operations.receipts import void_receipt
from intake.rules.states import MoneyState
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.outbox import relay
from shared.roles import Role
from tests.factories.browsers import Api, body_of
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.receipt_cases import till as a_till

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def till():
    found = a_till()
    outlet = found.counter.outlet
    heads = [Actor(ActorKind.PERSON, str(uuid4()), name, Role.OPERATOR_HQ, operator_id=outlet.operator_id)
             for name in ("Phạm Thu", "Ngô Minh")]
    entry = accounts.AccountEntry(outlet.operator_id, outlet.operator.code, outlet.commune.province_id, "970436",
                                  "1023456789", "BUU DIEN", date(2025, 1, 1))
    account = accounts.enter_account(entry, by=heads[0], at=NOW)
    accounts.approve_account(account_id=account.id, by=heads[1], at=NOW)
    return found, account, heads[0]


def told(account, asked, by):
    line = BankEntry(NOW + timedelta(minutes=9), asked.amount, f"MBVCB {asked.reference} CT", f"FT{asked.reference}")
    bank.take_lines(account_id=account.id, entries=[line], by=by, at=NOW + timedelta(minutes=10))
    deliver()


def deliver():
    while relay.drain():
        pass


def test_the_banks_line_pays_the_dossier_and_writes_the_receipt_in_the_name_of_who_asked(till):
    counter, account, head = till
    dossier = counter.due()
    asked = payments.ask_transfer(dossier_id=dossier.id, by=counter.by, at=NOW)

    told(account, asked, head)

    dossier.refresh_from_db()
    assert dossier.money == MoneyState.PAID
    assert Receipt.objects.get(dossier=dossier).issued_by == counter.by.id
    assert not CashMovement.objects.exists()


def test_cash_taken_while_the_bank_was_awaited_leaves_a_transfer_to_give_back(till):
    counter, account, head = till
    dossier = counter.due()
    asked = payments.ask_transfer(dossier_id=dossier.id, by=counter.by, at=NOW)
    payments.record_payment(dossier_id=dossier.id, by=counter.by, at=NOW)

    told(account, asked, head)

    assert WorkItem.objects.get(kind="paid-twice").reference == str(asked.id)
    assert Receipt.objects.filter(dossier=dossier).count() == 1


def test_nothing_is_asked_for_what_was_paid(till):
    counter, _account, _head = till
    dossier = counter.due()
    payments.record_payment(dossier_id=dossier.id, by=counter.by, at=NOW)
    with pytest.raises(NothingDue):
        payments.ask_transfer(dossier_id=dossier.id, by=counter.by, at=NOW)


def test_cash_lies_in_the_clerks_drawer_and_leaves_it_when_the_receipt_is_voided(till):
    counter, _account, _head = till
    dossier = counter.due()
    payments.record_payment(dossier_id=dossier.id, by=counter.by, at=NOW)
    deliver()
    shift = CashShift.objects.get()
    paid = cash.sums_of(shift).expected
    assert paid >= dossier.fee > Money(0)

    void_receipt(receipt_id=Receipt.objects.get(dossier=dossier).id, reason="not-collected",
                 note="Chưa nhận được tiền", by=counter.manager, at=NOW)
    deliver()

    assert cash.sums_of(shift).expected == Money(0)
    assert Dossier.objects.get(id=dossier.id).money == MoneyState.DUE


def test_a_payment_given_back_leaves_its_receipt_to_the_manager_and_no_drawer_pays(till):
    counter, account, head = till
    dossier = counter.due()
    asked = payments.ask_transfer(dossier_id=dossier.id, by=counter.by, at=NOW)
    told(account, asked, head)
    collecting.return_collection(collection_id=asked.id, why="Chuyển trả FT999", by=head, at=NOW)
    deliver()

    receipt = Receipt.objects.get(dossier=dossier)
    assert WorkItem.objects.get(kind="receipt-to-void").reference == str(receipt.id)
    void_receipt(receipt_id=receipt.id, reason="not-collected", note="Tiền đã chuyển trả", by=counter.manager, at=NOW)
    deliver()
    assert not CashMovement.objects.exists()
    assert Dossier.objects.get(id=dossier.id).money == MoneyState.DUE


def test_a_counter_system_asks_for_the_code_and_asked_again_gets_the_same(till, time_machine):
    time_machine.move_to(NOW, tick=False)
    counter, _account, _head = till
    dossier, api = counter.due(), Api(person=counter.counter.clerk)

    asked = api.post(f"/dossiers/{dossier.id}/payment-requests", {"method": "transfer"})
    again = api.post(f"/dossiers/{dossier.id}/payment-requests", {"method": "transfer"})

    told = body_of(asked)
    assert (asked.status_code, told["state"], told["code"][:6]) == (201, "asked", "000201")
    assert body_of(again)["id"] == told["id"]
    assert api.post(f"/dossiers/{uuid4()}/payment-requests", {"method": "transfer"}).status_code == 404
    refused = api.post(f"/dossiers/{dossier.id}/payment-requests", {"method": "card"})
    assert body_of(refused)["type"].endswith("cards-not-offered")
