"""A cardholder's bank asks for money back: the life of a dispute, from its opening to the bank's word.

In test mode Stripe decides by what is sent as evidence; so does this: "winning_evidence" and "losing_evidence".
"""

from typing import Any, Final

from billing.simulator import objects
from billing.simulator.asking import RefusedError
from billing.simulator.balance import DISPUTE_FEE, booked
from billing.simulator.objects import Told
from billing.simulator.service import Service

OPEN: Final = ("needs_response", "warning_needs_response")
_TOLD_AT_ONCE: Final = {"winning_evidence": True, "losing_evidence": False}


def open_dispute(service: Service, charge: Told, *, amount: int | None = None, reason: str = "fraudulent",
                 is_inquiry: bool = False) -> Told:
    """The bank takes `amount` back, or only asks; what is taken leaves the balance at once unless a fault delays it."""
    left = charge["amount"] - charge["amount_refunded"]
    wanted = left if amount is None else amount
    if not charge["paid"] or not 0 < wanted <= left:
        raise ValueError("This charge cannot be disputed for so much.")
    charge["disputed"] = True
    made = service.store.put(objects.dispute(charge, amount=wanted, reason=reason, is_inquiry=is_inquiry,
                                             now=service.now()))
    service.tell("charge.dispute.created", made)
    if not is_inquiry and not service.faults.withdrawals_late:
        withdraw(service, made)
    return made


def withdraw(service: Service, dispute: Told) -> Told:
    """The money leaves the balance, with the bank's fee; an inquiry has become a dispute."""
    if dispute["balance_transactions"]:
        raise ValueError("It was withdrawn before.")
    if dispute["status"].startswith("warning"):
        dispute["status"] = "needs_response"
        dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    _book(service, dispute, -dispute["amount"], DISPUTE_FEE, "dispute")
    service.tell("charge.dispute.funds_withdrawn", dispute)
    return dispute


def answer(service: Service, dispute: Told, asked: Told) -> Told:
    """Evidence; with `submit` it goes to the bank."""
    if dispute["status"] not in OPEN:
        raise RefusedError("This dispute is already closed or under review.", code="dispute_not_open")
    told = asked.get("evidence")
    given: dict[str, Any] = told if isinstance(told, dict) else {}
    if unknown := set(given) - set(dispute["evidence"]):
        raise RefusedError(f"Received unknown parameter: evidence[{min(unknown)}]", param="evidence")
    dispute["evidence"] |= given
    dispute["evidence_details"]["has_evidence"] = any(isinstance(each, str) for each in dispute["evidence"].values())
    if str(asked.get("submit", "true")).lower() == "true":
        dispute["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
        dispute["status"] = f"{'warning_' * dispute['status'].startswith('warning')}under_review"
    service.tell("charge.dispute.updated", dispute)
    at_once = _TOLD_AT_ONCE.get(str(given.get("uncategorized_text", "")))
    if at_once is not None and dispute["status"] not in OPEN:
        decide(service, dispute, is_won=at_once)
    return dispute


def close(service: Service, dispute: Told) -> Told:
    """We accept it: lost, for good."""
    if dispute["status"] not in OPEN:
        raise RefusedError("This dispute is already closed or under review.", code="dispute_not_open")
    return decide(service, dispute, is_won=False)


def decide(service: Service, dispute: Told, *, is_won: bool) -> Told:
    """The bank's word. What was withdrawn comes back when it is won, without the fee."""
    if dispute["status"] in {"won", "lost", "warning_closed"}:
        raise ValueError("It is decided.")
    is_inquiry = dispute["status"].startswith("warning")
    dispute["status"] = "warning_closed" if is_inquiry else "won" if is_won else "lost"
    service.tell("charge.dispute.closed", dispute)
    if dispute["status"] == "won" and dispute["balance_transactions"]:
        _book(service, dispute, dispute["amount"], 0, "dispute_reversal")
        service.tell("charge.dispute.funds_reinstated", dispute)
    return dispute


def _book(service: Service, dispute: Told, amount: int, fee: int, category: str) -> None:
    line = booked(service.store, "adjustment", dispute["id"], amount=amount, fee=fee, now=service.now(),
                  category=category)
    dispute["balance_transactions"].append(line)
