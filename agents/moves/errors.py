"""What moving an outlet refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class OutletMoveNotFound(NotFound):
    code = "outlet-move-not-found"
    title = _("No such move of an outlet")


class OutletMoveImpossible(Conflict):
    """As it stands this step cannot be taken; the detail says why."""

    code = "outlet-move-impossible"
    title = _("The move cannot take this step now")


class NotTheAsker(Forbidden):
    """Four eyes: who asked for the move, or surveyed the new place, does not decide."""

    code = "outlet-move-second-person"
    title = _("Another officer than the one who asked or surveyed decides")


class InvalidOutletMove(Invalid):
    code = "invalid-outlet-move"
    title = _("Some entries of the move need correcting")
