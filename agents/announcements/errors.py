"""What announcements refuse."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class AnnouncementNotFound(NotFound):
    code = "announcement-not-found"
    title = _("No such announcement")


class MayNotAnnounce(Forbidden):
    """The operations room and the programme office announce."""

    code = "may-not-announce"
    title = _("You may not announce")


class AnnouncementOver(Conflict):
    code = "announcement-over"
    title = _("This announcement is withdrawn or over")


class InvalidAnnouncement(Invalid):
    code = "invalid-announcement"
    title = _("Some parts of the announcement need correcting")
