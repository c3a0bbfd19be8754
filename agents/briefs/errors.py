"""What is refused about briefs."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class BriefNotFound(NotFound):
    code = "brief-not-found"
    title = _("No such brief")


class BriefActionNotFound(NotFound):
    code = "brief-action-not-found"
    title = _("No such action of a brief")


class BriefReleased(Conflict):
    """What people have read is not changed any more; the next brief says what is new."""

    code = "brief-released"
    title = _("This brief is released and stays as it is")


class BriefActionEnded(Conflict):
    code = "brief-action-ended"
    title = _("This action is done or dropped already")


class BriefRefused(Invalid):
    code = "brief-refused"
    title = _("Some entries of the brief need correcting")
