"""Which carriers there are, from the settings: their secrets, and where their booking interface is."""

from dataclasses import dataclass

from django.conf import settings

from delivery.errors import UnknownCarrier


@dataclass(frozen=True, slots=True)
class KnownCarrier:
    code: str
    secrets: tuple[str, ...]
    """The one that we sign with first; while a secret is changed, the old one behind it."""
    booking_url: str
    """Base address of its booking interface; empty: it is told by paper and file."""


def get_carrier(code: str) -> KnownCarrier:
    """Raises UnknownCarrier."""
    secrets = str(settings.WARDPOST_CARRIER_SECRETS.get(code, "")).split()
    if not secrets:
        raise UnknownCarrier
    return KnownCarrier(code, tuple(secrets), str(settings.WARDPOST_CARRIER_URLS.get(code, "")).rstrip("/"))


def carrier_codes() -> list[str]:
    return sorted(settings.WARDPOST_CARRIER_SECRETS)
