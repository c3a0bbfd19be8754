"""The letter of an invitation. It goes out by a worker, after the invitation stands."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agents.people.models import Invitation
from agents.people.rules import InvitationState
from shared.calendar import local
from shared.crypto import token_digest
from shared.formatting import full_stamp
from shared.transactions import operation

_CODE_BYTES: Final = 32


def link_of(code: str) -> str:
    """The address that opens an invitation. The code stands behind the #, so that no server and no log sees it."""
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('agents:invitation')}#{code}"


def is_connected() -> bool:
    """Whether this house sends e-mail at all."""
    return bool(settings.WARDPOST_EMAIL_FROM)


def mail_invitation(*, invitation_id: UUID, at: datetime) -> None:
    """Send the letter with a code of its own. Told twice, the newer letter's code holds and the older one's does not.

    Raises:
        OSError, SMTPException: the mail server did not take it; the outbox tries again.
    """
    code = secrets.token_urlsafe(_CODE_BYTES)
    invitation = _take_code(invitation_id, code, at)
    if invitation is not None:
        _letter(invitation, code).send()


@operation
def _take_code(invitation_id: UUID, code: str, at: datetime) -> Invitation | None:
    """Keep the digest first: a letter whose code opens nothing would be worse than a code without a letter."""
    invitation = Invitation.objects.select_for_update().filter(
        id=invitation_id, state=InvitationState.OPEN, expires_at__gt=at).exclude(email="").first()
    if invitation is not None:
        invitation.mailed_digest = token_digest(code)
        invitation.save(update_fields=["mailed_digest"])
    return invitation


def _letter(invitation: Invitation, code: str) -> EmailMessage:
    with translation.override("vi"):
        words = {"name": invitation.display_name, "inviter": invitation.invited_by_name,
                 "until": full_stamp(local(invitation.expires_at)), "link": link_of(code)}
        body = _("Dear %(name)s,\n\n%(inviter)s asks you to open your account at Wardpost. Follow this link once, "
                 "until %(until)s, and choose a user name and a password:\n\n%(link)s\n\n"
                 "Give the link to nobody. If you do not know why you get this letter, do nothing.") % words
        return EmailMessage(_("Your account at Wardpost"), body, settings.WARDPOST_EMAIL_FROM, [invitation.email],
                            headers={"Auto-Submitted": "auto-generated"})
