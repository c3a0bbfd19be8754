"""What intake refuses about receipts and their delegation."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class ReceiptNotFound(NotFound):
    code = "receipt-not-found"
    title = _("No such receipt")


class NothingDue(Conflict):
    code = "nothing-due"
    title = _("Nothing is due for this dossier")


class NoReceiptNumber(Conflict):
    """The outlet holds no number with which it may write a receipt for this authority today."""

    code = "no-receipt-number"
    title = _("This outlet has no receipt number left for this authority")


class ReceiptRefused(Invalid):
    code = "receipt-invalid"
    title = _("The receipt cannot be written like this")


class ReceiptIsVoid(Conflict):
    code = "receipt-is-void"
    title = _("This receipt is void already")


class SecondPersonNeeded(Forbidden):
    """Whoever issued a receipt cannot void it, whoever proposed a correction cannot approve it.

    And who asked for papers does not say alone that they were not brought.
    """

    code = "second-person-needed"
    title = _("Somebody else must do this")


class DelegationNotFound(NotFound):
    code = "receipt-delegation-not-found"
    title = _("No such delegation of receipts")


class DelegationRefused(Invalid):
    code = "receipt-delegation-invalid"
    title = _("The delegation of receipts cannot be kept like this")


class DelegationNotOpen(Conflict):
    code = "receipt-delegation-not-open"
    title = _("Numbers are not allotted under this delegation now")
