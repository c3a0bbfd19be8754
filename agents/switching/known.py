"""Who has signed in on this computer with her password today: a signed cookie, so that a PIN opens nothing elsewhere.

A second cookie, which scripts may read, tells a page whose session the browser holds: a page of somebody else covers
itself. It holds a digest, and opens nothing.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from agents.backends import accounts
from agents.models.people import StaffAccount

COOKIE: Final = "wp_known"
HERE_COOKIE: Final = "wp_here"
_SALT: Final = "agents.switching.known"
_LASTS_SECONDS: Final = 12 * 60 * 60
"""A working day: tomorrow everybody signs in with her password again."""
_MOST: Final = 8
LOCKED: Final = "locked"


def known_ids(request: HttpRequest, now: float) -> dict[str, float]:
    """Account id → when she signed in here, newest first; what is too old or not ours counts for nothing."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LASTS_SECONDS)
    except signing.BadSignature:
        return {}
    fresh = {str(key): float(at) for key, at in kept.items() if now - float(at) < _LASTS_SECONDS}
    return dict(sorted(fresh.items(), key=lambda each: -each[1])[:_MOST])


def known_people(request: HttpRequest, now: float) -> list[StaffAccount]:
    """Those with access still whose sessions have not been ended since, by name."""
    kept = known_ids(request, now)
    found = accounts().filter(id__in=[UUID(each.partition(":")[0]) for each in kept])
    here = [each for each in found if mark_of(each) in kept]
    return sorted(here, key=lambda each: (each.display_name, each.username))


def mark_of(account: StaffAccount) -> str:
    """Her id and what her sessions hang on: who has been sent away or has another password is known here no longer."""
    digest = salted_hmac("agents.switching.mark", account.get_session_auth_hash(), algorithm="sha256").hexdigest()
    return f"{account.pk}:{digest[:20]}"


def remember(request: HttpRequest, response: HttpResponse, account: StaffAccount, now: float) -> None:
    """She has just signed in here with all that signing in asks of her."""
    kept = {key: at for key, at in known_ids(request, now).items() if not key.startswith(str(account.pk))}
    _keep(response, {mark_of(account): now, **dict(list(kept.items())[: _MOST - 1])})


def forget(request: HttpRequest, response: HttpResponse, account_ids: Iterable[str], now: float) -> None:
    """Who signs out is known here no longer: her PIN opens nothing before she has signed in again."""
    gone = set(account_ids)
    _keep(response, {key: at for key, at in known_ids(request, now).items() if key.partition(":")[0] not in gone})


def _keep(response: HttpResponse, kept: dict[str, float]) -> None:
    response.set_cookie(COOKIE, signing.dumps(kept, salt=_SALT), max_age=_LASTS_SECONDS, httponly=True,
                        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")


def here_mark(account_id: str, *, is_locked: bool) -> str:
    """What the readable cookie says of a session."""
    digest = salted_hmac("agents.switching.here", account_id, algorithm="sha256").hexdigest()
    return digest[:16] + (".0" if is_locked else "")
