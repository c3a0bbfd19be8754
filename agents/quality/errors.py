"""What quality refuses."""

from django.utils.translation import gettext_lazy as _

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class ScoreNotFound(NotFound):
    code = "score-not-found"
    title = _("No such scorecard")


class AppealNotFound(NotFound):
    code = "score-appeal-not-found"
    title = _("No such appeal")


class AppealNotPossible(Conflict):
    code = "score-appeal-not-possible"
    title = _("This measure cannot be appealed now")


class AppealDecided(Conflict):
    code = "score-appeal-decided"
    title = _("The appeal was decided already")


class InvalidAppeal(Invalid):
    code = "invalid-score-appeal"
    title = _("Some entries of the appeal need correcting")


class OwnOutlet(Forbidden):
    """Who looks after an outlet does not decide about it."""

    code = "own-outlet"
    title = _("Another officer than the one who visits the outlet decides")


class LaunchWatchNotFound(NotFound):
    code = "launch-watch-not-found"
    title = _("No such launch watch")


class LaunchWatchEnded(Conflict):
    code = "launch-watch-ended"
    title = _("The launch watch has ended")


class InvalidQualityEntry(Invalid):
    code = "invalid-quality-entry"
    title = _("Some entries need correcting")


class CommendationNotFound(NotFound):
    code = "commendation-not-found"
    title = _("No such commendation")


class CommendationDecided(Conflict):
    code = "commendation-decided"
    title = _("The commendation was decided already")
