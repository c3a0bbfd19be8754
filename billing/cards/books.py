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

Fees and losses are the operator's, by its contract with the card service: never an authority's, an outlet's or a
clerk's, and the citizen pays what was shown and no more.
"""

from datetime import datetime
from uuid import UUID, uuid5

from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.cards.rules import MovementKind
from billing.payments.books import citizens_account, debited, fees_account, legs_of, part_steps, place_of
from billing.payments.models import Collection
from billing.records import Step
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import AccountName
from shared.money import Money

RULE = "CARD-SERVICE"
UNASKED = "card-unasked"
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
    if refund.repeats_id is not None or not (refund.fee or refund.postage):
        steps: tuple[Step, ...] = (_step("owed", refund.amount, "Trả lại tiền còn nợ người dân",
                                         "What was owed to the citizen is given back"),)
        taken = [(_owed(collection), refund.amount)]
    else:
        steps = part_steps(refund.fee, refund.postage, RULE)
        taken = [(fees_account(collection.province_code), refund.fee),
                 (citizens_account(collection.province_code), refund.postage)]
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


def ruling_entry(dispute: CardDispute, collection: Collection, *, at: datetime) -> Entry:
    """A dispute was lost, so the operator bears it; or a loss was overturned. Each ruling is an entry of its own."""
    sign = 1 if dispute.is_borne else -1
    lost = ("Thua tranh chấp: bưu chính chịu, không ai tại điểm phải bù",
            "The dispute is lost: borne by the operator, by nobody at the outlet")
    words = lost if dispute.is_borne else ("Kết quả thua bị đảo lại", "The loss was overturned")
    return _entry(collection, ("card_dispute", uuid5(dispute.id, str(dispute.rulings))),
                  "card-dispute-lost" if dispute.is_borne else "card-dispute-regained", at,
                  (_step("loss", dispute.amount * sign, *words, _CONTRACT),),
                  (_losses(collection), dispute.amount * sign), (_in_dispute(collection), -dispute.amount * sign),
                  dispute=dispute.dispute_ref)


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


def _step(code: str, amount: Money, vi: str, en: str, basis: str = "") -> Step:
    return Step(code, amount, vi, en, RULE, basis, "assumed" if basis else "known")


def _owed(of: Collection) -> AccountName:
    return AccountName(f"{of.operator_code}:refunds-owed", f"Tiền phải trả lại dân, {of.operator_code}",
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
