"""What payouts refuse."""

from django.utils.translation import gettext_lazy as _

from shared import errors


class PayeeAccountNotFound(errors.NotFound):
    code = "payee-account-not-found"
    title = _("There is no such account of a payee")


class PayeeAccountRefused(errors.Invalid):
    code = "payee-account-refused"
    title = _("Please correct the payee's account")


class PayeeAccountDecided(errors.Conflict):
    code = "payee-account-decided"
    title = _("This account was decided on before")


class PayeeNotFound(errors.NotFound):
    code = "payee-not-found"
    title = _("There is no such payee")


class SecondPersonNeeded(errors.Forbidden):
    code = "payout-second-person-needed"
    title = _("Somebody else must do this")


class NothingToPay(errors.Conflict):
    code = "nothing-to-pay"
    title = _("None of these payouts can be paid now")


class BatchNotFound(errors.NotFound):
    code = "payout-batch-not-found"
    title = _("There is no such batch of payouts")


class BatchStepNotPossible(errors.Conflict):
    code = "payout-batch-step-not-possible"
    title = _("The batch is at another step")


class BatchChanged(errors.Conflict):
    code = "payout-batch-changed"
    title = _("The batch is not the one you saw")


class PayoutNotFound(errors.NotFound):
    code = "payout-not-found"
    title = _("There is no such payout")


class PayoutNotReturned(errors.Conflict):
    code = "payout-not-returned"
    title = _("This payout did not come back, or is being tried again already")


class ReasonMissing(errors.Invalid):
    code = "payout-reason-missing"
    title = _("Please give a reason")


class PayoutLineNotFound(errors.NotFound):
    code = "payout-line-not-found"
    title = _("There is no such line of the paying account")


class PayoutLineSettled(errors.Conflict):
    code = "payout-line-settled"
    title = _("This line is settled already")


class PayoutsOnTheirWay(errors.Conflict):
    code = "payouts-on-their-way"
    title = _("Payouts of this statement are on their way")


class ReversalNotFound(errors.NotFound):
    code = "payout-reversal-not-found"
    title = _("Nothing of this kind was taken back")


class ReversalNamed(errors.Conflict):
    code = "payout-reversal-named"
    title = _("It needs no name any more")


class ReversalPartsWrong(errors.Invalid):
    code = "payout-reversal-parts-wrong"
    title = _("It was not taken back of these parts")
