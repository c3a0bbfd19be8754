"""A transfer asked for at the counter is paid by the bank line that names it, once, whatever is told when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from billing.models.ledger import Posting
from billing.payments import accounts, bank, collecting
from billing.payments.errors import (
    AccountOverlaps,
    AccountRefused,
    ApprovedByEnterer,
    BankLineSettled,
    CollectionEnded,
    NoCollectingAccount,
    SettlementRefused,
)
from billing.payments.models import BankLine, Collection
from billing.payments.queries import LineRow
from billing.payments.records import BankEntry, Due, Till
from shared.actors import Actor, ActorKind
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
TILL = Till(uuid4(), uuid4(), "VNPOST", "01")
CLERK = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa", Role.OUTLET_CLERK, outlet_id=TILL.outlet_id)
FIRST = Actor(ActorKind.PERSON, str(uuid4()), "Phạm Thu", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
SECOND = Actor(ActorKind.PERSON, str(uuid4()), "Ngô Minh", Role.OPERATOR_HQ, operator_id=TILL.operator_id)


@pytest.fixture(autouse=True)
def _rates():
    load_rates()


def entered(**changes):
    facts = {"operator_id": TILL.operator_id, "operator_code": "VNPOST", "province_code": "01", "bank_bin": "970436",
             "account_number": "1023456789", "account_name": "BUU DIEN TP HUE", "valid_from": date(2026, 1, 1),
             **changes}
    return accounts.enter_account(accounts.AccountEntry(**facts), by=FIRST, at=NOON)


@pytest.fixture
def account():
    return accounts.approve_account(account_id=entered().id, by=SECOND, at=NOON)


def asked(*, source=None, fee=8_000, postage=30_000, at=NOON):
    due = Due("dossier", source or uuid4(), Money(fee), Money(postage))
    return collecting.ask_transfer(due=due, till=TILL, by=CLERK, at=at)


def told(account, *entries):
    return bank.take_lines(account_id=account.id, entries=entries, by=FIRST, at=NOON + timedelta(hours=2))


def line(reference, amount=38_000, *, minutes=10, ref="FT1"):
    return BankEntry(NOON + timedelta(minutes=minutes), Money(amount), f"MBVCB.34.{reference}.CT tu 0011", ref)


def test_nothing_is_collected_into_an_account_that_one_person_entered_alone():
    account = entered()
    with pytest.raises(NoCollectingAccount):
        asked()
    with pytest.raises(ApprovedByEnterer):
        accounts.approve_account(account_id=account.id, by=FIRST, at=NOON)


def test_two_accounts_are_never_in_force_at_once(account):
    other = entered(account_number="99")
    with pytest.raises(AccountOverlaps):
        accounts.approve_account(account_id=other.id, by=SECOND, at=NOON)


@pytest.mark.parametrize("wrong", [{"bank_bin": "000000"}, {"account_number": "12 34"}, {"account_name": "x"},
                                   {"valid_to": date(2025, 1, 1)}])
def test_an_account_that_cannot_be_right_is_refused(wrong):
    with pytest.raises(AccountRefused):
        entered(**wrong)


def test_a_code_asks_for_the_whole_amount_under_a_reference_of_its_own(account):
    wanted = asked()
    assert wanted.amount == Money(38_000)
    assert f"08{len(wanted.reference)}{wanted.reference}" in wanted.code
    assert "540538000" in wanted.code


def test_asked_twice_it_is_the_same_code_and_another_amount_is_another(account):
    source = uuid4()
    first, again, dearer = asked(source=source), asked(source=source), asked(source=source, fee=9_000)
    assert first.reference == again.reference != dearer.reference
    assert [each.state for each in Collection.objects.order_by("asked_at", "id")] == ["cancelled", "asked"]


def test_the_bank_line_that_names_it_pays_it_and_the_books_balance(account):
    wanted = asked()
    answer = told(account, line(wanted.reference))

    assert (answer.new, answer.matched, answer.exceptions) == (1, 1, 0)
    assert Collection.objects.get().state == "paid"
    legs = {p.account.code: p.amount.amount for p in Posting.objects.select_related("account")}
    assert legs == {"VNPOST:bank": 38_000, "01:fees-collected": -8_000, "01:citizen-share": -30_000}
    assert OutboxMessage.objects.filter(event="CollectionPaid").exists()


def test_a_line_told_again_is_the_same_line(account):
    wanted = asked()
    told(account, line(wanted.reference))
    assert told(account, line(wanted.reference)).new == 0
    assert Posting.objects.count() == 3


def test_equal_lines_without_a_number_are_as_many_as_the_bank_told(account):
    plain = [BankEntry(NOON, Money(5_000), "nop tien") for _ in range(2)]
    assert told(account, *plain).new == 2
    assert told(account, *plain).new == 0


def test_a_second_transfer_for_the_same_request_waits_for_a_person(account):
    wanted = asked()
    told(account, line(wanted.reference), line(wanted.reference, ref="FT2", minutes=11))
    assert sorted(BankLine.objects.values_list("verdict", flat=True)) == ["matched", "paid-already"]
    assert WorkItem.objects.get(kind="bank-line-exception").detail["verdict"] == "paid-already"


def test_money_that_comes_late_pays_when_a_person_says_so(account):
    wanted = asked()
    collecting.expire_collections(at=NOON + timedelta(days=2))
    told(account, line(wanted.reference, minutes=60 * 30))
    late = BankLine.objects.get()
    assert late.verdict == "late"

    bank.settle_line(line_id=late.id, reference=wanted.reference, why="Người dân chuyển muộn một ngày", by=FIRST,
                     at=NOON + timedelta(days=2))

    assert Collection.objects.get().state == "paid"
    assert not WorkItem.objects.filter(kind="bank-line-exception", closed_at=None).exists()
    with pytest.raises(BankLineSettled):
        bank.settle_line(line_id=late.id, reference="", why="một lần nữa", by=FIRST, at=NOON)


def test_money_in_time_pays_although_our_clock_had_ended_the_request(account):
    wanted = asked()
    collecting.expire_collections(at=NOON + timedelta(days=2))
    told(account, line(wanted.reference, minutes=30))
    assert Collection.objects.get().state == "paid"


def test_another_amount_is_never_made_to_fit(account):
    wanted = asked()
    told(account, line(wanted.reference, 30_000))
    strange = BankLine.objects.get()
    with pytest.raises(SettlementRefused):
        bank.settle_line(line_id=strange.id, reference=wanted.reference, why="thiếu tám nghìn", by=FIRST, at=NOON)
    bank.settle_line(line_id=strange.id, reference="", why="Đã chuyển trả FT999", by=FIRST, at=NOON)
    assert Collection.objects.get().state == "asked"


def test_a_payment_given_back_is_reversed_in_the_books(account):
    wanted = asked()
    told(account, line(wanted.reference))
    collecting.return_collection(collection_id=wanted.id, why="Hồ sơ bị từ chối, FT888", by=FIRST, at=NOON)
    assert sum(p.amount.amount for p in Posting.objects.filter(account__code="VNPOST:bank")) == 0
    with pytest.raises(CollectionEnded):
        collecting.return_collection(collection_id=wanted.id, why="một lần nữa", by=FIRST, at=NOON)


def test_two_payments_under_one_number_of_the_bank_are_two_lines(account):
    first, second = asked(), asked(fee=9_000)
    answer = told(account, line(first.reference), line(second.reference, 39_000), line("PHI", -1_100))
    assert (answer.new, answer.matched) == (3, 2)
    assert set(Collection.objects.values_list("state", flat=True)) == {"paid"}

    again = told(account, line("PHI", -1_100), line(second.reference, 39_000, minutes=0), line(first.reference))
    assert (again.new, BankLine.objects.count()) == (0, 3)


def test_a_line_that_a_file_words_otherwise_than_a_machine_is_the_same(account):
    wanted = asked()
    told(account, line(wanted.reference))
    assert told(account, replace(line(wanted.reference), purpose=f"CT DEN {wanted.reference.lower()} 0011")).new == 0
    assert told(account, replace(line(wanted.reference), purpose="CT DEN")).new == 0


def test_what_a_line_is_stands_on_the_screen_in_the_readers_words(account):
    told(account, line("khong co ma"))
    assert LineRow(BankLine.objects.get()).words == "Không có mã nộp tiền"
