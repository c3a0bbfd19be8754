"""Asking somebody in: a link for one person, one role and one place, which opens one account once."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import MayNotGrant
from agents.events import StaffInvited
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people import queries
from agents.people.addresses import check_address
from agents.people.errors import InvalidInvitation, InvitationNotFound
from agents.people.models import Invitation
from agents.people.reach import check_giver, check_reach, clean_groups, reaches
from agents.people.rules import INVITATION_LASTS, InvitationState, InvitationStep
from agents.records import Workplace
from shared.actors import Actor, ActorKind
from shared.audit import Entry, record, record_all
from shared.calendar import local
from shared.crypto import token_digest
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

_CODE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Invited:
    """`code` opens the invitation; it is in no row and no log, so whoever loses it has it sent again."""

    invitation: Invitation
    code: str = field(repr=False)


@operation
def invite(*, display_name: str, role: str, place: Workplace, by: Actor, at: datetime, email: str = "", phone: str = "",
           procedure_groups: Iterable[str] = (), works_until: date | None = None) -> Invited:
    """Ask a person to open an account. With `works_until` she helps out, and has no access from that day on.

    Raises:
        InvalidInvitation: with every entry that needs correcting.
        MayNotGrant: `by` may not give this role, or not there.
    """
    invitation = Invitation(
        display_name=clean(display_name), role=role, email=email.strip(), phone=phone,
        procedure_groups=clean_groups(procedure_groups), works_until=works_until, invited_at=at,
        invited_by_id=by.id if by.kind is ActorKind.PERSON else None, invited_by_name=by.name[:120],
        **place.as_columns())
    _check(invitation, place, by, at)
    accounts.must_answer_for(by, role, place)
    return _sent(invitation, by, at, action="invitation.send")


def _check(invitation: Invitation, place: Workplace, by: Actor, at: datetime) -> None:
    wrong = ErrorCollector()
    accounts.check_name(invitation.display_name, wrong)
    if invitation.role not in Role.values:
        wrong.add("/role", "not-a-choice", _("There is no such role."))
    else:
        accounts.check_place(invitation.role, place, wrong)
    check_address(invitation, wrong)
    check_reach(invitation.role, invitation.procedure_groups, invitation.works_until, local(at).date(), wrong)
    check_giver(by, invitation.procedure_groups, wrong)
    wrong.raise_if_any(InvalidInvitation)


def _sent(invitation: Invitation, by: Actor, at: datetime, *, action: str) -> Invited:
    code = secrets.token_urlsafe(_CODE_BYTES)
    invitation.digest, invitation.mailed_digest = token_digest(code), None
    invitation.expires_at = at + INVITATION_LASTS
    invitation.save()
    if invitation.email:
        publish(StaffInvited(invitation.id))
    record(actor=by, action=action, object_type="invitation", object_id=invitation.id, at=at, after={
        "role": invitation.role, "groups": invitation.procedure_groups,
        "works_until": invitation.works_until.isoformat() if invitation.works_until else None})
    return Invited(invitation, code)


@operation
def resend(*, invitation_id: UUID, by: Actor, at: datetime) -> Invited:
    """A new link for a week; every former one is worth nothing from now on.

    Raises:
        InvitationNotFound: no such invitation within sight of `by`.
        InvitationOver: it was accepted or taken back.
        InvalidInvitation: its outlet has been closed since.
        MayNotGrant: `by` may not give this role there.
    """
    invitation = _locked(invitation_id, by)
    invitation.move(InvitationStep.RESEND)
    wrong = ErrorCollector()
    accounts.check_place(invitation.role, _place(invitation), wrong)
    wrong.raise_if_any(InvalidInvitation)
    return _sent(invitation, by, at, action="invitation.resend")


@operation
def revoke(*, invitation_id: UUID, by: Actor, at: datetime) -> Invitation:
    """Take an invitation back; its links are worth nothing from now on. The same refusals."""
    invitation = _locked(invitation_id, by)
    invitation.move(InvitationStep.REVOKE)
    invitation.ended_at = at
    invitation.save(update_fields=["state", "ended_at"])
    record(actor=by, action="invitation.revoke", object_type="invitation", object_id=invitation.id, at=at)
    return invitation


def _locked(invitation_id: UUID, by: Actor) -> Invitation:
    seen = queries.invitations_seen_by(by).select_for_update(of=("self",))
    invitation = seen.filter(id=invitation_id).first()
    if invitation is None:
        raise InvitationNotFound
    accounts.must_answer_for(by, invitation.role, _place(invitation))
    if not reaches(by, invitation.procedure_groups):
        raise MayNotGrant
    return invitation


def _place(invitation: Invitation) -> Workplace:
    return Workplace(invitation.outlet_id, invitation.operator_id, invitation.centre_id, invitation.province_id or "")


@operation
def accept(*, code: str, username: str, password: str, at: datetime) -> StaffAccount:
    """Open the account that an invitation offers: its role and reach, a name and password of one's own.

    Raises:
        InvitationNotFound: the code opens nothing (any more).
        InvalidAccount: user name or password need correcting.
        UsernameTaken: somebody has this user name.
    """
    found = queries.invitation_of_code(code, at)
    if found is None:
        raise InvitationNotFound
    invitation = Invitation.objects.select_for_update().get(id=found.id)
    if queries.invitation_of_code(code, at) is None:  # taken back, used or sent again while this waited
        raise InvitationNotFound
    account = StaffAccount(
        username=clean(username).lower(), display_name=invitation.display_name, role=invitation.role,
        email=invitation.email, phone=invitation.phone, procedure_groups=invitation.procedure_groups,
        works_until=invitation.works_until, is_staff=invitation.role == Role.ADMINISTRATOR,
        **_place(invitation).as_columns())
    herself = Actor(ActorKind.PERSON, str(account.id), account.display_name, account.role)
    accounts.add(account, password=password, by=herself, granted_by=None, at=at)
    invitation.move(InvitationStep.ACCEPT)
    invitation.account, invitation.ended_at = account, at
    invitation.save(update_fields=["state", "account", "ended_at"])
    record(actor=herself, action="invitation.accept", object_type="invitation", object_id=invitation.id, at=at,
           after={"account": str(account.id)})
    return account


@operation
def lapse(*, at: datetime, by: Actor) -> int:
    """Close what nobody answered in time; returns how many. They can be sent again."""
    late = Invitation.objects.select_for_update().filter(state=InvitationState.OPEN, expires_at__lte=at)
    ids = list(late.values_list("id", flat=True))
    Invitation.objects.filter(id__in=ids).update(state=InvitationState.LAPSED)
    record_all([Entry(by, "invitation.lapse", "invitation", each, at) for each in ids])
    return len(ids)
