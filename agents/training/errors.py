"""What training refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class CourseNotFound(NotFound):
    code = "course-not-found"
    title = _("No such course")


class AttemptNotFound(NotFound):
    code = "attempt-not-found"
    title = _("No such test attempt")


class CertificateNotFound(NotFound):
    code = "certificate-not-found"
    title = _("No such certificate")


class NotATrainee(Forbidden):
    """Certificates are for the people of outlets; machines and offices learn without a test."""

    code = "not-a-trainee"
    title = _("Only people of an outlet take tests")


class AttemptTooEarly(Conflict):
    """Fact `from`: when the next attempt may begin."""

    code = "attempt-too-early"
    title = _("The next attempt is not possible yet; read the course again until then")


class PracticeMissing(Conflict):
    """The city asks for a course's exercises before its test. Fact `exercises`: the codes of those not finished."""

    code = "practice-missing"
    title = _("The exercises of this course come before its test")


class AttemptClosed(Conflict):
    code = "attempt-closed"
    title = _("This attempt is over")


class AnswersIncomplete(Invalid):
    code = "answers-incomplete"
    title = _("Some questions are not answered yet")


class GateRefused(Invalid):
    code = "gate-refused"
    title = _("The gate cannot be set like this")
