"""What intake refuses about what citizens say."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class SatisfactionRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "satisfaction-invalid"
    title = _("Your answer cannot be sent yet")


class AlreadyRated(Conflict):
    code = "already-rated"
    title = _("You have already answered about this dossier; thank you")


class NotRateableYet(Conflict):
    code = "not-rateable-yet"
    title = _("This is asked once you have your result")


class MoneyReportNotFound(NotFound):
    code = "money-report-not-found"
    title = _("No such report")
