"""What intake refuses about what outlet and centre ask each other."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Invalid, NotFound


class InquiryNotFound(NotFound):
    code = "inquiry-not-found"
    title = _("No such question")


class InquiryClosed(Conflict):
    code = "inquiry-closed"
    title = _("Whoever asked has closed this question; ask a new one")


class NoCentreToAsk(Conflict):
    code = "no-centre-to-ask"
    title = _("There is no other side to ask: either no centre is known yet, or no outlet took part")


class MessageRefused(Invalid):
    """`errors` holds one entry for each field."""

    code = "message-invalid"
    title = _("The message cannot be sent like this")


class PromotionRefused(Invalid):
    code = "promotion-invalid"
    title = _("The answer cannot be kept for the handbook yet")


class AnswerClockRefused(Invalid):
    code = "answer-clock-invalid"
    title = _("The answer clock cannot be set like this")
