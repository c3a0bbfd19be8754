"""Which carriers there are, from the settings: their secrets, and where their booking interface is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from delivery.errors import UnknownCarrier


@dataclass(frozen=True, slots=True)
class KnownCarrier:
    code: str
    secrets: tuple[str, ...]
    """The one that we sign with first; while a secret is changed, the old one behind it."""
    booking_url: str
    """Base address of its booking interface; empty: it is told by paper and file."""
    account: Mapping[str, str] = field(default_factory=dict)
    """What its interface asks for besides: our customer code, a name and a password, …"""


def get_carrier(code: str) -> KnownCarrier:
    """Raises UnknownCarrier."""
    secrets = str(settings.WARDPOST_CARRIER_SECRETS.get(code, "")).split()
    if not secrets:
        raise UnknownCarrier
    url = str(settings.WARDPOST_CARRIER_URLS.get(code, "")).rstrip("/")
    return KnownCarrier(code, tuple(secrets), url, dict(settings.WARDPOST_CARRIER_ACCOUNTS.get(code, {})))


def carrier_codes() -> list[str]:
    return sorted(settings.WARDPOST_CARRIER_SECRETS)
