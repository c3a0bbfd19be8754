"""What intake refuses about procedures, places and routes."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Forbidden, Invalid, NotFound


class ProcedureNotFound(NotFound):
    code = "procedure-not-found"
    title = _("No such procedure is in force on this day")


class PlaceNotFound(NotFound):
    code = "place-not-found"
    title = _("No such place")


class RouteRefused(Invalid):
    code = "route-invalid"
    title = _("This dossier cannot be routed like this")


class QuestionNotFound(NotFound):
    code = "authority-question-not-found"
    title = _("No such open question")


class NotYourQuestion(Forbidden):
    code = "not-your-question"
    title = _("Only the centre managers of the province answer this")


class AnswerRefused(Invalid):
    code = "authority-answer-invalid"
    title = _("This centre cannot be the competent authority")
