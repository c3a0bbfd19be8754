"""What is refused about people's coming and going."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from shared.problems import TooManyRequests


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


class SecondFactorRefused(Invalid):
    """Field errors name `code`, `name` or `credential`."""

    code = "second-factor-refused"
    title = _("This does not confirm that it is you")


class TooManyCodes(TooManyRequests):
    """Codes of one account wait after wrong ones; a passkey does not."""

    code = "second-factor-waits"
    title = _("Too many wrong codes for this account; wait a little, or use a passkey")
    retry_after_seconds = 30


class SecondFactorRequired(Forbidden):
    """The role asks for one since a day that is past; nothing else is possible before it is set up."""

    code = "second-factor-required"
    title = _("Set up a second factor first; your role asks for it")


class ProviderUnreachable(Unavailable):
    code = "sign-in-provider-unreachable"
    title = _("Your organisation’s sign-in does not answer; try again, or sign in with your password")


class ProviderRefused(Forbidden):
    """Its token is somebody else's, too old, not signed by it, or not the answer to this browser's question."""

    code = "sign-in-provider-refused"
    title = _("This sign-in did not hold; begin it again from here")


class IdentityTaken(Conflict):
    code = "identity-taken"
    title = _("Another account is linked with this person there")


class ProofNeeded(Forbidden):
    """Prove it with `POST /api/v1/me/proofs`, then send the same request again. Machine keys are not asked."""

    code = "fresh-proof-needed"
    title = _("Confirm first that it is you; the last proof is too old for this")


class LastSecondFactor(Conflict):
    code = "last-second-factor"
    title = _("Your role asks for a second factor; add another one before you remove this one")


class ResetNotFound(NotFound):
    code = "second-factor-reset-not-found"
    title = _("No such request to take off a second factor")


class ResetOver(Conflict):
    code = "second-factor-reset-over"
    title = _("This request is settled already, or too old")


class ResetNeedsAnother(Forbidden):
    code = "second-factor-reset-needs-another"
    title = _("Another person than who asked takes the second factor off, and never its holder")


class NoSecondFactor(Conflict):
    code = "no-second-factor"
    title = _("This account has no second factor")
