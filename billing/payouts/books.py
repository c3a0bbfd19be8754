"""What payouts become in the books.

| event                  | debit                                      | credit                        |
| ---------------------- | ------------------------------------------ | ----------------------------- |
| an order is confirmed  | owed for carriage, owed for agents' work   | the city's paying account     |
| its money comes back   | the city's paying account                  | owed for carriage, for work   |
| a part is taken back   | the city's balance at the card service     | taken back, not named         |
| somebody names it      | taken back, not named                      | owed for carriage, for work   |
| all of it is back      | taken back, not named                      | owed for carriage, for work   |
"""

from datetime import datetime
from uuid import UUID

from billing.payouts.models import Payout, PayoutOrder, PayoutReversal
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


def reversal_entry(reversal: PayoutReversal, order: PayoutOrder) -> Entry:
    """The card service took a part of a transfer back; of what, nobody has said yet."""
    step = Step("reversed", reversal.amount, "Dịch vụ thẻ rút lại một phần khoản chi",
                "The card service took a part of the payout back", RULE, "", "known")
    return _entry(order, ("payout_reversal", reversal.id), "payout-reversed", reversal.occurred_at, (step,),
                  (_paying_account(order), reversal.amount), (_unnamed(order.payout), -reversal.amount))


def named_entry(reversal: PayoutReversal, order: PayoutOrder, *, at: datetime) -> Entry:
    """It is owed again, under the name that a person gave it."""
    payout = order.payout
    return _entry(order, ("payout_reversal", reversal.id), "payout-reversal-named", at,
                  _told(reversal.postage, reversal.work), (_unnamed(payout), reversal.amount),
                  (_owed_carriage(payout), -reversal.postage), (_owed_work(payout), -reversal.work), why=reversal.why)


def reversed_whole_entry(order: PayoutOrder, *, named: tuple[Money, Money], at: datetime) -> Entry | None:
    """The last part is back: what was not named is owed as it was paid; None when all was named."""
    payout, postage, work = order.payout, order.payout.postage - named[0], order.payout.work - named[1]
    if not postage + work:
        return None
    return _entry(order, ("payout_order", order.id), "payout-return", at, _told(postage, work),
                  (_unnamed(payout), postage + work), (_owed_carriage(payout), -postage), (_owed_work(payout), -work),
                  why="reversed")


def _entry(order: PayoutOrder, source: tuple[str, UUID], kind: str, at: datetime, steps: tuple[Step, ...],
           *moved: tuple[AccountName, Money], why: str = "") -> Entry:
    payout = order.payout
    legs = tuple(Leg(account, amount) for account, amount in moved if amount)
    return Entry(
        source_type=source[0], source_id=source[1], kind=kind, rule=RULE, occurred_at=at,
        province_code=payout.province_code, operator_code=payout.operator_code, outlet_id=payout.outlet_id, legs=legs,
        steps=steps, amounts=EntryAmounts(other=Money(sum(leg.amount.amount for leg in legs if leg.amount.amount > 0))),
        why=why, evidence={"statement": str(payout.statement_id), "period": f"{payout.period:%Y-%m}",
                           "batch": order.batch.number, "reference": order.reference})


def _told(postage: Money, work: Money) -> tuple[Step, ...]:
    told = (("postage", postage, "Cước lại phải trả", "Postage owed again"),
            ("work", work, "Công việc đại lý lại phải trả", "Agents' work owed again"))
    return tuple(Step(code, amount, vi, en, RULE, "", "known") for code, amount, vi, en in told if amount)


def _unnamed(payout: Payout) -> AccountName:
    code = payout.operator_code
    return AccountName(f"{code}:payouts-unnamed", f"Tiền chi bị rút lại, chưa rõ khoản, {code}",
                       f"Payouts taken back, not named yet, {code}", AccountSide.PAYABLE)


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
