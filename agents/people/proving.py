"""Who is at the keyboard *now*: money, roles and people's data ask for a proof of the last minutes."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone

from agents.people import second_factor

_PROVED: Final = "proved_at"
EXTERNAL: Final = "signed_in_by_provider"
TRUSTED: Final = "second_factor_by_provider"
"""In the session of whom a trusted provider of the organisation has asked for a second factor."""


def lasts() -> timedelta:
    """How long a proof is fresh; zero: nothing asks for one."""
    return timedelta(minutes=settings.WARDPOST_PROOF_MINUTES)


def is_fresh(session: Any, at: datetime) -> bool:
    """Whether this session signed in, or proved again, within the last minutes."""
    if not lasts():
        return True
    proved = session.get(_PROVED)
    return isinstance(proved, int | float) and 0 <= at.timestamp() - proved < lasts().total_seconds()


def remember(session: Any, at: datetime) -> None:
    session[_PROVED] = at.timestamp()


def remember_since(session: Any, proved_at: float) -> None:
    """A proof that somebody else took, at a Unix time; 0: it is not known when, so the next one is asked for here."""
    session[_PROVED] = proved_at


def confirm(*, account_id: UUID, code: str = "", password: str = "", at: datetime) -> None:
    """Whether a code is right, or, for who has no second factor, the password. Both wait alike after wrong ones.

    Raises:
        SecondFactorRefused: it is not; with a second factor the password alone proves nothing.
        TooManyCodes: after wrong ones the next one waits.
    """
    account = second_factor.begin_code(account_id=account_id, at=at)
    if account.second_factor_at is None:
        second_factor.confirm_by_password(account_id=account_id, password=password)
    else:
        second_factor.confirm_by_code(account_id=account_id, code=code, at=at)


def _signed_in(request: Any, **_: object) -> None:
    """Signing in is a proof."""
    remember(request.session, timezone.now())


user_logged_in.connect(_signed_in, dispatch_uid="agents.proved")
