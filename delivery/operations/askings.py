"""What a carrier is to be asked, and whether it can be asked like this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery.errors import CarrierRequestInvalid
from delivery.rules.carrier_requests import REQUEST_DETAILS, RequestKind
from shared.errors import ErrorCollector
from shared.text import clean

LONGEST_DETAIL: Final = 300


@dataclass(frozen=True, slots=True)
class Asking:
    """What a carrier is to be asked. `reference` is its natural key: asking again under it changes nothing."""

    parcel_id: UUID
    kind: RequestKind
    reference: str
    details: Mapping[str, str] = field(default_factory=dict)
    """See delivery.rules.carrier_requests.REQUEST_DETAILS."""
    reason: str = ""


def checked(asking: Asking) -> dict[str, str]:
    """The details, cleaned; raises CarrierRequestInvalid."""
    wrong = ErrorCollector()
    details = {name: clean(value) for name, value in asking.details.items() if clean(value)}
    for name in sorted(set(details) - REQUEST_DETAILS[asking.kind]):
        wrong.add(f"/details/{name}", "unknown", _("This is not asked with such a request."))
    for name, value in details.items():
        if len(value) > LONGEST_DETAIL:
            wrong.add(f"/details/{name}", "length", _("Use fewer letters."))
    if asking.kind is RequestKind.REDIRECT and not details.get("address") and not details.get("point"):
        wrong.add("/details/address", "required", _("Say where the parcel is to go."))
    if asking.kind is RequestKind.RESCHEDULE and not _is_day(details.get("day", "")):
        wrong.add("/details/day", "required", _("Say on which day, such as 2026-01-20."))
    if not 0 < len(asking.reference) <= 80:
        wrong.add("/reference", "length", _("Give a name of at most 80 letters."))
    wrong.raise_if_any(CarrierRequestInvalid)
    return details


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
