"""Test cards, as Stripe publishes them: what becomes of a payment is in the number."""

import re
from dataclasses import dataclass
from typing import Final

from billing.simulator.objects import Told


@dataclass(frozen=True, slots=True)
class Outcome:
    failure: str = ""
    """Why the bank declines; empty when it pays."""
    dispute: str = ""
    """Why its holder's bank asks for the money back as soon as it is paid; empty when it does not."""
    needs_step: bool = False
    """The cardholder confirms at her bank first (3-D Secure)."""


CARDS: Final[dict[str, Outcome]] = {
    "4242424242424242": Outcome(),
    "5555555555554444": Outcome(),
    "4000000000000002": Outcome(failure="card_declined"),
    "4000000000009995": Outcome(failure="insufficient_funds"),
    "4000002760003184": Outcome(needs_step=True),
    "4000000000000259": Outcome(dispute="fraudulent"),
    "4000000000002685": Outcome(dispute="product_not_received"),
    "4000000000001976": Outcome(dispute="inquiry"),
}
_BRANDS: Final = {"4": "visa", "5": "mastercard"}


def outcome_of(typed: str) -> tuple[Outcome, Told] | None:
    """What a typed number does and the card it is; None when it is no test card, so that nobody types a real one."""
    number = re.sub(r"\s", "", typed)
    if number not in CARDS:
        return None
    return CARDS[number], {
        "brand": _BRANDS[number[0]], "country": "VN", "exp_month": 12, "exp_year": 2034, "funding": "credit",
        "last4": number[-4:], "fingerprint": None, "installments": None, "mandate": None, "network": None,
        "three_d_secure": None, "wallet": None, "checks": None}
