"""Whether it is her at the locked screen, and the session that she gets."""

from typing import Any

import structlog
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, login
from django.contrib.auth.signals import user_login_failed
from django.utils import timezone

from agents.models.people import StaffAccount
from agents.people import proving, second_factor
from agents.switching import operations
from agents.switching.known import LOCKED
from shared.api import WardpostRequest
from shared.errors import DomainError

log = structlog.get_logger(__name__)


def proven_by(request: WardpostRequest, account: StaffAccount, data: dict[str, Any]) -> str:
    """How she has shown that it is her: "passkey", "pin" or "password"; empty: she has not.

    Wrong ones are counted for the account and this address as wrong passwords are, wrong PINs for the account alone
    besides; while the account waits, the right one is refused too.
    """
    if not AxesProxyHandler.is_allowed(request, {"username": account.username}):
        return ""
    if data.get("credential"):
        how = "passkey" if _is_her_key(account, data["credential"]) else ""
    else:
        how = _by_secret(request, account, str(data.get("secret") or ""))
    if not how:
        log.warning("unlock_refused", account_id=str(account.pk))
    return how


def _is_her_key(account: StaffAccount, credential: Any) -> bool:
    try:
        second_factor.confirm_by_passkey(account_id=account.pk, credential=credential, at=timezone.now())
    except DomainError:
        return False
    return True


def _by_secret(request: WardpostRequest, account: StaffAccount, secret: str) -> str:
    if len(secret) == operations.PIN_DIGITS and secret.isascii() and secret.isdigit():
        if operations.is_right_pin(account_id=account.pk, pin=secret):
            return "pin"
        user_login_failed.send(sender=proven_by, credentials={"username": account.username}, request=request)
        return ""
    found = authenticate(request, username=account.username, password=secret)
    return "password" if found is not None and found.pk == account.pk else ""


def let_on(request: WardpostRequest, account: StaffAccount, how: str) -> None:
    """Unlock her session; somebody else's ends, and she gets a new one of her own."""
    former = str(request.user.pk)
    if former == str(account.pk):
        request.session.pop(LOCKED, None)
    else:
        request.session.flush()
        login(request, account, backend="agents.backends.StaffBackend")
        if how == "pin" or (how == "password" and account.second_factor_at is not None):
            proving.remember_since(request.session, 0)  # enough to go on, and not to release money
    operations.record_switch(account=account, former_id=former, how=how, by=account.actor, at=timezone.now())
