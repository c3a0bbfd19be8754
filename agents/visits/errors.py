"""What sub-points and visits refuse."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class SubPointNotFound(NotFound):
    code = "sub-point-not-found"
    title = _("No such sub-point")


class VisitNotFound(NotFound):
    code = "visit-not-found"
    title = _("No such visit")


class SeriesNotFound(NotFound):
    code = "visit-series-not-found"
    title = _("No such weekly series")


class NotYourVisits(Forbidden):
    """The outlet's manager, its operator and the programme's office plan visits."""

    code = "not-your-visits"
    title = _("You do not plan this outlet's visits")


class SubPointClosed(Conflict):
    code = "sub-point-closed"
    title = _("This sub-point is closed")


class VisitOver(Conflict):
    """It was cancelled, moved or reported already."""

    code = "visit-over"
    title = _("This visit is settled already")


class VisitEnded(Conflict):
    """Its time has passed: whether it took place is reported."""

    code = "visit-ended"
    title = _("This visit has ended; report whether it took place")


class VisitNotYetEnded(Conflict):
    code = "visit-not-yet-ended"
    title = _("This visit has not ended yet")


class SeriesEnded(Conflict):
    code = "visit-series-ended"
    title = _("This weekly series has ended already")


class InvalidVisit(Invalid):
    code = "invalid-visit"
    title = _("Some parts of the visit need correcting")
