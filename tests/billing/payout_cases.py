"""A released month of Vietnam Post in Hà Nội, payees with accounts, and statements of the city's paying account."""

from datetime import date, timedelta

from billing import public
from billing.models.statements import Statement
from billing.operations.statements import prepare_statement
from billing.payments.records import BankEntry
from billing.payouts import accounts, batches, confirming
from billing.payouts.accounts import PayeeEntry
from billing.payouts.models import Payout, PayoutOrder
from billing.rules.settling import Step
from billing.settling.figures import figures_of
from billing.settling.workflow import sign
from shared.actors import Actor
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.claim_cases import DELIVERED, FEBRUARY_3, HOA, LAN, MINH, MONTH, YEN, headquarters
from tests.billing.events import delivered

LATER = FEBRUARY_3 + timedelta(days=1)
PAY_DAY = LATER + timedelta(days=5)
"""Every cooling-off is over."""


def account_of(outlet_id=None, *, number="1023456789", by=None, approver=MINH, at=FEBRUARY_3, method="bank",
               holder="Bưu điện Thành phố Hà Nội"):
    """An approved account; cooled off two days after `at`."""
    entered = accounts.enter_payee_account(
        PayeeEntry("01", method, number, holder, "970436" if method == "bank" else "", outlet_id),
        by=by or headquarters(), at=at)
    return accounts.approve_payee_account(account_id=entered.id, by=approver, at=at)


def worked(place, many=1):
    """So many acts of an outlet in January, 12,000 đ each."""
    for _each in range(many):
        cases.line_of(place, at=DELIVERED)


def posted(parcels=2):
    """Postage of parcels that were delivered in January, 26,000 đ of the city each."""
    for number in range(parcels):
        at = DELIVERED + timedelta(minutes=number)
        public.post_postage(delivered(delivered_at=at, number=f"EH60251107{number}VN", on=date(2025, 12, 30)), at=at)


def released() -> Statement:
    """Prepared, reviewed, approved and released by four people."""
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    month = Statement.objects.get(province_id="01", operator_code="VNPOST", period=MONTH["period"])
    for step, by in ((Step.REVIEW, LAN), (Step.APPROVE, MINH), (Step.RELEASE, HOA)):
        sign(statement_id=month.id, step=step, seen_digest=figures_of(month).digest, note="Bưu chính không gửi đề nghị",
             by=by, at=LATER)
        month.refresh_from_db()
    return month


def made(*, by: Actor = YEN, at=PAY_DAY, method="bank"):
    return batches.make_batch(payout_ids=list(Payout.objects.values_list("id", flat=True)), method=method, by=by, at=at)


def approved(*, at=PAY_DAY, method="bank"):
    batch = made(at=at, method=method)
    return batches.approve_batch(batch_id=batch.id, seen_digest=batch.digest, by=MINH, at=at)


def handed_over(*, at=PAY_DAY, method="bank"):
    return batches.hand_over_batch(batch_id=approved(at=at, method=method).id, bank_reference="VCB-1", by=YEN, at=at)


def told(*entries, by=YEN, at=PAY_DAY):
    return confirming.take_paying_lines(entries=entries, by=by, at=at)


def went(order: PayoutOrder, *, ref="", amount=None):
    """The bank's line of an order's payment."""
    return BankEntry(PAY_DAY, Money(-(order.amount.amount if amount is None else amount)),
                     f"VCB.{order.reference}.CHI", ref or f"OUT-{order.reference}")


def came_back(order: PayoutOrder):
    return BankEntry(PAY_DAY + timedelta(days=1), order.amount, f"HOAN TRA {order.reference} SAI TEN",
                     f"IN-{order.reference}")
