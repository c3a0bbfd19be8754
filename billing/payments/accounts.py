"""The bank account into which an operator's outlets collect: entered by one person, approved by another."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.payments.errors import (
    AccountNotFound,
    AccountOverlaps,
    AccountRefused,
    ApprovedByEnterer,
    NoCollectingAccount,
)
from billing.payments.models import CollectingAccount
from billing.payments.rules.banks import BANKS
from billing.payments.rules.vietqr import payload
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import FINANCE_ROLES, Role
from shared.text import clean
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account as it is entered."""

    operator_id: UUID
    operator_code: str
    province_code: str
    bank_bin: str
    account_number: str
    account_name: str
    valid_from: date
    valid_to: date | None = None


def accounts_seen_by(actor: Actor) -> QuerySet[CollectingAccount]:
    """An operator's headquarters see their own, the city those of its province, an outlet's people none."""
    if actor.kind is ActorKind.JOB:
        return CollectingAccount.objects.all()
    if actor.operator_id is not None and actor.outlet_id is None and actor.role in {"", Role.OPERATOR_HQ}:
        return CollectingAccount.objects.filter(operator_id=actor.operator_id)
    if actor.province_code and actor.role in FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}:
        return CollectingAccount.objects.filter(province_code=actor.province_code)
    return CollectingAccount.objects.none()


@operation
def enter_account(entry: AccountEntry, *, by: Actor, at: datetime) -> CollectingAccount:
    """Write down an account; nothing is collected into it before somebody else has approved it.

    Raises:
        AccountRefused: the bank is unknown, or the number, name or term cannot be right.
    """
    _check(entry)
    account = CollectingAccount.objects.create(
        operator_id=entry.operator_id, operator_code=entry.operator_code, province_code=entry.province_code,
        bank_bin=entry.bank_bin, bank_name=BANKS[entry.bank_bin], account_number=entry.account_number,
        account_name=clean(entry.account_name), valid_from=entry.valid_from, valid_to=entry.valid_to,
        entered_by=by.id, entered_by_name=by.name, entered_at=at)
    audit.record(actor=by, action="collecting_account.enter", object_type="collecting_account", object_id=account.id,
                 at=at, after={"bank": account.bank_bin, "last_digits": account.account_number[-4:]})
    return account


@operation
def approve_account(*, account_id: UUID, by: Actor, at: datetime) -> CollectingAccount:
    """Let the outlets collect into it.

    Raises:
        AccountNotFound: unknown, or another operator's.
        ApprovedByEnterer: the same person, or a machine.
        AccountOverlaps: another approved account is in force in its term.
    """
    account = accounts_seen_by(by).select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    if account.approved_by:
        return account
    if by.kind != ActorKind.PERSON or by.id == account.entered_by:
        raise ApprovedByEnterer
    account.approved_by, account.approved_by_name, account.approved_at = by.id, by.name, at
    try:
        with transaction.atomic():
            account.save(update_fields=["approved_by", "approved_by_name", "approved_at"])
    except IntegrityError as error:
        raise AccountOverlaps from error
    audit.record(actor=by, action="collecting_account.approve", object_type="collecting_account",
                 object_id=account.id, at=at, after={"valid_from": account.valid_from.isoformat()})
    return account


def account_of(*, operator_id: UUID, province_code: str, at: datetime) -> CollectingAccount:
    """The approved account of that day; raises NoCollectingAccount."""
    day = local(at).date()
    found = CollectingAccount.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), ~Q(approved_by=""), operator_id=operator_id,
        province_code=province_code, valid_from__lte=day).first()
    if found is None:
        raise NoCollectingAccount(_("Take cash, and ask your headquarters to enter and approve an account."))
    return found


def _check(entry: AccountEntry) -> None:
    wrong = ErrorCollector()
    if entry.bank_bin not in BANKS:
        wrong.add("/bank_bin", "unknown-bank", _("Choose a bank of the list."))
    else:
        try:
            payload(bank_bin=entry.bank_bin, account_number=entry.account_number)
        except ValueError:
            wrong.add("/account_number", "account-number", _("An account number has 1 to 19 letters and digits."))
    if not 3 <= len(clean(entry.account_name)) <= 120:
        wrong.add("/account_name", "account-name", _("Write the holder's name as the bank has it."))
    if entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        wrong.add("/valid_to", "term", _("The end lies after the beginning."))
    wrong.raise_if_any(AccountRefused)
