"""The PIN of a counter, and who follows whom at it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext_lazy as _

from agents.models.people import StaffAccount
from agents.switching.errors import InvalidPin
from agents.switching.models import CounterPin
from shared.actors import Actor
from shared.audit import record
from shared.errors import ErrorCollector
from shared.transactions import operation

PIN_DIGITS: Final = 6
MOST_FAILURES: Final = 5
_RUNS: Final = ("01234567890", "09876543210")


@operation
def set_pin(*, account_id: UUID, pin: str, by: Actor, at: datetime) -> CounterPin:
    """Take a PIN, or a new one; the entry point has asked for the password. Raises InvalidPin."""
    wrong = ErrorCollector()
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        wrong.add("/pin", "wrong-form", _("A PIN has six digits."))
    elif len(set(pin)) < 3 or any(pin in run for run in _RUNS):
        wrong.add("/pin", "too-easy", _("Everybody would guess this PIN. Choose another one."))
    wrong.raise_if_any(InvalidPin)
    kept, _made = CounterPin.objects.update_or_create(
        account_id=account_id, defaults={"digest": make_password(pin), "failures": 0, "set_at": at})
    record(actor=by, action="counter_pin.set", object_type="staff_account", object_id=account_id, at=at)
    return kept


@operation
def take_pin_off(*, account_id: UUID, by: Actor, at: datetime) -> bool:
    """From now on only the password lets her on again; says whether there was a PIN."""
    gone, _rows = CounterPin.objects.filter(account_id=account_id).delete()
    if gone:
        record(actor=by, action="counter_pin.remove", object_type="staff_account", object_id=account_id, at=at)
    return bool(gone)


@operation
def is_right_pin(*, account_id: UUID, pin: str) -> bool:
    """Whether this is her PIN. Counts the wrong ones, and after five says no to the right one too."""
    kept = CounterPin.objects.select_for_update().filter(account_id=account_id).first()
    if kept is None or kept.failures >= MOST_FAILURES:
        return False
    is_right = check_password(pin, kept.digest)
    kept.failures = 0 if is_right else kept.failures + 1
    kept.save(update_fields=["failures"])
    return is_right


@operation
def wake_pin(*, account_id: UUID) -> None:
    """After a full sign-in the count of wrong ones begins anew."""
    CounterPin.objects.filter(account_id=account_id, failures__gt=0).update(failures=0)


@operation
def record_switch(*, account: StaffAccount, former_id: str, how: str, by: Actor, at: datetime) -> None:
    """`account` works at this computer now, after `former_id`, let on by "pin", "password" or "passkey"."""
    record(actor=by, action="session.switch" if former_id != str(account.id) else "session.unlock",
           object_type="staff_account", object_id=account.id, at=at, before={"account": former_id}, after={"how": how})
