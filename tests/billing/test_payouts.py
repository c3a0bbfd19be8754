"""A released statement is paid once: divided among its payees, ordered by two people, confirmed line by line."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from billing.models.ledger import Charge, Posting
from billing.payments.rules.references import new_reference
from billing.payouts import batches, confirming
from billing.payouts.errors import (
    BatchChanged,
    BatchNotFound,
    BatchStepNotPossible,
    NothingToPay,
    PayoutNotFound,
    PayoutNotReturned,
    PayoutsOnTheirWay,
    ReasonMissing,
    SecondPersonNeeded,
)
from billing.payouts.models import Payout, PayoutBankLine, PayoutBatch, PayoutOrder
from billing.payouts.reconciling import reconcile_paid, reconcile_waiting
from billing.payouts.rules.files import file_fault
from billing.settling.figures import Figures
from billing.settling.workflow import reconcile
from shared.actors import Actor, ActorKind
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.claim_cases import HOA, LAN, MINH, YEN, headquarters
from tests.billing.payout_cases import (
    PAY_DAY,
    account_of,
    approved,
    came_back,
    handed_over,
    made,
    posted,
    released,
    told,
    went,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


@pytest.fixture
def month():
    """52,000 đ of postage and 36,000 đ of work: 24,000 đ of an outlet with its own account, 12,000 đ of another."""
    direct, other = cases.outlet(), cases.outlet()
    posted()
    worked(direct, 2)
    worked(other)
    account_of()
    account_of(direct.id, number="0071000123456", holder="Hộ kinh doanh Nguyễn Văn Đoàn")
    return released()


def balance(code):
    return Posting.objects.filter(account__code=code).aggregate(sum=Sum("amount"))["sum"]


def seen(statement):
    figures = statement.signatures.get(step="release").figures
    return Figures(**figures).digest


def reconciled(statement, amount=88_000):
    return reconcile(statement_id=statement.id, seen_digest=seen(statement), reference="UNC-1", amount_vnd=amount,
                     paid_on=PAY_DAY.date(), by=YEN, at=PAY_DAY)


def test_a_release_is_divided_among_its_payees_to_the_dong(month):
    rows = {row.payee.split(":")[0]: (row.postage.amount, row.work.amount) for row in Payout.objects.all()}
    assert rows == {"operator": (52_000, 12_000), "outlet": (0, 24_000)}
    assert sum(map(sum, rows.values())) == month.signatures.get(step="release").figures["payable"]


def test_an_order_needs_an_account_whose_cooling_off_is_over(month):
    with pytest.raises(NothingToPay):
        made(at=PAY_DAY - timedelta(days=6, seconds=1))
    with pytest.raises(NothingToPay):
        made(method="stripe")
    assert made().orders_count == 2


def test_the_maker_and_machines_approve_nothing_and_nobody_without_looking(month):
    batch = made(by=replace(MINH, role=Role.FINANCE_REVIEWER))
    for other in (MINH, LAN, replace(HOA, kind=ActorKind.MACHINE)):
        with pytest.raises(SecondPersonNeeded):
            batches.approve_batch(batch_id=batch.id, seen_digest=batch.digest, by=other, at=PAY_DAY)
    with pytest.raises(BatchChanged):
        batches.approve_batch(batch_id=batch.id, seen_digest="0" * 64, by=HOA, at=PAY_DAY)
    with pytest.raises(BatchNotFound):
        batches.approve_batch(batch_id=batch.id, seen_digest=batch.digest, by=replace(HOA, province_code="46"),
                              at=PAY_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutBatch.objects.filter(id=batch.id).update(approved_by=MINH.id)


def test_an_account_that_was_replaced_stops_the_batch(month):
    batch = made()
    account_of(number="1023456999", at=PAY_DAY)
    with pytest.raises(BatchChanged):
        batches.approve_batch(batch_id=batch.id, seen_digest=batch.digest, by=MINH, at=PAY_DAY)
    batches.drop_batch(batch_id=batch.id, reason="Tài khoản đã thay", by=YEN, at=PAY_DAY)
    assert set(Payout.objects.values_list("state", flat=True)) == {"due"}


def test_the_file_is_plain_and_tells_its_sums_and_stays_the_same(month):
    batch = approved()
    content = batches.content_of(batch, batches.orders_of(batch))
    lines = content.decode("ascii").split("\r\n")
    assert lines[0].endswith(",VND,2,88000")
    assert "HO KINH DOANH NGUYEN VAN DOAN,24000," in content.decode()
    assert lines[-2].split(",")[:3] == ["T", "2", "88000"]
    assert sha256(content).hexdigest() == batch.file_sha256
    assert file_fault(content) == ""
    assert file_fault(content.replace(b"24000", b"25000")) == "altered"


def test_nothing_is_handed_over_before_it_is_approved_and_then_once(month):
    batch = made()
    with pytest.raises(BatchStepNotPossible):
        batches.hand_over_batch(batch_id=batch.id, by=YEN, at=PAY_DAY)
    batches.approve_batch(batch_id=batch.id, seen_digest=batch.digest, by=MINH, at=PAY_DAY)
    batches.hand_over_batch(batch_id=batch.id, by=YEN, at=PAY_DAY)
    with pytest.raises(BatchStepNotPossible):
        batches.hand_over_batch(batch_id=batch.id, by=YEN, at=PAY_DAY)
    with pytest.raises(BatchStepNotPossible):
        batches.drop_batch(batch_id=batch.id, reason="Nhầm lẫn rồi", by=YEN, at=PAY_DAY)


def test_the_bank_confirms_line_by_line_and_the_month_can_be_reconciled(month):
    batch = handed_over()
    first, second = batch.orders.order_by("amount")
    assert told(went(first)).matched == 1
    batch.refresh_from_db()
    assert batch.state == "handed_over"
    with pytest.raises(PayoutsOnTheirWay):
        reconciled(month)

    told(went(first), went(second))  # the first is told again
    batch.refresh_from_db()
    assert (batch.state, PayoutBankLine.objects.count()) == ("settled", 2)
    assert balance("VNPOST:work").amount == 0
    assert balance("VNPOST:carriage").amount == -8_000  # what citizens paid at the counter
    assert balance("01:paying-account").amount == -88_000
    assert OutboxMessage.objects.filter(event="StatementPaidOut").count() == 1
    assert [reconcile_paid(statement_id=month.id, at=PAY_DAY) for _again in range(2)] == [True, True]
    month.refresh_from_db()
    assert (month.state, month.payment.amount.amount) == ("reconciled", 88_000)


def test_what_came_back_is_taken_out_of_the_books_and_tried_again_once(month):
    batch = handed_over()
    order = batch.orders.get(amount=24_000)
    told(went(order), came_back(order))
    payout = Payout.objects.get(id=order.payout_id)
    assert (payout.state, balance("VNPOST:work").amount) == ("returned", -36_000)
    assert WorkItem.objects.filter(kind="payout-returned", closed_at=None).count() == 1
    with pytest.raises(NothingToPay):
        made()
    with pytest.raises(ReasonMissing):
        confirming.reissue_payout(payout_id=payout.id, reason="", by=YEN, at=PAY_DAY)

    confirming.reissue_payout(payout_id=payout.id, reason="Đã sửa tên chủ tài khoản", by=YEN, at=PAY_DAY)
    with pytest.raises(PayoutNotReturned):
        confirming.reissue_payout(payout_id=payout.id, reason="Đã sửa tên chủ tài khoản", by=YEN, at=PAY_DAY)
    again = handed_over().orders.get()
    assert (again.replaces_id, again.reference != order.reference) == (order.id, True)
    told(went(again))
    assert Payout.objects.get(id=payout.id).state == "paid"
    assert [row.kind for row in Charge.objects.filter(source_type="payout_order").order_by("id")] == [
        "payout", "payout-return", "payout"]


def test_nobody_has_two_live_orders_whoever_writes_them(month):
    order = made().orders.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutOrder.objects.create(batch=order.batch, payout=order.payout, account=order.account, reference="WPX",
                                   amount=order.amount)
    with pytest.raises(NothingToPay):
        made()


def test_lines_that_are_no_orders_wait_for_a_person(month):
    batch = approved()
    order = batch.orders.get(amount=24_000)
    answer = told(went(order), replace(went(order, ref="X1"), purpose="phi dich vu"),
                  replace(went(order, ref="X2"), purpose=new_reference()))
    assert (answer.matched, answer.exceptions) == (0, 3)
    assert set(PayoutBankLine.objects.values_list("verdict", flat=True)) == {
        "not-handed-over", "no-reference", "unknown-reference"}

    batches.hand_over_batch(batch_id=batch.id, by=YEN, at=PAY_DAY)
    early = PayoutBankLine.objects.get(verdict="not-handed-over")
    with pytest.raises(PayoutNotFound):
        confirming.settle_paying_line(line_id=PayoutBankLine.objects.get(bank_ref="X1").id, reference="WPNOTHING",
                                      why="Chi cho ai đó", by=YEN, at=PAY_DAY)
    confirming.settle_paying_line(line_id=early.id, reference=order.reference, why="Ngân hàng chi trước", by=YEN,
                                  at=PAY_DAY)
    assert Payout.objects.get(id=order.payout_id).state == "paid"
    told(went(order, ref="X3"), went(order, ref="X4", amount=5))
    assert PayoutBankLine.objects.get(bank_ref="X3").verdict == "told-before"
    assert PayoutBankLine.objects.get(bank_ref="X4").verdict == "wrong-amount"
    assert PayoutOrder.objects.get(id=order.id).state == "confirmed"


def test_a_statement_that_the_treasury_paid_itself_is_not_paid_again(month):
    reconciled(month)
    assert set(Payout.objects.values_list("state", flat=True)) == {"withdrawn"}
    with pytest.raises(NothingToPay):
        made()


def test_who_sees_a_payout(month):
    direct = Payout.objects.get(payee__startswith="outlet:")
    clerk = Actor(ActorKind.PERSON, "m", role=Role.OUTLET_MANAGER, outlet_id=direct.outlet_id)
    assert list(Payout.objects.seen_by(clerk)) == [direct]
    assert Payout.objects.seen_by(headquarters()).count() == Payout.objects.seen_by(YEN).count() == 2
    assert not PayoutBatch.objects.seen_by(headquarters()).exists()
    assert not Payout.objects.seen_by(replace(YEN, province_code="46")).exists()


def test_a_bulk_payment_that_the_bank_books_under_one_number_pays_each_order(month):
    first, second = handed_over().orders.order_by("amount")
    assert told(went(first, ref="FT26"), went(second, ref="FT26")).matched == 2
    assert told(went(second, ref="FT26"), went(first, ref="FT26")).new == 0
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}


def test_a_file_that_was_taken_is_dropped_by_an_approver_who_did_not_take_it(month):
    batch = approved()
    batches.take_file(batch_id=batch.id, by=MINH, at=PAY_DAY)
    for other in (YEN, MINH):
        with pytest.raises(SecondPersonNeeded):
            batches.drop_batch(batch_id=batch.id, reason="Ngân hàng chưa nhận", by=other, at=PAY_DAY)
    batches.drop_batch(batch_id=batch.id, reason="Ngân hàng xác nhận chưa nhận tệp", by=HOA, at=PAY_DAY)
    assert set(Payout.objects.values_list("state", flat=True)) == {"due"}


def test_a_month_whose_last_payment_nobody_told_of_is_reconciled_all_the_same(month):
    assert reconcile_waiting(at=PAY_DAY) == 0
    told(*map(went, handed_over().orders.all()))
    assert [reconcile_waiting(at=PAY_DAY) for _again in range(2)] == [1, 0]
    month.refresh_from_db()
    assert month.state == "reconciled"


@pytest.mark.django_db(transaction=True)
def test_a_statement_told_twice_at_once_is_kept_once(month):
    lines = [went(order) for order in handed_over().orders.all()]

    def at_once(_number):
        try:
            return told(*lines).new
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(at_once, range(4))) == [0, 0, 0, 2]
    assert Charge.objects.filter(source_type="payout_order").count() == 2


@pytest.mark.django_db(transaction=True)
def test_batches_made_at_once_order_each_payout_once(month):
    def at_once(number):
        try:
            return made().orders_count
        except NothingToPay:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(at_once, range(4)))
    assert sum(counts) == PayoutOrder.objects.count() == 2
