"""What practice and the live house refuse about it."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, NotFound, Unavailable


class PracticeNotThere(NotFound):
    """Asked of a house that has no practice beside it, or of the wrong one of the two."""

    code = "practice-not-there"
    title = _("There is no practice here")


class ExerciseNotFound(NotFound):
    code = "exercise-not-found"
    title = _("No such exercise")


class PracticeRunNotFound(NotFound):
    code = "practice-run-not-found"
    title = _("No such try at an exercise")


class PracticeRunOver(Conflict):
    code = "practice-run-over"
    title = _("This try is over")


class NotAPractisingRole(Forbidden):
    """Practice is for the people of outlets."""

    code = "not-a-practising-role"
    title = _("Only people of an outlet practise")


class PracticeLinkRefused(Forbidden):
    """Altered, too old, used before or meant for another house; not told which."""

    code = "practice-link-refused"
    title = _("This link into practice does not open anything (any more)")


class PracticeResultRefused(Forbidden):
    """Not signed by our practice house, or about somebody whom we sent no link."""

    code = "practice-result-refused"
    title = _("This is no result of our practice")


class PracticeResultDiffers(Conflict):
    code = "practice-result-differs"
    title = _("This result was told before, with other words")


class LiveHouseAway(Unavailable):
    """The live house does not answer; the result waits in the outbox."""

    code = "live-house-away"
    title = _("The live house does not answer")


class ResultNotTaken(Conflict):
    """The live house refused a result; a person looks why."""

    code = "result-not-taken"
    title = _("The live house did not take the result")
