"""What intake refuses about the centre's desk."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class NotYourCentre(Forbidden):
    code = "not-your-centre"
    title = _("This is for the staff of another centre")


class OnlyTheManager(Forbidden):
    code = "only-the-manager"
    title = _("Only the centre's manager does this")


class NotYourDossier(Forbidden):
    code = "not-your-dossier"
    title = _("This dossier is another officer's")


class AbsenceNotFound(NotFound):
    code = "absence-not-found"
    title = _("No such absence")


class AbsenceRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "absence-invalid"
    title = _("The absence cannot be entered like this")


class ExtensionNotPossible(Conflict):
    """Fact `cause`: "not-running", "extended-before", "too-late" (then `send_by`)."""

    code = "extension-not-possible"
    title = _("The term cannot be extended now")


class DecisionTaken(Conflict):
    """A decision was taken, so nothing is stopped or taken back any more (Circular 03/2025/TT-VPCP, Article 7)."""

    code = "decision-taken"
    title = _("The decision has been taken; handling can no longer be stopped")


class CorrectionNotFound(NotFound):
    code = "correction-not-found"
    title = _("No such open correction")


class CorrectionRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "correction-invalid"
    title = _("The correction cannot be proposed like this")


class CorrectionOpen(Conflict):
    """Fact `correction_id`: the one that waits for its answer."""

    code = "correction-open"
    title = _("Another correction of this dossier waits for its approval")


class CorrectionOutdated(Conflict):
    """Fact `fields`: what was changed since it was proposed."""

    code = "correction-outdated"
    title = _("What it corrects has been changed since")


class LogBookNotFound(NotFound):
    code = "log-book-not-found"
    title = _("No such log book")


class LogBookRefused(Invalid):
    code = "log-book-invalid"
    title = _("The log book cannot be made like this")


class NotForwardedYet(Conflict):
    code = "not-forwarded-yet"
    title = _("The outlet has not sent this dossier yet")


class DecisionRefused(Invalid):
    """`errors` holds one entry for each field of the decision."""

    code = "decision-invalid"
    title = _("The decision cannot be sent like this yet")


class SupplementAskedBefore(Conflict):
    """Facts: asked_at, by. The law lets a centre ask once; again only with a cause (`again_because`)."""

    code = "supplement-asked-before"
    title = _("More papers were already asked for once")


class NotACounterProcedure(Conflict):
    code = "not-a-counter-procedure"
    title = _("This procedure is not received at a counter")


class NotYourProvince(Forbidden):
    code = "not-your-province"
    title = _("This board is for the staff of another province")


class BoardPlaceNotFound(NotFound):
    code = "board-place-not-found"
    title = _("This place is not on your board")
