"""What card payments become in the books, beyond their coming (billing.payments.books).

| event                                   | debit                                      | credit                   |
| --------------------------------------- | ------------------------------------------ | ------------------------ |
| money came that pays nothing we asked   | the card service                           | refunds owed             |
| a person takes it as payment after all  | refunds owed                               | the card service         |
| parts are given back                    | fees for the authorities, citizens' shares | the card service         |
| what came back is given back again      | refunds owed                               | the card service         |
| a refund comes back                     | the card service                           | refunds owed to citizens |
| the service keeps its fee               | the operator's card fees                   | the card service         |
| a cardholder's bank takes money back    | money in dispute                           | the card service         |
| it gives it back                        | the card service                           | money in dispute         |
| a dispute is lost                       | the operator's card losses                 | money in dispute         |
| as far as that money was owed anyway    | refunds owed                               | money in dispute         |
| a person gives back in another way      | the parts, or refunds owed                 | the operator's account   |

Fees and losses are the operator's, by its contract with the card service: never an authority's, an outlet's or a
clerk's, and the citizen pays what was shown and no more.
"""

from datetime import datetime
from uuid import UUID, uuid5

from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.cards.rules import MovementKind, OtherWay
from billing.payments.books import bank_of, citizens_account, debited, fees_account, legs_of, part_steps, place_of
from billing.payments.models import Collection
from billing.records import Step
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import AccountName
from shared.money import ZERO, Money

RULE = "CARD-SERVICE"
UNASKED = "card-unasked"
OWED = "refunds-owed"
_CONTRACT = "Hợp đồng của bưu chính với dịch vụ thẻ"


def unasked_entry(payment: CardPayment, *, at: datetime) -> Entry:
    """Money came that pays nothing: it is the citizen's until a person decides. Load it with its collection."""
    step = _step("unasked", payment.received, "Tiền thẻ đến mà không trả khoản nào đang chờ",
                 "Card money that pays nothing we had asked for then")
    return _entry(payment.collection, ("card_payment", payment.id), UNASKED, at, (step,),
                  (place_of(payment.collection), payment.received), (_owed(payment.collection), -payment.received))


def taken_entry(payment: CardPayment, *, at: datetime, why: str) -> Entry:
    """It pays its request after all, which is an entry of its own: here it stops being owed."""
    step = _step("taken", payment.received, "Không còn phải trả lại: khoản này được nhận là đã nộp",
                 "Not owed any more: it was taken as the payment")
    return _entry(payment.collection, ("card_payment", payment.id), "card-taken", at, (step,),
                  (_owed(payment.collection), payment.received), (place_of(payment.collection), -payment.received),
                  why=why)


def refund_entry(refund: CardRefund, collection: Collection, *, at: datetime) -> Entry:
    """The parts that a refund names are with the citizen again; or what was owed to her is."""
    steps, taken = _given(refund, collection)
    return _entry(collection, ("card_refund", refund.id), "card-refund", at, steps, *taken,
                  (place_of(collection), -refund.amount), why=refund.reason)


def failed_refund_entry(refund: CardRefund, collection: Collection, *, at: datetime) -> Entry:
    """A refund came back from the cardholder's bank: the money lies with the service again and is the citizen's."""
    step = _step("came_back", refund.amount, "Ngân hàng chủ thẻ không nhận tiền hoàn, còn nợ người dân",
                 "The cardholder's bank did not take the refund; it is owed to the citizen")
    return _entry(collection, ("card_refund", refund.id), "card-refund-failed", at, (step,),
                  (place_of(collection), refund.amount), (_owed(collection), -refund.amount))


def fee_entry(movement: CardMovement, collection: Collection) -> Entry:
    """What the service keeps for itself; negative when it gives a fee back."""
    step = _step("card_fee", movement.fee, "Phí dịch vụ thẻ giữ lại, bưu chính chịu",
                 "The card service's fee, borne by the operator", _CONTRACT)
    return _entry(collection, ("card_movement", movement.id), "card-fee", movement.occurred_at, (step,),
                  (_fees(collection), movement.fee), (place_of(collection), -movement.fee), line=movement.line_ref)


def dispute_entry(movement: CardMovement, collection: Collection) -> Entry:
    """A cardholder's bank takes a payment back, or gives it back."""
    is_taken = movement.kind == MovementKind.DISPUTE
    step = (_step("disputed", -movement.amount, "Ngân hàng chủ thẻ tạm lấy lại, đang tranh chấp",
                  "Taken back by the cardholder's bank for now; in dispute") if is_taken else
            _step("reinstated", movement.amount, "Ngân hàng chủ thẻ trả lại tiền tranh chấp",
                  "The cardholder's bank gives the disputed money back"))
    return _entry(collection, ("card_movement", movement.id), f"card-dispute-{'taken' if is_taken else 'back'}",
                  movement.occurred_at, (step,), (_in_dispute(collection), -movement.amount),
                  (place_of(collection), movement.amount), line=movement.line_ref, dispute=movement.source_ref)


def ruling_entry(dispute: CardDispute, collection: Collection, *, bears: Money, settles: Money, at: datetime) -> Entry:
    """A dispute was lost; or a loss was overturned, or differs, and the amounts are what changes.

    The operator bears it, but for what was owed to the citizen anyway: that she has now. Each ruling is an entry of
    its own.
    """
    changes = bears + settles
    lost = ("Thua tranh chấp: bưu chính chịu, không ai tại điểm phải bù",
            "The dispute is lost: borne by the operator, by nobody at the outlet")
    words = lost if bears > ZERO else ("Kết quả thua bị đảo lại", "The loss was overturned")
    owed = ("Người dân đã nhận lại tiền còn nợ từ ngân hàng", "The citizen has from the bank what was owed to her")
    if settles < ZERO:
        owed = ("Kết quả thua bị đảo lại: lại nợ người dân", "Overturned: it is owed to the citizen again")
    steps = ((_step("loss", bears, *words, _CONTRACT),) if bears else ()) + (
        (_step("owed", settles, *owed),) if settles else ())
    return _entry(collection, ("card_dispute", ruling_id(dispute.id, dispute.rulings)),
                  "card-dispute-lost" if changes >= ZERO else "card-dispute-regained", at, steps,
                  (_losses(collection), bears), (_owed(collection), settles), (_in_dispute(collection), -changes),
                  dispute=dispute.dispute_ref)


def outside_entry(refund: CardRefund, collection: Collection, *, at: datetime) -> Entry:
    """What its card did not take is given back by the operator in another way."""
    cash = AccountName(f"{collection.operator_code}:cash-handed-in", f"Tiền mặt đã nộp, {collection.operator_code}",
                       f"Cash handed in, {collection.operator_code}", AccountSide.ASSET)
    steps, taken = _given(refund, collection)
    return _entry(collection, ("card_refund", refund.id), "card-refund-outside", at, steps, *taken,
                  (bank_of(collection) if refund.other_way == OtherWay.TRANSFER else cash, -refund.amount),
                  why=refund.other_words, paid_under=refund.other_reference)


def ruling_id(dispute: UUID, number: int) -> UUID:
    return uuid5(dispute, str(number))


def movement_id(line_ref: str) -> UUID:
    """The id of a line of the service's balance, the same whoever hears of it first."""
    return uuid5(_NAMES, f"line:{line_ref}")


def dispute_id(dispute_ref: str) -> UUID:
    return uuid5(_NAMES, f"dispute:{dispute_ref}")


_NAMES = UUID("5b0c7f0a-6f0e-4f0e-9a43-5f2b0d6f1c11")


# --- the parts ------------------------------------------------------------------------------------------------------


def _entry(collection: Collection, source: tuple[str, UUID], kind: str, at: datetime, steps: tuple[Step, ...],
           *moved: tuple[AccountName, Money], why: str = "", **evidence: str) -> Entry:
    legs = legs_of(*moved)
    return Entry(
        source_type=source[0], source_id=source[1], kind=kind, rule=RULE, occurred_at=at,
        province_code=collection.province_code, operator_code=collection.operator_code,
        outlet_id=collection.outlet_id, legs=legs, steps=steps, amounts=EntryAmounts(other=Money(debited(legs))),
        why=why, evidence={"reference": collection.reference, **evidence})


def _given(refund: CardRefund, of: Collection) -> tuple[tuple[Step, ...], list[tuple[AccountName, Money]]]:
    """What a refund takes from, and its arithmetic: parts that were paid, or what is owed to the citizen."""
    if refund.came_back or refund.repeats_id is not None or not (refund.fee or refund.postage):
        step = _step("owed", refund.amount, "Trả lại tiền còn nợ người dân",
                     "What was owed to the citizen is given back")
        return (step,), [(_owed(of), refund.amount)]
    return part_steps(refund.fee, refund.postage, RULE), [
        (fees_account(of.province_code), refund.fee), (citizens_account(of.province_code), refund.postage)]


def _step(code: str, amount: Money, vi: str, en: str, basis: str = "") -> Step:
    return Step(code, amount, vi, en, RULE, basis, "assumed" if basis else "known")


def _owed(of: Collection) -> AccountName:
    return AccountName(f"{of.operator_code}:{OWED}", f"Tiền phải trả lại dân, {of.operator_code}",
                       f"Refunds owed to citizens, {of.operator_code}", AccountSide.PAYABLE)


def _fees(of: Collection) -> AccountName:
    return AccountName(f"{of.operator_code}:card-fees", f"Phí dịch vụ thẻ do {of.operator_code} chịu",
                       f"Card service's fees borne by {of.operator_code}", AccountSide.EXPENSE)


def _losses(of: Collection) -> AccountName:
    return AccountName(f"{of.operator_code}:card-losses", f"Tiền thẻ mất do tranh chấp, {of.operator_code} chịu",
                       f"Card money lost in disputes, borne by {of.operator_code}", AccountSide.EXPENSE)


def _in_dispute(of: Collection) -> AccountName:
    return AccountName(f"{of.operator_code}:card-disputed", f"Tiền thẻ đang tranh chấp, {of.operator_code}",
                       f"Card money in dispute, {of.operator_code}", AccountSide.RECEIVABLE)
