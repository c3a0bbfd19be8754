"""Asking a geocoder where an address lies: any service that answers as Nominatim does, the one that is configured.

Only street, commune and province are sent: never a name, a phone number or what the parcel holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

from delivery.addresses.rules import Precision

TIMEOUT_SECONDS: Final = 5
# Nominatim's ranks: 30 a house, 28 to 29 a place inside one, 26 to 27 streets, 16 to 25 hamlets and quarters.
_RANKS: Final = ((28, Precision.HOUSE), (26, Precision.STREET), (16, Precision.AREA))


class GeocoderAwayError(Exception):
    """It did not answer, or not with anything that can be read."""


@dataclass(frozen=True, slots=True)
class Question:
    """An address as it is asked for; `county` is the former district when the former commune is asked for."""

    street: str
    city: str
    state: str
    county: str = ""

    def as_query(self) -> dict[str, str]:
        parts = {"street": self.street, "city": self.city, "county": self.county, "state": self.state}
        return {name: said for name, said in parts.items() if said} | {"country": "Việt Nam"}


@dataclass(frozen=True, slots=True)
class Found:
    latitude: float
    longitude: float
    precision: Precision
    name: str


def is_configured() -> bool:
    return bool(settings.WARDPOST_GEOCODER_URL)


def ask(question: Question) -> Found | None:
    """Where it lies; None when the geocoder knows no such place.

    Raises:
        GeocoderAwayError: it cannot be asked now.
    """
    try:
        answer = _asker(settings.WARDPOST_GEOCODER_URL, settings.WARDPOST_GEOCODER_PAUSE)(
            question.as_query(), language="vi", country_codes="vn", exactly_one=True)
        return None if answer is None else _found(answer.raw)
    except (GeopyError, KeyError, TypeError, ValueError) as error:
        raise GeocoderAwayError(type(error).__name__) from error


@lru_cache(maxsize=2)
def _asker(url: str, pause_seconds: float) -> RateLimiter:
    """One for the process, so that the pause between two questions holds."""
    parts = urlsplit(url)
    geocoder = Nominatim(user_agent="wardpost", domain=f"{parts.netloc}{parts.path}".rstrip("/"),
                         scheme=parts.scheme or "https", timeout=TIMEOUT_SECONDS)
    return RateLimiter(geocoder.geocode, min_delay_seconds=pause_seconds, max_retries=0, swallow_exceptions=False)


def _found(raw: Mapping[str, Any]) -> Found | None:
    rank = int(raw.get("place_rank", 0))
    precision = next((precision for least, precision in _RANKS if rank >= least), None)
    if precision is None:
        return None
    return Found(float(raw["lat"]), float(raw["lon"]), precision, str(raw.get("display_name", ""))[:300])
