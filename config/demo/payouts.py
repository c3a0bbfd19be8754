"""Money that comes by transfer and money that goes out: a collecting account with its bank lines, a month paid by file.

Everything through the operations that the screens use; what the story has not played is left out. The second persons
of both houses have no log-in: they are only met as names.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from agents.models.people import StaffAccount
from billing.errors import PeriodNotOver
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.operations.statements import prepare_statement
from billing.payments import accounts as collecting
from billing.payments import bank
from billing.payments.models import CollectingAccount
from billing.payments.records import BankEntry
from billing.payouts import accounts as payees
from billing.payouts import batches, confirming
from billing.payouts.models import PayeeAccount, Payout, PayoutOrder
from billing.rules.periods import month_after, month_of
from billing.rules.settling import Step
from billing.settling.figures import figures_of
from billing.settling.workflow import sign
from config.demo.hue_figures import PROVINCE as HUE
from config.demo.network import HANOI
from intake.errors import NothingDue
from intake.models.dossiers import Dossier
from intake.operations import payments
from intake.rules.states import MoneyState
from shared.actors import Actor
from shared.calendar import local
from shared.money import Money

PAID: Final = "VTPOST"
"""Whose month in Hà Nội is paid out; the other operator's waits for its claim."""
_WITHOUT_CLAIM: Final = "Đơn vị không gửi đề nghị; quyết toán theo sổ"


def tell(at: datetime) -> None:
    _transfers(_actor("quay.hue"), _actor("dieuhanh.vnpost"), at)
    _payouts(_actor("dieuhanh.viettel"), at)


def _actor(username: str) -> Actor:
    people = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator")
    return people.get(username=username).actor


def _colleague(actor: Actor, name: str) -> Actor:
    """Somebody of the same house and role."""
    return replace(actor, id=f"{actor.id}-{name.rsplit(maxsplit=1)[-1]}"[:80], name=name)


# --- what comes in --------------------------------------------------------------------------------------------------


def _transfers(clerk: Actor, headquarters: Actor, at: datetime) -> None:
    """Two codes are asked for at the counter: one is paid by its bank line, one waits; a third line names nothing."""
    due = Dossier.objects.seen_by(clerk).filter(money=MoneyState.DUE).order_by("id")
    if CollectingAccount.objects.exists() or clerk.outlet_id is None or headquarters.operator_id is None:
        return
    entry = collecting.AccountEntry(headquarters.operator_id, "VNPOST", HUE, "970436", "0161001234567",
                                    "BUU DIEN THANH PHO HUE", local(at).date() - timedelta(days=30))
    entered = collecting.enter_account(entry, by=headquarters, at=at)
    account = collecting.approve_account(account_id=entered.id, by=_colleague(headquarters, "Trần Thị Thu"), at=at)
    asked = []
    for dossier in due[:2]:
        try:
            asked.append(payments.ask_transfer(dossier_id=dossier.id, by=clerk, at=at))
        except NothingDue:
            continue
    lines = [BankEntry(at, each.amount, f"MBVCB.3482910.{each.reference}.CT tu 0011002233445", f"FT{number}")
             for number, each in enumerate(asked[:1], start=260101)]
    lines.append(BankEntry(at, Money(38_000), "NGUYEN VAN AN nop le phi ho so", "FT260109"))
    bank.take_lines(account_id=account.id, entries=lines, by=headquarters, at=at)


# --- what goes out --------------------------------------------------------------------------------------------------


def _payouts(headquarters: Actor, at: datetime) -> None:
    """The newest month that is over is signed by four people and paid by file; the bank sends one payment back."""
    period = _month(at - timedelta(days=9))
    if period is None or PayeeAccount.objects.exists():
        return
    reviewer, approver = _actor("xemxet.hanoi"), _actor("duyet.hanoi")
    second_approver = _colleague(approver, "Bùi Thanh Hòa")
    _enter_accounts(headquarters, approver, period, at - timedelta(days=9))
    if not _release(period, (reviewer, _colleague(reviewer, "Trịnh Thị Lan"), approver, second_approver),
                    at - timedelta(days=5)):
        return
    due = list(Payout.objects.filter(operator_code=PAID, province_code=HANOI, state="due").values_list("id", flat=True))
    if not due:
        return
    made = batches.make_batch(payout_ids=due, method="bank", by=reviewer, at=at - timedelta(days=2))
    batches.approve_batch(batch_id=made.id, seen_digest=made.digest, by=approver, at=at - timedelta(days=2))
    batches.hand_over_batch(batch_id=made.id, bank_reference="VCB-HN-2601", by=reviewer, at=at - timedelta(days=2))
    confirming.take_paying_lines(entries=_bank_lines(at), by=reviewer, at=at - timedelta(hours=3))


def _month(at: datetime) -> date | None:
    months = Charge.objects.filter(province_code=HANOI, operator_code=PAID).order_by("-period").values_list(
        "period", flat=True).distinct()
    return next((period for period in months if month_after(period) <= month_of(at)), None)


def _enter_accounts(headquarters: Actor, approver: Actor, period: date, at: datetime) -> None:
    """The operator's own, and one of the outlet with the most work."""
    busiest = Charge.objects.filter(province_code=HANOI, operator_code=PAID, period=period).exclude(
        outlet_id=None).exclude(compensation=0).order_by("outlet_id").values_list("outlet_id", flat=True).first()
    wanted = [payees.PayeeEntry(HANOI, "bank", "0021000987654", "Tổng công ty cổ phần Bưu chính Viettel", "970436")]
    if busiest is not None:
        wanted.append(payees.PayeeEntry(HANOI, "bank", "19036544321", "Hộ kinh doanh Đinh Văn Hậu", "970415", busiest))
    for entry in wanted:
        entered = payees.enter_payee_account(entry, by=headquarters, at=at)
        payees.approve_payee_account(account_id=entered.id, by=approver, at=at)


def _release(period: date, people: tuple[Actor, ...], at: datetime) -> bool:
    preparer, reviewer, approver, releaser = people
    try:
        statement = prepare_statement(province_code=HANOI, operator_code=PAID, period=period, by=preparer, at=at)
    except PeriodNotOver:
        return False
    for step, by in ((Step.REVIEW, reviewer), (Step.APPROVE, approver), (Step.RELEASE, releaser)):
        statement = Statement.objects.get(id=statement.id)
        sign(statement_id=statement.id, step=step, seen_digest=figures_of(statement).digest, note=_WITHOUT_CLAIM, by=by,
             at=at)
    return True


def _bank_lines(at: datetime) -> list[BankEntry]:
    """Everybody is paid; an outlet's money comes back, because the name was another one."""
    orders = list(PayoutOrder.objects.filter(state="sent").select_related("payout").order_by("amount", "id"))
    lines = [BankEntry(at - timedelta(days=1), Money(-order.amount.amount), f"CHI HO {order.reference}", f"UNC{number}")
             for number, order in enumerate(orders, start=7001)]
    back = next((order for order in orders if order.payout.outlet_id is not None), None)
    if back is not None:
        lines.append(BankEntry(at - timedelta(hours=4), back.amount, f"HOAN TRA {back.reference} SAI TEN NGUOI HUONG",
                               "HT9001"))
    return lines
