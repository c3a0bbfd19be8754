"""What moves the service's balance: each movement is a line of its own, with amount and fee, as Stripe lists them."""

from typing import Final

from billing.simulator import objects
from billing.simulator.objects import Told
from billing.simulator.store import Store

FEE_PER_MILLE: Final = 29
"""Of a charge, rounded to the nearest đồng."""
DISPUTE_FEE: Final = 90_000
_CATEGORIES: Final = {"charge": "charge", "refund": "refund", "refund_failure": "refund_failure",
                      "transfer": "transfer", "transfer_refund": "transfer_reversal"}


def fee_of(amount: int) -> int:
    """What a charge of `amount` đồng costs."""
    return (amount * FEE_PER_MILLE + 500) // 1000


def booked(store: Store, kind: str, source: str, *, amount: int, fee: int = 0, now: int, category: str = "") -> Told:
    """One line of the balance; `amount` is signed, and `fee` is taken from it."""
    return store.put(objects.balance_line(
        kind, source, amount=amount, fee=fee, now=now, category=category or _CATEGORIES[kind]))


def available(store: Store) -> int:
    return sum(each["net"] for each in store.all("balance_transaction"))
