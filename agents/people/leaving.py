"""What ends with an employment, in the transaction that ends it."""

from datetime import datetime

from agents.duties.ending import end_of_leaver
from agents.events import StaffLeft
from agents.models.people import ApiToken, StaffAccount
from agents.people.models import ExternalIdentity, Invitation
from agents.people.rules import InvitationState
from agents.people.second_factor import destroy_all
from agents.switching.models import CounterPin
from shared.actors import Actor
from shared.audit import Entry, record_all
from shared.outbox.publishing import publish


def end_access(account: StaffAccount, *, by: Actor, at: datetime) -> None:
    """Shut every way in: sessions, factors, links, and the keys and invitations whose text she has seen.

    A later return to work revives none of them: the round of sessions is another by then. Where a second factor was
    asked for it still is, so that nobody alone takes one off by shutting and opening an account.
    """
    account.session_round += 1
    account.save(update_fields=["session_round"])
    destroy_all(account)
    ExternalIdentity.objects.filter(account=account).delete()
    CounterPin.objects.filter(account=account).delete()
    revoke_keys(account, by, at, because="its issuer has left")
    take_back_invitations(account, by, at, because="its inviter has left")
    leave_place(account, by=by, at=at)


def leave_place(account: StaffAccount, *, by: Actor, at: datetime) -> None:
    """What she had in hand is somebody else's now; what she handed on or stood in for is over."""
    end_of_leaver(account, by=by, at=at)
    publish(StaffLeft(account.id, at))


def revoke_keys(account: StaffAccount, by: Actor, at: datetime, *, because: str) -> None:
    """Whoever issued a key has seen it, and could go on using it."""
    keys = ApiToken.objects.select_for_update().filter(created_by=account, revoked_at=None, expires_at__gt=at)
    ended = list(keys.values_list("id", flat=True))
    ApiToken.objects.filter(id__in=ended).update(revoked_at=at)
    record_all([Entry(by, "revoke_token", "api_token", each, at, reason=because) for each in ended])


def take_back_invitations(account: StaffAccount, by: Actor, at: datetime, *, because: str) -> None:
    """Whoever sent an invitation has seen its link, and does not answer for that place any more."""
    waiting = Invitation.objects.select_for_update().filter(
        invited_by=account, state__in=[InvitationState.OPEN, InvitationState.LAPSED])
    ended = list(waiting.values_list("id", flat=True))
    Invitation.objects.filter(id__in=ended).update(state=InvitationState.REVOKED, ended_at=at)
    record_all([Entry(by, "invitation.revoke", "invitation", each, at, reason=because)
                for each in ended])
