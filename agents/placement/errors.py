"""What the placement planner refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class DemandSetNotFound(NotFound):
    code = "demand-set-not-found"
    title = _("There is no such demand set")


class SiteSetNotFound(NotFound):
    code = "site-set-not-found"
    title = _("There is no such list of candidate sites")


class PlacementNotFound(NotFound):
    code = "placement-not-found"
    title = _("There is no such placement scenario")


class DemandRefused(Invalid):
    """Nothing of it was taken in."""

    code = "demand-refused"
    title = _("Some rows of the demand need correcting; nothing was taken in")


class SitesRefused(Invalid):
    """Nothing of it was taken in."""

    code = "sites-refused"
    title = _("Some rows of the sites need correcting; nothing was taken in")


class PlacementRefused(Invalid):
    code = "placement-refused"
    title = _("The placement question is not complete")


class SiteAlreadyProposed(Conflict):
    code = "site-already-proposed"
    title = _("This place is a candidate already, or an outlet")


class SetInUse(Conflict):
    """A scenario was worked out from it and must stay explainable."""

    code = "placement-set-in-use"
    title = _("A scenario rests on this list; throw the scenario away first")
