"""What support access refuses."""

from django.utils.translation import gettext_lazy as _

from shared import errors


class SupportAccessNotFound(errors.NotFound):
    code = "support-access-not-found"
    title = _("There is no such support access")


class SupportAccessIncomplete(errors.Invalid):
    code = "support-access-incomplete"
    title = _("Say for which outlet, which ticket, why and how long")


class SupportAccessWaiting(errors.Conflict):
    code = "support-access-waiting"
    title = _("You have asked for this outlet already")


class SupportAccessStateForbids(errors.Conflict):
    code = "support-access-state-forbids"
    title = _("This support access is over or was answered already")


class SecondPersonNeeded(errors.Forbidden):
    code = "support-access-second-person"
    title = _("Somebody of another organisation answers this")


class SupportAccessClosed(errors.Forbidden):
    code = "support-access-closed"
    title = _("This access is not open")
