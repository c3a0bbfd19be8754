"""One's own password again, inside: whoever finds an open page guesses no more often than at the door."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy as _

from agents.models.people import StaffAccount
from shared.api import WardpostRequest
from shared.errors import Text


def refusal_of(request: WardpostRequest, account: StaffAccount, password: str) -> Text | None:
    """Why the password is not taken; None: it is hers.

    A wrong one counts for the account and this address as one at the sign-in does; while that waits, so does the right
    one.
    """
    if not AxesProxyHandler.is_allowed(request, {"username": account.username}):
        return _("Too many wrong passwords. Please wait a quarter of an hour.")
    if account.check_password(password):
        return None
    user_login_failed.send(sender=refusal_of, credentials={"username": account.username}, request=request)
    # She is signed in: the page itself says that she waits, not the sign-in's page of who is shut out.
    request.axes_locked_out = False  # type: ignore[attr-defined]  # set by django-axes
    return _("This is not your present password.")
