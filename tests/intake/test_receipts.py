"""A receipt is written when the money is taken; its number is given once, ascending, without a gap; two people void."""

from threading import Barrier, Thread

import pytest
from django.db import ProgrammingError, connection, transaction

from intake.errors import NoReceiptNumber, ReceiptIsVoid, ReceiptNotFound, ReceiptRefused, SecondPersonNeeded
from intake.models.dossiers import DossierStep
from intake.models.receipts import Receipt
from intake.operations import payments, receipt_numbers
from intake.operations.receipts import void_receipt
from intake.papers.fee_receipt import fee_receipt_pdf
from intake.queries.receipts import receipt_day
from intake.records import DocumentRef, PlaceChoice
from intake.rules.states import MoneyState
from shared.models.oversight import WorkItem
from tests.factories import catalogue, dossiers, network, places, receipts
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local
from tests.intake.receipt_cases import till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
TODAY = NOW.date()


def test_the_first_money_taken_writes_the_first_number_of_the_outlets_range():
    at = till()

    first, second = at.paid(), at.paid(copies=2)

    assert [(each.number, each.amount.amount, each.state) for each in (first, second)] == [
        (1, 8_000, "issued"), (2, 16_000, "issued")]
    assert first.payer_name == "Nguyễn Thị Hạnh"
    assert first.lines == [{"kind": "LP", "name": first.dossier.procedure.name_vi, "amount": 8_000}]
    assert DossierStep.objects.get(dossier=first.dossier, action="pay").data["receipt"] == "0000001"


def test_taking_the_money_twice_writes_one_receipt():
    at = till()
    receipt = at.paid()

    payments.record_payment(dossier_id=receipt.dossier.id, by=at.by, at=NOW)

    assert Receipt.objects.count() == 1


def test_without_a_number_no_fee_is_taken():
    at = till(count=1)
    at.paid()
    dossier = at.due()

    with pytest.raises(NoReceiptNumber):
        payments.record_payment(dossier_id=dossier.id, by=at.by, at=NOW)
    dossier.refresh_from_db()
    assert dossier.money == MoneyState.DUE


def test_numbers_of_last_year_are_not_used_this_year():
    at = till()
    dossier = at.due()

    with pytest.raises(NoReceiptNumber):
        payments.record_payment(dossier_id=dossier.id, by=at.by, at=local("2027-01-04 08:00"))


def test_numbers_of_another_authority_are_not_used_unless_the_province_delegated():
    other = dossiers.counter()
    catalogue.procedure(catalogue.EXTRACT)
    receipts.numbers(other.outlet, network.centre(places.PHU_XUAN))
    dossier = other.submit(procedure_code=catalogue.EXTRACT, documents=(DocumentRef("to_khai"),),
                           place=PlaceChoice(places.PHONG_DINH))
    provincial = network.provincial_centre()
    whole = receipts.delegation(other.outlet, provincial, covers_province=True, number="77/UNBL")

    with pytest.raises(NoReceiptNumber):
        payments.record_payment(dossier_id=dossier.id, by=other.by, at=NOW)
    receipts.numbers(other.outlet, provincial, of=whole, symbol="TT-26E")
    payments.record_payment(dossier_id=dossier.id, by=other.by, at=NOW)

    assert Receipt.objects.get().series.symbol == "TT-26E"


def test_the_operator_is_told_when_numbers_run_out_and_not_any_more_when_it_has_allotted():
    at = till(count=21)
    at.paid()

    item = WorkItem.objects.get(kind="receipt-numbers-low")
    assert (item.owner_role, item.detail["left"]) == ("operator_hq", 20)

    receipt_numbers.allot_range(series_id=at.numbers.series_id, outlet_id=at.counter.outlet.id, count=100,
                                by=receipts.operator_of(at.counter.outlet), at=NOW)
    item.refresh_from_db()
    assert item.outcome == "allotted"


# --- what the database itself sees to -------------------------------------------------------------------------------


def test_a_number_out_of_its_turn_is_refused_by_the_database():
    at = till()
    receipt = at.paid()
    receipt.pk, receipt.number, receipt.dossier = None, 5, None

    with pytest.raises(ProgrammingError, match="not the next number"), transaction.atomic():
        receipt.save(force_insert=True)


@pytest.mark.parametrize("statement", [
    "DELETE FROM intake_receipt", "UPDATE intake_receipt SET number = 9", "UPDATE intake_receipt SET amount = 1",
    'UPDATE intake_outletrange SET "next" = 1', "DELETE FROM intake_outletrange",
    "UPDATE intake_receipt SET state = 'cancelled', voided_at = now(), void_reason = 'x', voided_by = issued_by",
])
def test_the_database_lets_no_number_go_and_no_receipt_change(statement):
    till().paid()

    with pytest.raises(Exception, match=r"receipts:|pgtrigger|second_person"), transaction.atomic(), \
            connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_void_receipt_never_comes_back():
    at = till()
    receipt = at.paid()
    void_receipt(receipt_id=receipt.id, reason="refunded", note="Trả lại tiền", by=at.manager, at=NOW)

    with pytest.raises(ProgrammingError, match="stays void"), transaction.atomic():
        Receipt.objects.filter(id=receipt.id).update(state="issued")


# --- void -----------------------------------------------------------------------------------------------------------


def test_who_issued_a_receipt_cannot_void_it():
    at = till()
    receipt = at.paid()

    with pytest.raises(SecondPersonNeeded):
        void_receipt(receipt_id=receipt.id, reason="refunded", note="Trả lại tiền", by=at.by, at=NOW)
    receipt.refresh_from_db()
    assert receipt.state == "issued"


def test_a_colleague_voids_and_another_number_takes_its_place():
    at = till()
    wrong = at.paid()
    colleague = network.acting(network.clerk(at.counter.outlet))

    void_receipt(receipt_id=wrong.id, reason="wrong-payer", note="Chồng nộp thay", payer_name="Lê Văn Nộp",
                 by=colleague, at=NOW)

    wrong.refresh_from_db()
    right = Receipt.objects.get(replaces=wrong)
    assert (wrong.state, wrong.voided_by_name) == ("replaced", "Trần Thị Thử")
    assert (right.number, right.payer_name, right.amount, right.state) == (2, "Lê Văn Nộp", wrong.amount, "issued")
    assert right.paper["replaces"] == "0000001"


@pytest.mark.parametrize(("reason", "money"), [("not-collected", MoneyState.DUE), ("refunded", MoneyState.REFUNDED)])
def test_the_reason_says_what_becomes_of_the_money(reason, money):
    at = till()
    receipt = at.paid()

    void_receipt(receipt_id=receipt.id, reason=reason, note="Người dân đổi ý", by=at.manager, at=NOW)

    receipt.dossier.refresh_from_db()
    assert receipt.dossier.money == money
    assert Receipt.objects.get().state == "cancelled"


def test_what_was_not_collected_is_collected_under_a_new_number():
    at = till()
    receipt = at.paid()
    void_receipt(receipt_id=receipt.id, reason="not-collected", note="Quên thu tiền", by=at.manager, at=NOW)

    payments.record_payment(dossier_id=receipt.dossier.id, by=at.by, at=NOW)

    assert list(Receipt.objects.order_by("number").values_list("number", "state")) == [
        (1, "cancelled"), (2, "issued")]


def test_a_void_without_reason_name_or_words_is_refused_with_each_field():
    at = till()
    receipt = at.paid()

    with pytest.raises(ReceiptRefused) as refused:
        void_receipt(receipt_id=receipt.id, reason="because", note="", by=at.manager, at=NOW)
    assert {error.pointer for error in refused.value.errors} == {"/reason", "/note"}
    with pytest.raises(ReceiptRefused):
        void_receipt(receipt_id=receipt.id, reason="wrong-payer", note="Sai tên", by=at.manager, at=NOW)


def test_a_receipt_is_void_once_and_nobody_elses_business():
    at = till()
    receipt = at.paid()
    void_receipt(receipt_id=receipt.id, reason="refunded", note="Trả lại tiền", by=at.manager, at=NOW)

    with pytest.raises(ReceiptIsVoid):
        void_receipt(receipt_id=receipt.id, reason="refunded", note="Trả lại tiền", by=at.manager, at=NOW)
    with pytest.raises(ReceiptNotFound):
        void_receipt(receipt_id=receipt.id, reason="refunded", note="Trả lại tiền",
                     by=network.acting(network.outlet_manager()), at=NOW)


# --- paper ----------------------------------------------------------------------------------------------------------


def test_a_receipt_prints_the_same_bytes_and_says_whose_money_it_is():
    at = till()
    receipt = at.paid()

    name, first = fee_receipt_pdf(receipt.id, actor=at.by)
    receipt.dossier.citizen.full_name = "Ai Khác"
    receipt.dossier.citizen.save()
    _name, again = fee_receipt_pdf(receipt.id, actor=at.by)

    assert first == again
    assert first.startswith(b"%PDF")
    assert name == "bien-lai-HA-26E-0000001.pdf"
    paper = receipt.paper
    assert (paper["agency"], paper["words"]) == (at.counter.centre.authority_name, "Tám nghìn đồng")
    assert at.counter.outlet.name in paper["delegate"]
    assert len(paper["copies"]) == 3


def test_a_void_receipt_prints_as_void():
    at = till()
    receipt = at.paid()
    _name, before = fee_receipt_pdf(receipt.id, actor=at.by)

    void_receipt(receipt_id=receipt.id, reason="refunded", note="Trả lại tiền", by=at.manager, at=NOW)

    assert fee_receipt_pdf(receipt.id, actor=at.by)[1] != before


# --- the day --------------------------------------------------------------------------------------------------------


def test_the_day_sums_what_is_live_and_proves_that_no_number_is_missing():
    at = till()
    first, _second = at.paid(), at.paid(copies=2)
    void_receipt(receipt_id=first.id, reason="refunded", note="Trả lại tiền", by=at.manager, at=NOW)

    day = receipt_day(at.by, TODAY)

    assert (day.issued, day.voided, day.total) == (2, 1, 16_000)
    assert [(each.used, each.counted, each.gaps, each.left) for each in day.ranges] == [(2, 2, 0, 48)]
    assert day.gaps == 0


def test_the_day_costs_the_same_however_many_receipts(django_assert_max_num_queries):
    at = till()
    for _ in range(6):
        at.paid()

    with django_assert_max_num_queries(4):
        assert receipt_day(at.by, TODAY).issued == 6


@pytest.mark.django_db(transaction=True)
def test_clerks_who_take_money_at_once_get_numbers_without_gap_or_repeat():
    at = till()
    waiting = [at.due() for _ in range(6)]
    start = Barrier(len(waiting))

    def pay(dossier_id):
        start.wait()
        try:
            payments.record_payment(dossier_id=dossier_id, by=at.by, at=NOW)
        finally:
            connection.close()

    clerks = [Thread(target=pay, args=(each.id,)) for each in waiting]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
