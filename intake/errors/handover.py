"""What intake refuses about manifests, originals and what differs."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class ManifestNotFound(NotFound):
    code = "manifest-not-found"
    title = _("No such manifest")


class ManifestRefused(Invalid):
    code = "manifest-invalid"
    title = _("The manifest cannot be taken on like this")


class ManifestNotThere(Conflict):
    """Facts: state, action."""

    code = "manifest-not-there"
    title = _("The manifest cannot take this step now")


class DifferenceNotFound(NotFound):
    code = "difference-not-found"
    title = _("No such difference")


class OriginalNotFound(NotFound):
    code = "original-not-found"
    title = _("No such original")


class OriginalRefused(Invalid):
    code = "original-invalid"
    title = _("The original cannot be recorded like this")


class NotInThisHand(Conflict):
    """Facts: holder, action."""

    code = "not-in-this-hand"
    title = _("This original is in another hand")
