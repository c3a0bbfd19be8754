"""What is refused about delegated duties."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class DutyDelegationNotFound(NotFound):
    code = "duty-delegation-not-found"
    title = _("No such delegation of duties")


class NothingToDelegate(Forbidden):
    """Finance, auditors, administrators and whoever has no duty that may be handed on."""

    code = "nothing-to-delegate"
    title = _("Your role has no duties that may be handed to somebody else")


class InvalidDutyDelegation(Invalid):
    """Field errors name `receiver_id`, `duties`, `from_date`, `until_date` or `reason`."""

    code = "invalid-duty-delegation"
    title = _("Some entries of the delegation of duties need correcting")


class DutyDelegationOver(Conflict):
    code = "duty-delegation-over"
    title = _("The delegation of duties has ended already")
