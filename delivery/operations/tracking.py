"""Opening the public page: a code and the last three digits of the citizen's phone, and few tries.

Three digits are soon guessed, so a code and an address may each be wrong five times an hour. A try is written down
before it is looked at, so that a hundred at once are counted as well. What is wrong is never told.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Count

from delivery.errors import TooManyTries, TrackingNotFound
from delivery.models.parcels import Parcel, ParcelDossier
from delivery.models.tracking import TrackingTry
from delivery.rules import Direction
from delivery.stories import story_provider
from shared import scope
from shared.text import clean

log = structlog.get_logger()

MOST_TRIES: Final = 5
TRIES_COUNT_FOR: Final = timedelta(hours=1)
TAIL: Final = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """What code and digits have opened: a dossier with its parcels, or one parcel alone."""

    dossier_id: UUID | None
    parcel_id: UUID | None


def normal_code(typed: str) -> str:
    """A code as it may have been typed: spaces and small letters do not matter."""
    return clean(typed).replace(" ", "").upper()


def open_tracking(*, code: str, tail: str, address: str, at: datetime) -> Opened:
    """What `code` shows to whoever knows the last three digits of the citizen's phone.

    Must run outside a transaction: a refused try has to stay written down.

    Raises:
        TooManyTries: the code or the address was wrong too often within an hour, whatever is tried now.
        TrackingNotFound: unknown, not yours, wrong digits: it is not told which.
    """
    code = normal_code(code)
    keys = [_key("code", code), _key("address", address)]
    tries = TrackingTry.objects.bulk_create([TrackingTry(key=key, tried_at=at) for key in keys])
    recent = TrackingTry.objects.filter(key__in=keys, tried_at__gt=at - TRIES_COUNT_FOR)
    counts = recent.values("key").annotate(tries=Count("id")).values_list("tries", flat=True)
    if max(counts, default=0) > MOST_TRIES:
        log.warning("tracking_tries_exceeded")
        raise TooManyTries
    with scope.everything():
        opened = _look(code, tail)
    if opened is None:
        raise TrackingNotFound
    TrackingTry.objects.filter(id__in=[each.id for each in tries]).delete()
    log.info("tracking_opened", dossier_id=str(opened.dossier_id), parcel_id=str(opened.parcel_id))
    return opened


def _key(kind: str, text: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"tracking-{kind}\x00{text}".encode(), sha256)[:16]


def _look(code: str, tail: str) -> Opened | None:
    """Both kinds of code are looked up whatever the first one gives."""
    parcel = Parcel.objects.filter(tracking_code=code).first() or Parcel.objects.filter(number=code).first()
    provider = story_provider()
    dossier_id = provider.find(code) if provider else None
    if dossier_id is not None and _fits(_phone_of(dossier_id), tail):
        return Opened(dossier_id, None)
    return None if parcel is None else _look_inside(parcel, tail)


def _look_inside(parcel: Parcel, tail: str) -> Opened | None:
    """A parcel opens its one dossier whose citizen has this phone; a result also opens for its addressee, by itself.

    A dossier's parcel goes to a centre, whose phone number everybody knows: it opens nothing.
    """
    inside = ParcelDossier.objects.filter(parcel=parcel).order_by("id").values_list("dossier_id", flat=True)
    fitting = [dossier_id for dossier_id in inside if _fits(_phone_of(dossier_id), tail)]
    if len(fitting) == 1:
        return Opened(fitting[0], parcel.id)
    is_addressee = parcel.direction == Direction.RESULT and _fits(parcel.recipient_phone, tail)
    return Opened(None, parcel.id) if fitting or is_addressee else None


def _phone_of(dossier_id: UUID) -> str:
    provider = story_provider()
    return provider.phone_of(dossier_id) if provider else ""


def _fits(phone: str, tail: str) -> bool:
    digits = "".join(sign for sign in phone if sign.isdigit())[-TAIL:]
    return len(digits) == TAIL and hmac.compare_digest(digits.encode(), tail.encode())
