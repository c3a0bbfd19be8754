"""A lost phone or key: one person asks, another takes the second factor off; nobody does both, and never oneself."""

from datetime import datetime
from uuid import UUID

from agents.errors import MayNotGrant
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people.errors import NoSecondFactor, ResetNeedsAnother, ResetNotFound, ResetOver
from agents.people.models import SecondFactorReset
from agents.people.rules import RESET_LASTS, ResetState, ResetStep
from agents.people.second_factor import take_all_off
from agents.scope import accounts_seen_by
from shared.actors import Actor, ActorKind
from shared.audit import Entry, record, record_all
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation


def may_vouch(by: Actor, account: StaffAccount) -> bool:
    """Who answers for her; for an administrator her fellow administrators."""
    if by.kind is not ActorKind.PERSON or by.id == str(account.id):
        return False
    if by.role == account.role == Role.ADMINISTRATOR:
        return accounts_seen_by(by).filter(id=account.id).exists()
    try:
        accounts.must_answer_for(by, account.role, accounts.place_of(account))
    except MayNotGrant:
        return False
    return True


@operation
def ask_reset(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> SecondFactorReset:
    """Ask that somebody's second factors are taken off. An open request is gone on with.

    Raises:
        AccountNotFound: no such account within sight of `by`.
        NotToYourself, MayNotGrant: not hers to vouch for.
        NoSecondFactor: there is nothing to take off.
        InvalidAccount: no reason was given.
    """
    account = accounts.locked_account(account_id, by)
    accounts.not_oneself(account, by)
    if not may_vouch(by, account):
        raise MayNotGrant
    accounts.check_reason(reason)
    if account.second_factor_at is None:
        raise NoSecondFactor
    SecondFactorReset.objects.filter(account=account, state=ResetState.ASKED, expires_at__lte=at).update(
        state=ResetState.LAPSED, ended_at=at)
    opened = SecondFactorReset.objects.filter(account=account, state=ResetState.ASKED).first()
    if opened is not None:
        return opened
    asked = SecondFactorReset.objects.create(
        account=account, reason=clean(reason)[:300], asked_by_id=by.id, asked_by_name=by.name[:120], asked_at=at,
        expires_at=at + RESET_LASTS)
    record(actor=by, action="second_factor.ask_reset", object_type="staff_account", object_id=account.id, at=at,
           reason=asked.reason)
    return asked


@operation
def settle_reset(*, reset_id: UUID, step: ResetStep, by: Actor, at: datetime) -> SecondFactorReset:
    """The second person's word. With CONFIRM all second factors and sessions of the account end.

    Raises:
        ResetNotFound: no such request within sight of `by`.
        ResetNeedsAnother: `by` asked herself, is its holder, or does not answer for her.
        ResetOver: settled already, or too old.
    """
    reset = SecondFactorReset.objects.select_for_update().filter(
        id=reset_id, account__in=accounts_seen_by(by).values("id")).first()
    if reset is None:
        raise ResetNotFound
    account = StaffAccount.objects.select_for_update(of=("self",)).select_related(
        "outlet", "centre", "operator").get(id=reset.account_id)
    is_asker = by.kind is ActorKind.PERSON and str(reset.asked_by_id) == by.id
    if not may_vouch(by, account) or (is_asker and step is ResetStep.CONFIRM):
        raise ResetNeedsAnother
    if reset.expires_at <= at:
        raise ResetOver
    reset.move(step)
    reset.ended_at, reset.ended_by_name = at, by.name[:120]
    reset.save(update_fields=["state", "ended_at", "ended_by_name"])
    if step is ResetStep.CONFIRM:
        account.session_round += 1
        account.save(update_fields=["session_round"])
        take_all_off(account)
    record(actor=by, action=f"second_factor.{step}_reset", object_type="staff_account", object_id=account.id, at=at,
           before={"asked_by": str(reset.asked_by_id)})
    return reset


def open_reset(account: StaffAccount, at: datetime) -> SecondFactorReset | None:
    """The request about an account that still waits."""
    return SecondFactorReset.objects.filter(account=account, state=ResetState.ASKED, expires_at__gt=at).first()


def open_resets(by: Actor, at: datetime) -> list[SecondFactorReset]:
    """What waits for a second person, of the accounts that `by` sees; a hundred at most."""
    seen = SecondFactorReset.objects.filter(account__in=accounts_seen_by(by).values("id"))
    return list(seen.filter(state=ResetState.ASKED, expires_at__gt=at).order_by("asked_at", "id")[:100])


@operation
def lapse_resets(*, at: datetime, by: Actor) -> int:
    """Close requests that no second person answered within a day; returns how many."""
    late = SecondFactorReset.objects.select_for_update().filter(state=ResetState.ASKED, expires_at__lte=at)
    ids = list(late.values_list("id", "account_id"))
    SecondFactorReset.objects.filter(id__in=[each for each, _account in ids]).update(
        state=ResetState.LAPSED, ended_at=at)
    record_all([Entry(by, "second_factor.lapse_reset", "staff_account", account, at) for _each, account in ids])
    return len(ids)
