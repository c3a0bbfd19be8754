"""What payments become in the books.

| event                   | debit                                      | credit                                     |
| ----------------------- | ------------------------------------------ | ------------------------------------------ |
| a shift is counted      | the outlet's drawer, what was handed in    | fees for the authorities, citizens' shares |
| a transfer or card pays | the operator's account or the card service | fees for the authorities, citizens' shares |
| a payment is returned   | the reverse                                |                                            |
| a difference is left    | the operator's cash differences            | the outlet's drawer (or the reverse)       |
"""

from datetime import datetime
from uuid import UUID

from billing.payments.models import CashShift, Collection
from billing.payments.records import Sums
from billing.queries.rates import rate_book
from billing.records import Step
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import AccountName, Leg
from shared.money import Money

CASH_RULE = "CASH-COUNT"
TRANSFER_RULE = "COLLECTION"
FEES_LAW = "Nghị định 254/2026/NĐ-CP, Điều 25"


def shift_entry(shift: CashShift, sums: Sums) -> Entry | None:
    """The takings of a counted shift; None when nothing was taken."""
    net = sums.taken + sums.given_back
    kept = net + sums.handed_in
    legs = legs_of(
        (_drawer(shift.outlet_id), kept), (_on_its_way(shift.operator_code), -sums.handed_in),
        (fees_account(shift.province_code), -sums.fee), (citizens_account(shift.province_code), -sums.postage))
    if not legs or not net:
        return None
    steps = part_steps(sums.fee, sums.postage, CASH_RULE)
    return Entry(
        source_type="cash_shift", source_id=shift.id, kind="cash-shift", rule=CASH_RULE,
        occurred_at=_moment(shift.closed_at), province_code=shift.province_code, operator_code=shift.operator_code,
        outlet_id=shift.outlet_id, legs=legs, steps=steps, amounts=EntryAmounts(other=Money(debited(legs))),
        evidence={"movements": shift.movements.count(), "handed_in_vnd": -sums.handed_in.amount})


def difference_entry(shift: CashShift) -> Entry:
    """What nobody could explain is the operator's, not a person's."""
    short = shift.expected - shift.counted
    bears = AccountName(f"{shift.operator_code}:cash-differences", f"Chênh lệch quỹ do {shift.operator_code} chịu",
                        f"Cash differences borne by {shift.operator_code}", AccountSide.EXPENSE)
    legs = legs_of((bears, short), (_drawer(shift.outlet_id), -short))
    step = Step("difference", short, "Tiền đếm ít hơn sổ (âm: nhiều hơn)",
                "Counted less than the books (negative: more)", CASH_RULE, "", "assumed")
    return Entry(
        source_type="cash_shift", source_id=shift.id, kind="cash-difference", rule=CASH_RULE,
        occurred_at=_moment(shift.answered_at), province_code=shift.province_code, operator_code=shift.operator_code,
        outlet_id=shift.outlet_id, legs=legs, steps=(step,), amounts=EntryAmounts(other=Money(debited(legs))),
        why=shift.answer)


def payment_entry(collection: Collection, *, at: datetime, is_return: bool = False, why: str = "") -> Entry:
    """A transfer or card payment that came, or that was returned."""
    sign = -1 if is_return else 1
    legs = legs_of((place_of(collection), collection.amount * sign),
                 (fees_account(collection.province_code), -collection.fee * sign),
                 (citizens_account(collection.province_code), -collection.postage * sign))
    return Entry(
        source_type="collection", source_id=collection.id,
        kind=f"{collection.method}-{'returned' if is_return else 'payment'}", rule=TRANSFER_RULE, occurred_at=at,
        province_code=collection.province_code, operator_code=collection.operator_code,
        outlet_id=collection.outlet_id, legs=legs, steps=part_steps(collection.fee, collection.postage, TRANSFER_RULE),
        amounts=EntryAmounts(other=Money(debited(legs))), why=why, evidence={"reference": collection.reference})


# --- the parts, which cards use too ----------------------------------------------------------------------------------


def legs_of(*moved: tuple[AccountName, Money]) -> tuple[Leg, ...]:
    return tuple(Leg(account, amount) for account, amount in moved if amount)


def debited(legs: tuple[Leg, ...]) -> int:
    return sum(leg.amount.amount for leg in legs if leg.amount.amount > 0)


def part_steps(fee: Money, postage: Money, rule: str) -> tuple[Step, ...]:
    return (
        Step("fee", fee, "Phí, lệ phí thu hộ cơ quan có thẩm quyền", "Fees collected for the authority", rule, FEES_LAW,
             "known"),
        Step("postage_share", postage, "Phần cước người dân trả", "The citizen's share of the postage", rule, "",
             "known"))


def _drawer(outlet_id: UUID) -> AccountName:
    return AccountName(f"outlet:{outlet_id}:cash", "Quỹ tiền mặt tại điểm", "Cash at the outlet", AccountSide.ASSET)


def _on_its_way(operator_code: str) -> AccountName:
    return AccountName(f"{operator_code}:cash-handed-in", f"Tiền mặt đã nộp, {operator_code}",
                       f"Cash handed in, {operator_code}", AccountSide.ASSET)


def place_of(collection: Collection) -> AccountName:
    if collection.method == "card":
        return AccountName(f"{collection.operator_code}:card-service", f"Tiền thẻ chờ về, {collection.operator_code}",
                           f"Card money on its way, {collection.operator_code}", AccountSide.ASSET)
    return bank_of(collection)


def bank_of(collection: Collection) -> AccountName:
    return AccountName(f"{collection.operator_code}:bank", f"Tài khoản thu hộ, {collection.operator_code}",
                       f"Collecting account, {collection.operator_code}", AccountSide.ASSET)


def fees_account(province_code: str) -> AccountName:
    return AccountName(f"{province_code}:fees-collected", "Phí, lệ phí thu hộ phải nộp", "Fees owed to the authorities",
                       AccountSide.PAYABLE)


def citizens_account(province_code: str) -> AccountName:
    city = rate_book().province_name(province_code)
    return AccountName(f"{province_code}:citizen-share", f"Người dân {city} trả cước",
                       f"Postage paid by citizens of {city}", AccountSide.RECEIVABLE)


def _moment(value: datetime | None) -> datetime:
    assert value is not None  # noqa: S101  # set before the entry is made
    return value
