"""What agents refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class OutletNotFound(NotFound):
    code = "outlet-not-found"
    title = _("No such outlet")


class CentreNotFound(NotFound):
    code = "centre-not-found"
    title = _("No such centre")


class AccountNotFound(NotFound):
    code = "account-not-found"
    title = _("No such account")


class TokenNotFound(NotFound):
    code = "token-not-found"
    title = _("No such token")


class NotYourRole(Forbidden):
    code = "not-your-role"
    title = _("Your role may not do this")


class TokenScopeMissing(Forbidden):
    code = "token-scope-missing"
    title = _("This token may not do this")


class MayNotGrant(Forbidden):
    """Nobody hands out a role that she does not answer for."""

    code = "may-not-grant"
    title = _("You may not give this role, or not at this place")


class MayNotRunOutlet(Forbidden):
    """Its operator's headquarters and the city's administrator run an outlet; its manager sets its hours."""

    code = "may-not-run-outlet"
    title = _("You may not change this outlet")


class NotToYourself(Forbidden):
    """Nobody changes what she herself is allowed to do."""

    code = "not-to-yourself"
    title = _("You cannot do this to your own account; ask someone else who may")


class UsernameTaken(Conflict):
    code = "username-taken"
    title = _("This user name is taken")


class OutletCodeTaken(Conflict):
    code = "outlet-code-taken"
    title = _("An outlet has this code already")


class OutletStepImpossible(Conflict):
    code = "outlet-step-impossible"
    title = _("The outlet cannot take this step now")


class InvalidAccount(Invalid):
    code = "invalid-account"
    title = _("Some entries of the account need correcting")


class InvalidToken(Invalid):
    code = "invalid-token"
    title = _("Some entries of the token need correcting")


class InvalidOutlet(Invalid):
    code = "invalid-outlet"
    title = _("Some entries of the outlet need correcting")


class NotYourSite(Forbidden):
    code = "not-your-site"
    title = _("Only who runs this place sets its days")


class SiteDayNotFound(NotFound):
    code = "site-day-not-found"
    title = _("No such day of a site")


class InvalidSite(Invalid):
    code = "invalid-site"
    title = _("Some entries about the place need correcting")
