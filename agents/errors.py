"""What agents refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Forbidden, NotFound


class OutletNotFound(NotFound):
    code = "outlet-not-found"
    title = _("No such outlet")


class CentreNotFound(NotFound):
    code = "centre-not-found"
    title = _("No such centre")


class NotYourRole(Forbidden):
    code = "not-your-role"
    title = _("Your role may not do this")


class TokenScopeMissing(Forbidden):
    code = "token-scope-missing"
    title = _("This token may not do this")
