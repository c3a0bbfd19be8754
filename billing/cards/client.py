"""The one way to Stripe: its own SDK, our time limits, and three outcomes: done, refused, or not known.

Nothing is retried here. An answer that did not come may hide something that happened, so whoever asked looks it up
first. The key is never logged, and neither is what the service says about a cardholder.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import stripe
import structlog
from django.conf import settings

from billing.cards.errors import CardOutcomeUnknown, CardServiceRefused, CardsNotOffered

log = structlog.get_logger()

CONNECT_SECONDS: Final = 4.0
ANSWER_SECONDS: Final = 20.0
SERVER_FAULT: Final = 500
_REFUSALS: Final = (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError, stripe.PermissionError)


def is_offered() -> bool:
    """Whether this house has a card service."""
    return bool(settings.WARDPOST_STRIPE_KEY)


def client() -> stripe.StripeClient:
    """Raises CardsNotOffered: no key is set."""
    if not is_offered():
        raise CardsNotOffered
    return _client(settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL)


@lru_cache(maxsize=4)
def _client(key: str, address: str) -> stripe.StripeClient:
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        key, max_network_retries=0, base_addresses={"api": address} if address else None,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS)))


def ask[R](what: str, call: Callable[[], R]) -> R:
    """The answer of one call; `what` names it in the log.

    Raises:
        CardServiceRefused: the service said no, and nothing happened.
        CardOutcomeUnknown: it may have happened, or not.
    """
    try:
        return call()
    except _REFUSALS as refusal:
        log.warning("card_service_refused", call=what, code=refusal.code or "", request=refusal.request_id)
        raise CardServiceRefused(str(refusal.code or "refused")) from None
    except stripe.StripeError as fault:
        log.warning("card_service_unknown", call=what, fault=type(fault).__name__, status=fault.http_status)
        raise CardOutcomeUnknown(is_repeated=_is_repeated(fault)) from None




def _is_repeated(fault: stripe.StripeError) -> bool:
    headers = {name.lower(): value for name, value in (fault.headers or {}).items()}
    return (fault.http_status or 0) >= SERVER_FAULT and headers.get("idempotent-replayed") == "true"
