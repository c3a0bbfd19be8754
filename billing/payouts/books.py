"""What payouts become in the books.

| event                  | debit                                      | credit                        |
| ---------------------- | ------------------------------------------ | ----------------------------- |
| an order is confirmed  | owed for carriage, owed for agents' work   | the city's paying account     |
| its money comes back   | the city's paying account                  | owed for carriage, for work   |
"""

from datetime import datetime

from billing.payouts.models import Payout, PayoutOrder
from billing.payouts.rules.states import Method
from billing.queries.rates import rate_book
from billing.records import Step
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import AccountName, Leg
from shared.money import Money

RULE = "PAYOUT"


def payout_entry(order: PayoutOrder, *, at: datetime, is_return: bool = False, why: str = "") -> Entry:
    """The payment of an order, or its return. Load the order with payout, statement and batch."""
    payout, sign = order.payout, -1 if is_return else 1
    parts = ((_owed_carriage(payout), payout.postage * sign), (_owed_work(payout), payout.work * sign),
             (_paying_account(order), -payout.amount * sign))
    legs = tuple(Leg(account, amount) for account, amount in parts if amount)
    return Entry(
        source_type="payout_order", source_id=order.id, kind="payout-return" if is_return else "payout", rule=RULE,
        occurred_at=at, province_code=payout.province_code, operator_code=payout.operator_code,
        outlet_id=payout.outlet_id, legs=legs, steps=_steps(payout),
        amounts=EntryAmounts(other=Money(sum(leg.amount.amount for leg in legs if leg.amount.amount > 0))), why=why,
        evidence={"statement": str(payout.statement_id), "period": f"{payout.period:%Y-%m}",
                  "batch": order.batch.number, "reference": order.reference})


def _steps(payout: Payout) -> tuple[Step, ...]:
    told = (("postage", payout.postage, "Cước đã được duyệt chi", "Postage released for payment"),
            ("work", payout.work, "Công việc đại lý đã được duyệt chi", "Agents' work released for payment"))
    return tuple(Step(code, amount, vi, en, RULE, "", "known") for code, amount, vi, en in told if amount)


def _owed_carriage(payout: Payout) -> AccountName:
    code = payout.operator_code
    return AccountName(f"{code}:carriage", f"Phải trả cước chuyển phát, {code}", f"Owed for carriage, {code}",
                       AccountSide.PAYABLE)


def _owed_work(payout: Payout) -> AccountName:
    code = payout.operator_code
    return AccountName(f"{code}:work", f"Phải trả công việc đại lý, {code}", f"Owed for agents' work, {code}",
                       AccountSide.PAYABLE)


def _paying_account(order: PayoutOrder) -> AccountName:
    province_code = order.payout.province_code
    city = rate_book().province_name(province_code)
    if order.batch.method == Method.STRIPE:
        return AccountName(f"{province_code}:card-service", f"Số dư dịch vụ thẻ, {city}",
                           f"Balance at the card service, {city}", AccountSide.ASSET)
    return AccountName(f"{province_code}:paying-account", f"Tài khoản chi của {city}", f"Paying account of {city}",
                       AccountSide.ASSET)
