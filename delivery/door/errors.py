"""What the last step refuses, and why."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class RoundNotFound(NotFound):
    code = "round-not-found"
    title = _("There is no such round")


class RoundRefused(Invalid):
    code = "round-refused"
    title = _("The round cannot be opened like this")


class RoundClosed(NotFound):
    """Unknown, taken back, over, or opened on another phone: one answer."""

    code = "round-closed"
    title = _("This link is not open any more")


class ActRefused(Invalid):
    code = "door-act-refused"
    title = _("This cannot be kept as it is")


class ActDiffers(Conflict):
    code = "door-act-differs"
    title = _("Something else was kept under this id")


class NotOnThisRound(NotFound):
    code = "not-on-this-round"
    title = _("This parcel is not on this round")


class AlreadyEnded(Conflict):
    code = "parcel-already-ended"
    title = _("This parcel has been handed over or sent back already")


class ChangeRefused(Invalid):
    code = "delivery-change-refused"
    title = _("The delivery cannot be changed like this")


class ChangeClosed(Conflict):
    code = "delivery-change-closed"
    title = _("This delivery cannot be changed any more")


class PickUpNotFound(NotFound):
    code = "pick-up-not-found"
    title = _("No such parcel waits here")


class NotToWait(Conflict):
    code = "parcel-not-to-wait"
    title = _("This parcel cannot be laid out for collection")
