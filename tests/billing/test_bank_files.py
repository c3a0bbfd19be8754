"""A bank's statement is read whole or not at all, in whatever form the bank gives it."""

import io
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import xlsxwriter

from billing.payments import accounts, collecting, statement_files
from billing.payments.errors import BankFileRefused
from billing.payments.models import BankLine, Collection
from billing.payments.records import Due, Till
from shared.actors import Actor, ActorKind
from shared.money import Money
from shared.roles import Role
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
TILL = Till(uuid4(), uuid4(), "VNPOST", "01")
HEADS = [Actor(ActorKind.PERSON, str(uuid4()), name, Role.OPERATOR_HQ, operator_id=TILL.operator_id)
         for name in ("Phạm Thu", "Ngô Minh")]
HEAD = "Ngày giao dịch;Số giao dịch;Nội dung;Ghi nợ;Ghi có"


@pytest.fixture
def account():
    load_rates()
    entry = accounts.AccountEntry(TILL.operator_id, "VNPOST", "01", "970436", "1023456789", "BUU DIEN",
                                  date(2026, 1, 1))
    found = accounts.enter_account(entry, by=HEADS[0], at=NOON)
    return accounts.approve_account(account_id=found.id, by=HEADS[1], at=NOON)


def asked():
    clerk = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa", Role.OUTLET_CLERK, outlet_id=TILL.outlet_id)
    due = Due("dossier", uuid4(), Money(8_000), Money(30_000))
    return collecting.ask_transfer(due=due, till=TILL, by=clerk, at=NOON)


def read(account, content, name="sao-ke.csv"):
    return statement_files.read_statement(account_id=account.id, content=content, name=name, by=HEADS[0], at=NOON)


def csv_of(*rows, encoding="utf-8-sig"):
    return "\r\n".join(["NGÂN HÀNG", "", HEAD, *rows]).encode(encoding)


def test_a_csv_with_a_title_above_its_header_pays_what_it_names(account):
    wanted = asked()
    told = read(account, csv_of(f"02/03/2026 13:05:00;FT1;MBVCB {wanted.reference} CT;;38.000",
                                "02/03/2026;FT2;phi dich vu;11.000;", ";;Cộng phát sinh;11.000;38.000"))
    assert (told.lines, told.matched, told.exceptions) == (2, 1, 0)
    assert Collection.objects.get().state == "paid"
    assert BankLine.objects.get(bank_ref="FT2").verdict == "outgoing"


def test_the_same_file_under_another_name_adds_nothing(account):
    content = csv_of("02/03/2026;FT1;nop tien;;5.000")
    assert read(account, content).new == 1
    assert read(account, content, "khac.csv").new == 0
    assert read(account, csv_of("02/03/2026;FT1;nop tien;;5.000", encoding="utf-16")).new == 0


def test_a_workbook_is_read_by_its_values(account):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Transaction date", "Reference", "Description", "Amount"])
        sheet.write_row(1, 0, ["2026-03-02 09:00:00", "R1", "nop tien", 12000])
    assert read(account, out.getvalue(), "sao-ke.xlsx").new == 1
    assert BankLine.objects.get().amount == Money(12_000)


@pytest.mark.parametrize("content", [
    b"", b"%PDF-1.7 ...", b"a;b;c\n1;2;3", csv_of("hôm qua;FT1;nop tien;;5.000"),
    csv_of("02/03/2026;FT1;nop tien;;5.000,55"), csv_of("02/03/2026;FT1;nop tien;;=1+1")])
def test_what_cannot_be_read_is_refused_whole(account, content):
    with pytest.raises(BankFileRefused):
        read(account, content)
    assert not BankLine.objects.exists()
