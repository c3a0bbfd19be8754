"""What is refused about a roster."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class NotYourRoster(Forbidden):
    """An outlet's manager and its operator's headquarters make its roster."""

    code = "not-your-roster"
    title = _("You do not make the roster of this outlet")


class ShiftNotFound(NotFound):
    code = "roster-shift-not-found"
    title = _("No such shift in the roster")


class InvalidShift(Invalid):
    code = "invalid-roster-shift"
    title = _("Some entries of the shift need correcting")


class AbsenceNotFound(NotFound):
    code = "roster-absence-not-found"
    title = _("No such absence in the roster")


class InvalidAbsence(Invalid):
    code = "invalid-roster-absence"
    title = _("Some entries of the absence need correcting")


class SwapNotFound(NotFound):
    code = "roster-swap-not-found"
    title = _("No such question for a swap")


class SwapOver(Conflict):
    code = "roster-swap-over"
    title = _("The swap is settled already, or the shift has begun")


class SwapNotPossible(Invalid):
    """The colleague is away, has a shift then or works elsewhere, or the shift is not one's own."""

    code = "roster-swap-not-possible"
    title = _("This person cannot take the shift")
