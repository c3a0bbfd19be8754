"""What accreditation refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.problems import TooManyRequests


class AccreditationNotFound(NotFound):
    code = "accreditation-not-found"
    title = _("No such accreditation")


class AccreditationStepImpossible(Conflict):
    code = "accreditation-step-impossible"
    title = _("The accreditation cannot take this step now")


class NotTheSurveyor(Forbidden):
    """Who looked does not decide: four eyes."""

    code = "not-the-surveyor"
    title = _("Another officer than the one who made the survey decides")


class InvalidAccreditation(Invalid):
    code = "invalid-accreditation"
    title = _("Some entries of the accreditation need correcting")


class TooManyReports(TooManyRequests):
    """Reports and badge checks without a log-in are counted by address and by outlet."""

    code = "too-many-reports"
    title = _("Too many tries; please call the hotline or come back in an hour")
