"""What the work against brokers refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.problems import TooManyRequests


class BrokerCaseNotFound(NotFound):
    code = "broker-case-not-found"
    title = _("No such case")


class BrokerReportNotFound(NotFound):
    """Also for a code that was mistyped: whether there is a report is not told."""

    code = "broker-report-not-found"
    title = _("No report has this code")


class BrokerStepImpossible(Conflict):
    code = "broker-step-impossible"
    title = _("The case cannot take this step now")


class OwnOutletCase(Forbidden):
    """Nobody looks into an outlet at which she works or worked."""

    code = "own-outlet-case"
    title = _("You work or worked at this outlet: another officer looks into it")


class SecondPersonNeeded(Forbidden):
    code = "broker-second-person-needed"
    title = _("Another officer than the one who proposed it confirms that it is founded")


class InvalidBrokerEntry(Invalid):
    code = "invalid-broker-entry"
    title = _("Some entries need correcting")


class NobodyToCall(Conflict):
    code = "nobody-to-call"
    title = _("Nobody is left to be called: no dossier of these days has a phone number that was not drawn yet")


class TooManyBrokerReports(TooManyRequests):
    """Counted by an address that is forgotten within the hour."""

    code = "too-many-broker-reports"
    title = _("Too many tries from here; please call the hotline or come back in an hour")
    retry_after_seconds = 3600
