"""What the handbook refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class EntryNotFound(NotFound):
    code = "handbook-entry-not-found"
    title = _("The handbook has no such entry")


class HandbookQuestionNotFound(NotFound):
    code = "handbook-question-not-found"
    title = _("No such question")


class MayNotEdit(Forbidden):
    """The operations room, the programme office and centre managers write; the first two approve and answer."""

    code = "may-not-edit-handbook"
    title = _("You may not change the handbook")


class NotYourOwnProposal(Forbidden):
    """Written by one, approved by another."""

    code = "not-your-own-proposal"
    title = _("Somebody else approves what you wrote")


class ProposalOpen(Conflict):
    code = "handbook-proposal-open"
    title = _("A new version of this entry is waiting for approval already")


class QuestionAnswered(Conflict):
    code = "handbook-question-answered"
    title = _("This question is answered already")


class InvalidEntry(Invalid):
    code = "invalid-handbook-entry"
    title = _("Some parts of the entry need correcting")
