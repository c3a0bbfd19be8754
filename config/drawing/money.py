"""The machines of billing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from billing.cards import dispute_rules as card_disputes
from billing.cards import rules as cards
from billing.disputes import rules as disputes
from billing.known_errors import rules as known_errors
from billing.payments.rules import matching, shifts
from billing.payouts.rules import states as payouts
from billing.rule_book import describing
from billing.rules import claims, rule_book, settling
from billing.rules.words import Words
from billing.support import rules as support
from billing.take_backs import rules as take_backs
from config.drawing.machines import Machine, Owner


def _patient(watched: Mapping[Any, claims.Patience]) -> dict[Any, Owner]:
    return {state: Owner(str(patience.owner_role), f"after {_span(patience.most)}")
            for state, patience in watched.items()}


def _span(span: timedelta) -> str:
    count, unit = (span.days, "day") if span.days else (span.seconds // 3600, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _owned(owners: Mapping[Any, tuple[str, str]]) -> dict[Any, Owner]:
    return {state: Owner(role, sweep) for state, (role, sweep) in owners.items()}


_D, _C, _S = rule_book.DraftState, matching.CollectionState, shifts.ShiftState
_PAYERS: Final = Owner("finance_reviewer", "the list of payouts")
PAYOUTS: Final = (
    Machine(
        "A payee's account", payouts.AccountState, payouts.ACCOUNTS, payouts.FINAL_ACCOUNTS, payouts.ACCOUNT_WORDS,
        {payouts.AccountState.ENTERED: Owner("finance_approver", "a work item from its entry on"),
         payouts.AccountState.APPROVED: Owner("finance_reviewer", "it serves until it is replaced")},
        intro="From `billing/payouts/rules/states.py`; nothing is paid into it for 48 hours after its approval."),
    Machine(
        "A payout", payouts.PayoutState, payouts.PAYOUTS, payouts.FINAL_PAYOUTS, payouts.PAYOUT_WORDS,
        {payouts.PayoutState.DUE: _PAYERS, payouts.PayoutState.ORDERED: _PAYERS,
         payouts.PayoutState.RETURNED: Owner("finance_reviewer", "a work item from its return on")}),
    Machine(
        "One try to pay", payouts.OrderState, payouts.ORDERS, payouts.FINAL_ORDERS, payouts.ORDER_WORDS,
        dict.fromkeys(set(payouts.OrderState) - payouts.FINAL_ORDERS, _PAYERS)),
    Machine(
        "A batch of tries", payouts.BatchState, payouts.BATCHES, payouts.FINAL_BATCHES, payouts.BATCH_WORDS,
        {payouts.BatchState.MADE: Owner("finance_approver", "the list of payouts"),
         payouts.BatchState.APPROVED: _PAYERS, payouts.BatchState.HANDED_OVER: _PAYERS}),
)
_GATEWAY: Final = Owner("operator_hq", "the sweep asks the card service what became of it")
CARDS: Final = (
    Machine(
        "A card payment", cards.CardState, cards.CARD_PAYMENTS, cards.FINAL_CARD_PAYMENTS, cards.CARD_WORDS,
        dict.fromkeys(set(cards.CardState) - cards.FINAL_CARD_PAYMENTS, _GATEWAY),
        intro="From `billing/cards/rules.py`: the card service's word counts, however late it comes."),
    Machine(
        "A card dispute", card_disputes.DisputeState, card_disputes.CARD_DISPUTES, card_disputes.FINAL_CARD_DISPUTES,
        card_disputes.DISPUTE_WORDS,
        {card_disputes.DisputeState.OPEN: Owner("operator_hq", "a work item with the bank's day"),
         card_disputes.DisputeState.ANSWERED: _GATEWAY, card_disputes.DisputeState.REVIEW: _GATEWAY},
        intro="From `billing/cards/dispute_rules.py`: the cardholder's bank decides, and may decide again."),
    Machine(
        "A card refund", cards.RefundState, cards.CARD_REFUNDS, cards.FINAL_CARD_REFUNDS, cards.REFUND_WORDS,
        {cards.RefundState.ASKED: Owner("operator_hq", "a work item from its asking on"),
         cards.RefundState.APPROVED: _GATEWAY, cards.RefundState.PENDING: _GATEWAY}),
)
_A: Final = support.AccessState
_T: Final = take_backs.TakeBackState
MACHINES: Final = (
    Machine(
        "A month's statement", settling.Settling, settling.SETTLING, settling.FINAL_SETTLING, settling.SETTLING_WORDS,
        _patient(settling.WATCHED_SETTLING),
        intro="From `billing/rules/settling.py`: each step is signed by another person, with the figures she saw."),
    Machine(
        "A claim", claims.ClaimState, claims.CLAIM, claims.FINAL_CLAIM, claims.CLAIM_WORDS,
        _patient(claims.WATCHED_CLAIM), intro="From `billing/rules/claims.py`: an operator's file for one month."),
    Machine(
        "A dispute", disputes.DisputeState, disputes.DISPUTE, disputes.FINAL, disputes.STATES, _owned(disputes.OWNERS),
        intro="From `billing/disputes/rules.py`; its lines are on hold until it ends."),
    Machine(
        "A known error", known_errors.ErrorState, known_errors.KNOWN_ERROR, known_errors.FINAL, known_errors.STATES,
        _owned(known_errors.OWNERS), intro="From `billing/known_errors/rules.py`."),
    Machine(
        "A draft of a rule", _D, rule_book.TRANSITIONS, frozenset({_D.APPROVED, _D.REJECTED, _D.WITHDRAWN}),
        describing.STATES, {
            _D.DRAFT: Owner("finance_reviewer", "her own draft; nothing waits for it"),
            _D.PROPOSED: Owner("finance_approver", "a work item from its proposal on")},
        intro="From `billing/rules/rule_book.py`: approved by somebody else than who wrote it."),
    Machine(
        "Money that was asked for", _C, matching.COLLECTIONS, matching.FINAL_COLLECTIONS, {
            _C.ASKED: Words("Chờ tiền", "Waits for the money"), _C.PAID: Words("Đã nhận", "Paid"),
            _C.EXPIRED: Words("Hết hạn", "Expired"), _C.CANCELLED: Words("Đã huỷ", "Called off"),
            _C.RETURNED: Words("Đã trả lại", "Returned")},
        {_C.ASKED: Owner("outlet_clerk", "it expires by itself")},
        intro="From `billing/payments/rules/matching.py`. Money that comes late is money: a person decides about it."),
    Machine(
        "A cash drawer's shift", _S, shifts.SHIFTS, shifts.FINAL_SHIFTS, {
            _S.OPEN: Words("Đang mở", "Open"), _S.QUESTIONED: Words("Đếm có chênh lệch", "The count differs"),
            _S.CLOSED: Words("Đã đóng", "Closed")},
        {_S.OPEN: Owner("outlet_clerk", "hers until she hands it in"),
         _S.QUESTIONED: Owner("outlet_manager", "a work item")},
        intro="From `billing/payments/rules/shifts.py`: a difference is a question, never anybody's debt."),
    *CARDS,
    *PAYOUTS,
    Machine(
        "A support access", _A, support.STEPS, support.FINAL, {
            _A.ASKED: Words("Chờ trả lời", "Waits for an answer"), _A.OPEN: Words("Đang mở", "Open"),
            _A.REFUSED: Words("Đã từ chối", "Refused"), _A.LAPSED: Words("Không ai trả lời", "Nobody answered"),
            _A.OVER: Words("Đã kết thúc", "Over")},
        {_A.ASKED: Owner("finance_approver", "a work item; lapses after 4 hours"),
         _A.OPEN: Owner("administrator", "end_overdue, within the hour")},
        intro="From `billing/support/rules.py`: reading an outlet's books by way of exception."),
    Machine(
        "A line to be taken back", _T, take_backs.STEPS, take_backs.FINAL, take_backs.STATES,
        {_T.ASKED: Owner("finance_approver", "a work item; lapses after 3 working days")},
        intro="From `billing/take_backs/rules.py`: asked by one person, approved by another and done at once."),
)
