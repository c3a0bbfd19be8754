"""What intake refuses about citizens, whoever acts for them, and their consent."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class CitizenNotFound(NotFound):
    code = "citizen-not-found"
    title = _("No such citizen")


class CitizenRefused(Invalid):
    """`errors` holds one entry for each field; fact `data_kept`: nothing typed is lost."""

    code = "citizen-invalid"
    title = _("Some entries about the citizen need correcting")


class CitizenDoubtful(Invalid):
    """Odd but possible entries: send them again with is_confirmed after looking at the card."""

    code = "citizen-to-confirm"
    title = _("Please compare these entries with the card and confirm them")


class CitizenAlreadyRegistered(Conflict):
    """Fact `citizen_id`: the citizen with this number."""

    code = "citizen-already-registered"
    title = _("A citizen with this ID number is already registered")


class CitizenChanged(Conflict):
    """Fact `version`: the present one."""

    code = "citizen-changed"
    title = _("Somebody else corrected this citizen in the meantime")


class RevealNotAllowed(Forbidden):
    code = "reveal-not-allowed"
    title = _("You may see the whole number only of a citizen you have served within the last day")


class PurposeMissing(Invalid):
    code = "purpose-missing"
    title = _("Say why you need to see this")


class SessionAlreadyOpen(Conflict):
    """Fact `citizen_id`: whom the clerk acts for now."""

    code = "session-already-open"
    title = _("You are still acting for another citizen")


class NoOpenSession(Conflict):
    code = "no-open-session"
    title = _("No session is open for this citizen")


class ConsentMissing(Conflict):
    """Fact `purpose`."""

    code = "consent-missing"
    title = _("The citizen has not agreed to this")


class CitizenMaybeKnown(Conflict):
    """Fact `candidates`: who may be the same person, masked. A person decides; `distinct_from` names who is not."""

    code = "citizen-maybe-known"
    title = _("This may be somebody who is registered already")


class TooManySearches(DomainError):
    """Fact `cap`. The outlet's or centre's manager is told."""

    status = 429
    code = "too-many-searches"
    title = _("You have searched by ID number more often today than one counter needs; your manager has been told")
    retry_after_seconds = 3600


class MandateRefused(Invalid):
    """`errors` holds one entry for each field of the mandate."""

    code = "mandate-invalid"
    title = _("This mandate cannot be recorded like this")


class MandateNotFound(NotFound):
    code = "mandate-not-found"
    title = _("No such mandate is in force")


class StopNotFound(NotFound):
    code = "second-citizen-stop-not-found"
    title = _("Nothing of a second citizen waits to be decided here")


class StopRefused(Invalid):
    code = "second-citizen-stop-invalid"
    title = _("This cannot be decided like this")
