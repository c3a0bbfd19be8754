"""Second factors: an authenticator app, passkeys, recovery codes. What is kept is allauth's; what it is for is ours."""

import math
import struct
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode, websafe_encode

from agents.models.people import StaffAccount
from agents.people.errors import LastSecondFactor, SecondFactorRefused, TooManyCodes
from agents.people.rules import is_forgotten, wait_after
from shared.actors import Actor
from shared.audit import record
from shared.errors import ErrorCollector, Text
from shared.problems import told
from shared.text import clean
from shared.transactions import operation

LONGEST_NAME: Final = 60
_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_WRONG_CODE: Final = _("This code is not right, or was used already. Codes change every half minute.")
_WRONG_KEY: Final = _("The key gave no valid answer. Please try again.")
_WAITS: Final = _("Too many wrong codes for this account: the next one is looked at in {seconds} seconds. A passkey "
                  "does not wait. If it was not you who typed them, somebody knows your password: change it.")
# What the readers of CBOR, COSE and JSON raise at bytes that no device sends.
_UNREADABLE: Final = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error,
                      UnsupportedAlgorithm)


def is_required(role: str, today: date) -> bool:
    """Whether a role may do nothing any more before it has a second factor."""
    begins = settings.WARDPOST_MFA_FROM
    return begins is not None and begins <= today and role in settings.WARDPOST_MFA_ROLES


def factors_of(account_id: UUID) -> list[Authenticator]:
    """Her app and passkeys, the oldest first; recovery codes are no factor of their own."""
    return list(Authenticator.objects.filter(user_id=account_id, type__in=_FACTORS).order_by("id"))


def codes_left(account_id: UUID) -> int:
    """How many recovery codes are unused."""
    kept = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept is not None else 0


@operation
def add_app(*, account_id: UUID, secret: str, code: str, by: Actor, at: datetime) -> list[str]:
    """Take an authenticator app as second factor once it has shown a right code; a former app is replaced.

    Returns the recovery codes when they are new, and nothing otherwise.

    Raises:
        SecondFactorRefused: the code is not the app's.
    """
    account = _locked(account_id)
    counter = _counter_of(secret, code)
    if counter is None:
        raise _refusal("/code", _WRONG_CODE)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()
    added = totp.TOTP.activate(account, secret).instance
    added.data["counter"] = counter
    added.save(update_fields=["data"])
    return _added(account, added, by, at)


@operation
def add_passkey(*, account_id: UUID, name: str, credential: Any, by: Actor, at: datetime) -> list[str]:
    """Take a passkey that answered this session's challenge; the rest as `add_app`."""
    account = _locked(account_id)
    kept = _registered(credential)
    added = webauthn.WebAuthn.add(account, clean(name)[:LONGEST_NAME] or str(_("Passkey")), kept).instance
    return _added(account, added, by, at)


def _registered(credential: Any) -> dict[str, Any]:
    """What is kept of a valid answer: the device's own words, and nothing that came along."""
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except _UNREADABLE as error:
        raise _refusal("/credential", _WRONG_KEY) from error
    said = credential["response"]
    return {"id": _letters(credential["id"]), "rawId": _letters(credential["rawId"]), "type": "public-key",
            "response": {name: _letters(said[name]) for name in ("clientDataJSON", "attestationObject")},
            "clientExtensionResults": {}}


def _letters(encoded: str) -> str:
    """The same bytes, without what a lenient reader of base64 passes over."""
    return str(websafe_encode(websafe_decode(encoded)))


def _added(account: StaffAccount, added: Authenticator, by: Actor, at: datetime) -> list[str]:
    """Everybody else who is signed in with this account is out: she may have been somebody else."""
    is_first = account.second_factor_at is None
    account.second_factor_at = account.second_factor_at or at
    account.session_round += 1
    account.save(update_fields=["second_factor_at", "session_round"])
    record(actor=by, action="second_factor.add", object_type="staff_account", object_id=account.id, at=at,
           after={"kind": added.type})
    return _new_codes(account) if is_first else []


@operation
def renew_codes(*, account_id: UUID, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes; the former ones are worth nothing."""
    account = _locked(account_id)
    codes = _new_codes(account)
    record(actor=by, action="second_factor.renew_codes", object_type="staff_account", object_id=account.id, at=at)
    return codes


def _new_codes(account: StaffAccount) -> list[str]:
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    return codes


@operation
def remove(*, account_id: UUID, factor_id: int, by: Actor, at: datetime) -> StaffAccount:
    """Take one of one's own factors off; with the last one the recovery codes go.

    Raises:
        SecondFactorRefused: she has no such factor.
        LastSecondFactor: her role asks for one.
    """
    account = _locked(account_id)
    hers = Authenticator.objects.filter(user=account, type__in=_FACTORS)
    factor = hers.filter(id=factor_id).first()
    if factor is None:
        raise _refusal("/factor", _("There is no such second factor."))
    is_last = hers.count() == 1
    if is_last and account.role in settings.WARDPOST_MFA_ROLES and settings.WARDPOST_MFA_FROM is not None:
        raise LastSecondFactor
    kind = factor.type
    factor.delete()
    if is_last:
        take_all_off(account)
    record(actor=by, action="second_factor.remove", object_type="staff_account", object_id=account.id, at=at,
           before={"kind": kind})
    return account


def take_all_off(account: StaffAccount) -> None:
    """Inside the caller's transaction, who has locked the account."""
    Authenticator.objects.filter(user=account).delete()
    account.second_factor_at = None
    account.save(update_fields=["second_factor_at"])


def destroy_all(account: StaffAccount) -> None:
    """Inside the caller's transaction: her factors open nothing any more, and signing in goes on asking for one.

    Only two people take that off again (agents.people.resets): shutting and opening an account is one person's work.
    """
    Authenticator.objects.filter(user=account).delete()


@operation
def begin_code(*, account_id: UUID, at: datetime) -> StaffAccount:
    """Count a try before it is looked at, so that many at once are not looked at for nothing; a right one clears it.

    Counted for the account, wherever it comes from. Passkeys cannot be guessed and never wait.

    Raises:
        TooManyCodes: after wrong ones the next one waits; a try while it waits changes nothing.
    """
    account = _locked(account_id)
    tried = 0 if is_forgotten(account.code_tried_at, at) else account.codes_tried
    free_at = at if account.code_tried_at is None else account.code_tried_at + wait_after(tried)
    if at < free_at:
        raise TooManyCodes(told(_WAITS, seconds=math.ceil((free_at - at).total_seconds())))
    account.codes_tried, account.code_tried_at = tried + 1, at
    account.save(update_fields=["codes_tried", "code_tried_at"])
    return account


@operation
def confirm_by_code(*, account_id: UUID, code: str, at: datetime) -> StaffAccount:
    """Whether an app's code, or an unused recovery code, is right. Each counts once, and none before a later one.

    Raises:
        SecondFactorRefused: it is not.
    """
    account = _locked(account_id)
    for factor in Authenticator.objects.select_for_update().filter(user=account).exclude(
            type=Authenticator.Type.WEBAUTHN):
        if _takes(factor, code.replace(" ", "")):
            factor.last_used_at = at
            factor.save(update_fields=["last_used_at"])
            return _cleared(account)
    raise _refusal("/code", _WRONG_CODE)


def _cleared(account: StaffAccount) -> StaffAccount:
    """A right one: the wrong ones before it count no more."""
    account.codes_tried, account.code_tried_at = 0, None
    account.save(update_fields=["codes_tried", "code_tried_at"])
    return account


@operation
def confirm_by_password(*, account_id: UUID, password: str) -> StaffAccount:
    """Whether the password is hers, where she has no second factor. Raises SecondFactorRefused."""
    account = _locked(account_id)
    if account.second_factor_at is not None or not account.check_password(password):
        raise _refusal("/password", _("This is not your present password."))
    return _cleared(account)


def _takes(factor: Authenticator, code: str) -> bool:
    if factor.type == Authenticator.Type.RECOVERY_CODES:
        return bool(RecoveryCodes(factor).validate_code(code))
    counter = _counter_of(totp.decrypt(factor.data["secret"]), code)
    if counter is None or counter <= factor.data.get("counter", 0):
        return False
    factor.data["counter"] = counter
    factor.save(update_fields=["data"])
    return True


def _counter_of(secret: str, code: str) -> int | None:
    """The half minute whose code this is, of those that count now."""
    for counter in totp.yield_hotp_counters_from_time():
        if totp.format_hotp_value(totp.hotp_value(secret, counter)) == code:
            return int(counter)
    return None


@operation
def confirm_by_passkey(*, account_id: UUID, credential: Any, at: datetime) -> StaffAccount:
    """Whether one of her passkeys answered this session's challenge. Raises SecondFactorRefused."""
    account = _locked(account_id)
    try:
        webauthn.parse_authentication_response(credential)
        factor = webauthn.complete_authentication(account, credential)
    except _UNREADABLE as error:
        raise _refusal("/credential", _WRONG_KEY) from error
    factor.last_used_at = at
    factor.save(update_fields=["last_used_at"])
    return account


def _locked(account_id: UUID) -> StaffAccount:
    return StaffAccount.objects.select_for_update().get(id=account_id)


def _refusal(pointer: str, message: Text) -> SecondFactorRefused:
    wrong = ErrorCollector()
    wrong.add(pointer, "refused", message)
    return SecondFactorRefused("", errors=tuple(wrong.errors))
