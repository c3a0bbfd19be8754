"""What is refused about opinions, precedents, delegations and the register of who signs."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class OpinionNotFound(NotFound):
    code = "opinion-not-found"
    title = _("No such opinion")


class OpinionRefused(Invalid):
    code = "opinion-invalid"
    title = _("Some entries of the opinion need correcting")


class OpinionClosed(Conflict):
    """Fact `outcome`: how it ended."""

    code = "opinion-closed"
    title = _("This question is settled already")


class NotAsked(Forbidden):
    code = "opinion-not-asked"
    title = _("Only who was asked may answer")


class PrecedentNotFound(NotFound):
    code = "precedent-not-found"
    title = _("No such precedent")


class PrecedentExists(Conflict):
    """Fact `precedent_id`: what answers this question already; supersede it instead."""

    code = "precedent-exists"
    title = _("This question has an answer in force")


class PrecedentWithdrawn(Conflict):
    code = "precedent-withdrawn"
    title = _("This precedent was taken back already")


class DelegationNotAllowed(Forbidden):
    code = "delegation-not-allowed"
    title = _("Signature cannot be delegated here")


class DelegationNotFound(NotFound):
    code = "delegation-not-found"
    title = _("No such delegation is in force")


class DelegationRefused(Invalid):
    code = "delegation-invalid"
    title = _("Some entries of the delegation need correcting")
