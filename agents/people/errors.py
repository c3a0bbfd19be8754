"""What is refused about people's coming and going."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class InvitationNotFound(NotFound):
    """Also for one that is over: a link that was used tells nobody for whom."""

    code = "invitation-not-found"
    title = _("This invitation does not hold (any more)")


class InvitationOver(Conflict):
    code = "invitation-over"
    title = _("The invitation was accepted or taken back; nothing more happens to it")


class InvalidInvitation(Invalid):
    code = "invalid-invitation"
    title = _("Some entries of the invitation need correcting")
