"""Which account somebody of the organisation's provider is: settled by who answers for her, never made by a sign-in."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from agents.backends import accounts as loaded
from agents.errors import InvalidAccount, MayNotGrant
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people.errors import IdentityTaken
from agents.people.models import ExternalIdentity
from agents.people.oidc import Claims
from agents.people.resets import may_vouch
from shared.actors import Actor
from shared.audit import record
from shared.errors import ErrorCollector
from shared.transactions import operation


def account_of(claims: Claims) -> tuple[StaffAccount, bool] | None:
    """The account, and whether its holder has come this way before; None: it is linked to nobody.

    Who has come before is known by the subject alone: an e-mail may be given to somebody else one day.
    """
    links = ExternalIdentity.objects.filter(issuer=claims.issuer)
    link = links.filter(subject=claims.subject).first()
    if link is None and claims.email:
        link = links.filter(subject="", email=claims.email).first()
    if link is None:
        return None
    account = loaded().filter(pk=link.account_id).first()
    return None if account is None else (account, bool(link.subject))


def link_of(account: StaffAccount) -> ExternalIdentity | None:
    return ExternalIdentity.objects.filter(account=account).first()


@operation
def link(*, account_id: UUID, issuer: str, email: str, by: Actor, at: datetime) -> ExternalIdentity:
    """Say by which e-mail the provider knows her; a former link ends, with the sessions of whoever came in by it.

    Raises:
        AccountNotFound, NotToYourself, MayNotGrant: not hers to settle.
        InvalidAccount: it is no e-mail.
        IdentityTaken: it is somebody else's.
    """
    account = _locked(account_id, by)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        wrong = ErrorCollector()
        wrong.add("/email", "wrong-form", _("This is no e-mail address."))
        raise InvalidAccount("", errors=tuple(wrong.errors)) from error
    if ExternalIdentity.objects.filter(issuer=issuer, email=address).exclude(account=account).exists():
        raise IdentityTaken
    _end_link(account)
    made = ExternalIdentity.objects.create(account=account, issuer=issuer, email=address, linked_by_name=by.name[:120],
                                           linked_at=at)
    record(actor=by, action="external_identity.link", object_type="staff_account", object_id=account.id, at=at)
    return made


@operation
def unlink(*, account_id: UUID, by: Actor, at: datetime) -> StaffAccount:
    """From now on the provider signs nobody in to this account. Doing it again changes nothing."""
    account = _locked(account_id, by)
    if _end_link(account):
        record(actor=by, action="external_identity.unlink", object_type="staff_account", object_id=account.id, at=at)
    return account


def _end_link(account: StaffAccount) -> bool:
    """Whether there was one: then everybody who is signed in with this account is out."""
    gone, _kinds = ExternalIdentity.objects.filter(account=account).delete()
    if gone:
        account.session_round += 1
        account.save(update_fields=["session_round"])
    return bool(gone)


@operation
def bind(*, account_id: UUID, issuer: str, subject: str, at: datetime) -> None:
    """Her first sign-in this way: the link belongs to this subject from now on.

    Raises:
        IdentityTaken: somebody was quicker, or the link is gone.
    """
    link = ExternalIdentity.objects.select_for_update().filter(account_id=account_id, issuer=issuer).first()
    if link is None or link.subject not in {"", subject}:
        raise IdentityTaken
    if ExternalIdentity.objects.filter(issuer=issuer, subject=subject).exclude(id=link.id).exists():
        raise IdentityTaken
    if not link.subject:
        link.subject, link.bound_at = subject, at
        link.save(update_fields=["subject", "bound_at"])
        account = loaded().get(pk=account_id)
        record(actor=account.actor, action="external_identity.bind", object_type="staff_account", object_id=account.id,
               at=at)


def _locked(account_id: UUID, by: Actor) -> StaffAccount:
    account = accounts.locked_account(account_id, by)
    accounts.not_oneself(account, by)
    if not may_vouch(by, account):
        raise MayNotGrant
    return account
