"""What measures, states and praise are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.quality.rules import AppealState, Measure, Praise, PraiseState, ScoreState, WatchState
from shared.errors import Text

MEASURES: Final[Mapping[Measure, Text]] = {
    Measure.FORWARD_TIME: _("Forwarded in time"),
    Measure.FIRST_TIME_RIGHT: _("Right the first time"),
    Measure.VISITS: _("Filed in one visit"),
    Measure.PROMISE_KEPT: _("Promises kept by post"),
    Measure.SATISFACTION: _("Citizens satisfied"),
    Measure.COMPLAINTS: _("Without a founded complaint"),
    Measure.TRAINING: _("Certificates held"),
}
UNITS: Final[Mapping[Measure, Text]] = {
    Measure.FORWARD_TIME: _("paper dossiers"), Measure.FIRST_TIME_RIGHT: _("dossiers that the centre looked at"),
    Measure.VISITS: _("dossiers filed"), Measure.PROMISE_KEPT: _("parcels whose day has passed"),
    Measure.SATISFACTION: _("answers"), Measure.COMPLAINTS: _("dossiers filed"),
    Measure.TRAINING: _("people and courses"),
}
SCORE_STATES: Final[Mapping[ScoreState, Text]] = {
    ScoreState.OPEN: pgettext_lazy("quality", "Open to appeals"), ScoreState.FROZEN: pgettext_lazy("quality", "Final"),
}
APPEAL_STATES: Final[Mapping[AppealState, Text]] = {
    AppealState.OPEN: pgettext_lazy("quality", "Waits for a decision"),
    AppealState.UPHELD: pgettext_lazy("quality", "Upheld"), AppealState.REFUSED: pgettext_lazy("quality", "Refused"),
    AppealState.WITHDRAWN: pgettext_lazy("quality", "Withdrawn"),
}
APPEAL_FACES: Final[Mapping[AppealState, tuple[str, str]]] = {
    AppealState.OPEN: ("hourglass", "soon"), AppealState.UPHELD: ("check", "ok"), AppealState.REFUSED: ("x", ""),
    AppealState.WITHDRAWN: ("undo-2", ""),
}
WATCH_STATES: Final[Mapping[WatchState, Text]] = {
    WatchState.RUNNING: pgettext_lazy("quality", "Watched"), WatchState.ENDED: pgettext_lazy("quality", "Ended"),
}
PRAISE_STATES: Final[Mapping[PraiseState, Text]] = {
    PraiseState.PROPOSED: pgettext_lazy("quality", "Proposed"),
    PraiseState.CONFIRMED: pgettext_lazy("quality", "Confirmed"),
    PraiseState.DECLINED: pgettext_lazy("quality", "Declined"),
}
PRAISES: Final[Mapping[Praise, Text]] = {
    Praise.EXCELLENT: _("An excellent month"), Praise.STEADY: _("Three good months in a row"),
    Praise.KIND: _("Every citizen satisfied"),
}
FAULTS: Final[Mapping[str, Text]] = {
    "network": _("network down"), "software": _("software down"), "equipment": _("equipment out of order"),
}
NOTES: Final[Mapping[str, Text]] = {
    "visit": pgettext_lazy("quality", "Visit"), "note": pgettext_lazy("quality", "Note"),
    "visitor": _("Looks after it"), "extend": _("Watched longer"), "end": _("Watch ended"),
}
