"""What coaching refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class CoachingNotFound(NotFound):
    code = "coaching-not-found"
    title = _("No such coaching session")


class CoachingRefused(Invalid):
    code = "invalid-coaching"
    title = _("Some parts of the coaching session need correcting")


class CoachingStruckOut(Conflict):
    code = "coaching-struck-out"
    title = _("This coaching session was struck out")
