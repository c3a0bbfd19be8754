"""What payments refuse."""

from django.utils.translation import gettext_lazy as _

from shared import errors


class ShiftNotFound(errors.NotFound):
    code = "cash-shift-not-found"
    title = _("There is no such cash shift")


class ShiftOpenAlready(errors.Conflict):
    code = "cash-shift-open-already"
    title = _("Your shift at this counter is open already")


class ShiftNotOpen(errors.Conflict):
    code = "cash-shift-not-open"
    title = _("This shift was counted already")


class NothingAsked(errors.Conflict):
    code = "cash-shift-not-questioned"
    title = _("This shift has no difference to answer")


class AnotherPersonNeeded(errors.Forbidden):
    code = "another-person-needed"
    title = _("Somebody else than the clerk of the shift answers this")


class CountRefused(errors.Invalid):
    code = "cash-count-refused"
    title = _("Please look at the count again")


class CollectionNotFound(errors.NotFound):
    code = "collection-not-found"
    title = _("There is no such request for payment")


class CollectionEnded(errors.Conflict):
    code = "collection-ended"
    title = _("This request for payment has ended")


class NoCollectingAccount(errors.Conflict):
    code = "no-collecting-account"
    title = _("Your operator has no approved bank account for this province yet")


class AccountRefused(errors.Invalid):
    code = "collecting-account-refused"
    title = _("Please correct the bank account")


class AccountNotFound(errors.NotFound):
    code = "collecting-account-not-found"
    title = _("There is no such bank account")


class AccountOverlaps(errors.Conflict):
    code = "collecting-account-overlaps"
    title = _("Another account is in force in that time; end it first")


class ApprovedByEnterer(errors.Forbidden):
    code = "approved-by-enterer"
    title = _("Whoever entered an account does not approve it")


class BankFileRefused(errors.Invalid):
    code = "bank-file-refused"
    title = _("This file cannot be read as a bank statement")


class BankLineNotFound(errors.NotFound):
    code = "bank-line-not-found"
    title = _("There is no such bank line")


class BankLineSettled(errors.Conflict):
    code = "bank-line-settled"
    title = _("This bank line is settled already")


class SettlementRefused(errors.Invalid):
    code = "bank-line-settlement-refused"
    title = _("Please say how this line is settled")
