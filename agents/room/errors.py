"""What the operations room refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class IncidentNotFound(NotFound):
    code = "incident-not-found"
    title = _("No such incident")


class IncidentStepImpossible(Conflict):
    code = "incident-step-impossible"
    title = _("The incident cannot take this step now")


class NotYourIncident(Forbidden):
    """The operations room sees to an incident; whoever has the trouble says whether it is over."""

    code = "not-your-incident"
    title = _("The operations room sees to this incident")


class IncidentRefused(Invalid):
    code = "incident-refused"
    title = _("Some entries of the report need correcting")


class VendorDutyRefused(Invalid):
    code = "vendor-duty-refused"
    title = _("Some entries about who puts it right need correcting")


class NoPlaceOfYours(Forbidden):
    """Contact is measured at a counter or desk; the city's offices have none."""

    code = "no-place-of-yours"
    title = _("Contact is measured at outlets and centres only")
