"""A payee's account: the operator enters it, the city approves it, and nothing is paid into it for two days.

Entering another one leaves the present one in force until the city has approved the new one; from then on neither is
paid into before the cooling-off is over.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing.payments.rules.banks import BANKS
from billing.payouts.errors import (
    PayeeAccountDecided,
    PayeeAccountNotFound,
    PayeeAccountRefused,
    PayeeNotFound,
    ReasonMissing,
    SecondPersonNeeded,
)
from billing.payouts.models import PayeeAccount
from billing.payouts.rules.files import ascii_name
from billing.payouts.rules.states import ACCOUNTS, COOLING_OFF, AccountAction, AccountState, Method
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

TO_APPROVE: Final = "payee-account-to-approve"
"""Work item of finance: an operator entered an account into which the city is to pay."""
_NUMBER: Final = re.compile(r"[A-Z0-9]{4,19}")
_CONNECTED: Final = re.compile(r"acct_[A-Za-z0-9]{6,60}")


@dataclass(frozen=True, slots=True)
class PayeeEntry:
    """An account as an operator enters it; without an outlet it is the operator's own in that province."""

    province_code: str
    method: str
    number: str
    holder_name: str
    bank_bin: str = ""
    outlet_id: UUID | None = None


@operation
def enter_payee_account(entry: PayeeEntry, *, by: Actor, at: datetime) -> PayeeAccount:
    """Write an account down for the city to approve; an entered one that nobody approved yet is replaced.

    Raises:
        PayeeNotFound: no such operator, or the outlet is not one of its outlets in that province.
        PayeeAccountRefused: the bank is unknown, or number or holder cannot be right.
    """
    account = _of_payee(entry, by)
    _check(entry)
    _refuse_entered(account, by, at)
    account.method, account.holder_name = entry.method, clean(entry.holder_name)
    account.bank_bin = entry.bank_bin if entry.method == Method.BANK else ""
    account.bank_name = BANKS.get(account.bank_bin, "")
    account.seal(_number_of(entry))
    account.entered_by, account.entered_by_name, account.entered_at = by.id, by.name, at
    account.save(force_insert=True)
    audit.record(actor=by, action="payee_account.enter", object_type="payee_account", object_id=account.id, at=at,
                 after={"payee": account.payee, "method": account.method, "last_digits": account.last_digits})
    work.open_item(kind=TO_APPROVE, reference=str(account.id), owner_role=Role.FINANCE_APPROVER,
                   owner_place=account.province_code, at=at, due_at=at + COOLING_OFF, detail={"payee": account.payee})
    return account


@operation
def approve_payee_account(*, account_id: UUID, by: Actor, at: datetime) -> PayeeAccount:
    """Let the city pay into it when the cooling-off is over; the account before it ends now.

    Raises:
        PayeeAccountNotFound: unknown, or of another city.
        SecondPersonNeeded: whoever entered it, or nobody of the city's approvers.
        PayeeAccountDecided: it was refused or replaced.
    """
    account = _locked(account_id, by)
    if account.state == AccountState.APPROVED:
        return account
    _check_decider(account, by)
    _end_former(account, by, at)
    account.usable_from = at + COOLING_OFF
    _decide(account, AccountAction.APPROVE, "", by=by, at=at)
    return account


@operation
def refuse_payee_account(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> PayeeAccount:
    """Do not pay into it; raises as approve_payee_account, and ReasonMissing."""
    account = _locked(account_id, by)
    _check_decider(account, by)
    if len(clean(reason)) < 5:
        raise ReasonMissing(_("Say why in a sentence: the operator reads it."))
    _decide(account, AccountAction.REFUSE, clean(reason)[:300], by=by, at=at)
    return account


# --- the parts ------------------------------------------------------------------------------------------------------


def _of_payee(entry: PayeeEntry, by: Actor) -> PayeeAccount:
    operator = next((each for each in agents.operators() if each.id == by.operator_id), None)
    if operator is None:
        raise PayeeNotFound
    if entry.outlet_id is None:
        if entry.province_code not in {each.province_code for each in agents.outlets_of_operator(operator.id)}:
            raise PayeeNotFound
        payee, name = f"operator:{operator.code}", operator.name
    else:
        outlet = next((each for each in agents.outlets_by_id({entry.outlet_id})
                       if each.operator.id == operator.id and each.province_code == entry.province_code), None)
        if outlet is None:
            raise PayeeNotFound
        payee, name = f"outlet:{outlet.id}", outlet.name
    return PayeeAccount(payee=payee, payee_name=name, outlet_id=entry.outlet_id, operator_id=operator.id,
                        operator_code=operator.code, province_code=entry.province_code)


def _number_of(entry: PayeeEntry) -> str:
    text = "".join(entry.number.split())
    return text.upper() if entry.method == Method.BANK else text


def _check(entry: PayeeEntry) -> None:
    wrong = ErrorCollector()
    if entry.method not in set(Method):
        wrong.add("/method", "method", _("Choose a bank account or an account of the card service."))
    elif entry.method == Method.BANK:
        if entry.bank_bin not in BANKS:
            wrong.add("/bank_bin", "unknown-bank", _("Choose a bank of the list."))
        if not _NUMBER.fullmatch(_number_of(entry)):
            wrong.add("/number", "account-number", _("An account number has 4 to 19 letters and digits."))
    elif not _CONNECTED.fullmatch(_number_of(entry)):
        wrong.add("/number", "connected-account", _("A connected account begins with “acct_”."))
    if len(ascii_name(entry.holder_name)) < 3 or len(clean(entry.holder_name)) > 120:
        wrong.add("/holder_name", "account-name", _("Write the holder's name as the bank has it."))
    wrong.raise_if_any(PayeeAccountRefused)


def _refuse_entered(account: PayeeAccount, by: Actor, at: datetime) -> None:
    """One account at a time waits; entering another withdraws the one before."""
    for before in PayeeAccount.objects.select_for_update().filter(
            payee=account.payee, province_code=account.province_code, state=AccountState.ENTERED):
        before.state = ACCOUNTS[AccountState.ENTERED, AccountAction.REFUSE]
        before.save(update_fields=["state"])
        work.close_item(kind=TO_APPROVE, reference=str(before.id), by=by.name, at=at, outcome="entered anew")


def _locked(account_id: UUID, by: Actor) -> PayeeAccount:
    account: PayeeAccount | None = PayeeAccount.objects.seen_by(by).select_for_update().filter(id=account_id).first()
    if account is None:
        raise PayeeAccountNotFound
    return account


def _check_decider(account: PayeeAccount, by: Actor) -> None:
    if by.kind != ActorKind.PERSON or by.role != Role.FINANCE_APPROVER or by.id == account.entered_by:
        raise SecondPersonNeeded(_("An approver of the city's finance, who did not enter it, decides on an account."))
    if account.state != AccountState.ENTERED:
        raise PayeeAccountDecided


def _end_former(account: PayeeAccount, by: Actor, at: datetime) -> None:
    former = PayeeAccount.objects.select_for_update().filter(
        payee=account.payee, province_code=account.province_code, state=AccountState.APPROVED).first()
    if former is None:
        return
    former.state = ACCOUNTS[AccountState.APPROVED, AccountAction.END]
    former.save(update_fields=["state"])
    audit.record(actor=by, action="payee_account.end", object_type="payee_account", object_id=former.id, at=at,
                 after={"state": former.state})


def _decide(account: PayeeAccount, action: AccountAction, reason: str, *, by: Actor, at: datetime) -> None:
    account.state = ACCOUNTS[AccountState(account.state), action]
    account.decided_by, account.decided_by_name, account.decided_at, account.reason = by.id, by.name, at, reason
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:  # two approvers at once
        raise PayeeAccountDecided from error
    audit.record(actor=by, action=f"payee_account.{action}", object_type="payee_account", object_id=account.id, at=at,
                 after={"state": account.state}, reason=reason)
    work.close_item(kind=TO_APPROVE, reference=str(account.id), by=by.name, at=at, outcome=account.state)
