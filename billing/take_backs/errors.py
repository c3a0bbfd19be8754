"""Why a line is not taken back."""

from django.utils.translation import gettext_lazy as _

from shared import errors


class TakeBackNotFound(errors.NotFound):
    code = "take-back-not-found"
    title = _("There is no such request to take a line back")


class TakeBackIncomplete(errors.Invalid):
    code = "take-back-incomplete"
    title = _("Say in a sentence why")


class TakeBackWaiting(errors.Conflict):
    code = "take-back-waiting"
    title = _("Taking this line back was asked for already, and waits for an answer")


class TakeBackStateForbids(errors.Conflict):
    code = "take-back-state-forbids"
    title = _("This request was answered, withdrawn or has lapsed")


class TakeBackSecondPerson(errors.Forbidden):
    code = "take-back-second-person"
    title = _("A finance approver other than who asked answers this")


class TakeBackNotYours(errors.Forbidden):
    code = "take-back-not-yours"
    title = _("Who asked for it withdraws it")


class LineNotTakenBackHere(errors.Conflict):
    code = "line-not-taken-back-here"
    title = _("Only postage and single pieces of work are taken back here; an entry is put right where it comes from")


class LineOnHold(errors.Conflict):
    code = "line-on-hold"
    title = _("Somebody disputes this line, or a known error holds it: that comes first")


class LineCorrected(errors.Conflict):
    code = "line-corrected"
    title = _("A correction stands on this line: taking the line back would leave the correction on top")


class ChargingChangesNothing(errors.Conflict):
    code = "charging-changes-nothing"
    title = _("The rules that hold give the same figures: there is nothing to charge anew")


class FiguresChanged(errors.Conflict):
    code = "take-back-figures-changed"
    title = _("The rules give other figures than those it was asked with: refuse it, and let it be asked anew")


class TakeBackNotAsked(errors.Forbidden):
    code = "take-back-not-asked"
    title = _("A finance reviewer of the city asks for it")


class TakeBackTooLate(errors.Conflict):
    code = "take-back-too-late"
    title = _("Nobody answered in time: it has lapsed, and is asked for anew")
