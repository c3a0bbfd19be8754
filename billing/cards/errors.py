"""What card payments refuse."""

from django.utils.translation import gettext_lazy as _

from shared import errors, problems


class CardsNotOffered(errors.Conflict):
    code = "cards-not-offered"
    title = _("Nobody can pay by card here")


class CardAmountTooSmall(errors.Conflict):
    code = "card-amount-too-small"
    title = _("This amount is too small for a card")


class CardServiceRefused(errors.Conflict):
    """The card service has said no: nothing happened there. `reason` is its own word, e.g. "amount_too_small"."""

    code = "card-service-refused"
    title = _("The card service does not do this")

    def __init__(self, reason: str = "", detail: str = "") -> None:
        super().__init__(detail, reason=reason)
        self.reason = reason


class CardOutcomeUnknown(errors.Unavailable):
    """No answer, or a broken one: it may have happened. Whoever asked looks it up before asking again.

    `is_repeated`: the service repeats a fault that it keeps under this key; the same key will never get another answer.
    """

    code = "card-outcome-unknown"
    title = _("The card service has not answered")

    def __init__(self, *, is_repeated: bool = False) -> None:
        super().__init__()
        self.is_repeated = is_repeated


class CardSignatureWrong(problems.Unauthenticated):
    code = "card-signature-wrong"
    title = _("This message is not signed by the card service")


class CardMessageUnreadable(problems.Malformed):
    code = "card-message-unreadable"
    title = _("This message is not an event of the card service")


class CardPaymentNotFound(errors.NotFound):
    code = "card-payment-not-found"
    title = _("There is no such card payment")


class CardRefundNotFound(errors.NotFound):
    code = "card-refund-not-found"
    title = _("There is no such refund")


class RefundRefused(errors.Invalid):
    code = "card-refund-refused"
    title = _("This cannot be refunded so")


class RefundedBefore(errors.Conflict):
    code = "card-refunded-before"
    title = _("A refund of this payment was asked for before")


class SecondPersonNeeded(errors.Forbidden):
    code = "card-second-person-needed"
    title = _("Somebody else decides about this refund")


class RefundDecided(errors.Conflict):
    code = "card-refund-decided"
    title = _("This refund was decided before")


class RefundPartsRefused(errors.Invalid):
    code = "card-refund-parts-refused"
    title = _("These parts cannot be given back")


class PaymentDisputed(errors.Conflict):
    """The cardholder's bank has taken it back, or asks for it: it goes back by that way or not at all."""

    code = "card-payment-in-dispute"
    title = _("The cardholder's bank asks for this payment")


class CardDisputeNotFound(errors.NotFound):
    code = "card-dispute-not-found"
    title = _("There is no such card dispute")


class DisputeAnswered(errors.Conflict):
    code = "card-dispute-answered"
    title = _("This card dispute waits for no answer")


class DisputeAnswerRefused(errors.Invalid):
    code = "card-dispute-answer-refused"
    title = _("This card dispute cannot be answered so")
