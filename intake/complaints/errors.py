"""What complaints refuse."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class ComplaintNotFound(NotFound):
    code = "complaint-not-found"
    title = _("No such complaint")


class ComplaintRefused(Invalid):
    code = "complaint-invalid"
    title = _("Your complaint cannot be sent yet")


class ComplaintNotPossible(Conflict):
    code = "complaint-not-possible"
    title = _("There is nothing to complain about here now")


class ComplaintDecided(Conflict):
    code = "complaint-decided"
    title = _("The complaint was answered already")
