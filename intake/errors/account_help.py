"""What intake refuses about help with accounts and referrals."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class AccountHelpNotFound(NotFound):
    code = "account-help-not-found"
    title = _("No such help with an account")


class AccountHelpRefused(Invalid):
    code = "account-help-invalid"
    title = _("This step cannot be recorded like this")


class AccountHelpChanged(Conflict):
    """Facts: state, action. Somebody else took a step, or it does not follow from here."""

    code = "account-help-changed"
    title = _("This step does not follow from where the help stands now")


class ReferralNotFound(NotFound):
    code = "referral-not-found"
    title = _("No such referral")


class ReferralRefused(Invalid):
    code = "referral-invalid"
    title = _("The referral cannot be made like this")
