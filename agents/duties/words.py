"""The words for duties."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.duties.rules import Duty
from shared.errors import Text

DUTIES: Final[Mapping[Duty, Text]] = {
    Duty.ROSTER: _("Roster"), Duty.VISITS: _("Mobile visits"), Duty.TRAINING: _("Training"),
    Duty.QUALITY: _("Quality"), Duty.COMPLAINTS: pgettext_lazy("duty", "Complaints"),
    Duty.CASH: pgettext_lazy("duty", "Differences of cash shifts"),
    Duty.TEAM: pgettext_lazy("duty", "The team's dossiers and absences"),
}


def named(duties: Iterable[str]) -> str:
    wanted = set(duties)
    return ", ".join(str(word) for duty, word in DUTIES.items() if duty in wanted)


ACTS: Final[Mapping[str, Text]] = {
    "roster.add": pgettext_lazy("act", "Put people into the roster"),
    "roster.remove": pgettext_lazy("act", "Took a shift out of the roster"),
    "roster.copy_week": pgettext_lazy("act", "Took last week's roster over"),
    "roster.absence": pgettext_lazy("act", "Entered an absence"),
    "roster.end_absence": pgettext_lazy("act", "Ended an absence"),
    "sub_point.open": pgettext_lazy("act", "Opened a sub-point"),
    "sub_point.close": pgettext_lazy("act", "Closed a sub-point"),
    "visit.plan": pgettext_lazy("act", "Planned a visit"), "visit.move": pgettext_lazy("act", "Moved a visit"),
    "visit.cancel": pgettext_lazy("act", "Called a visit off"),
    "visit.report": pgettext_lazy("act", "Reported on a visit"),
    "visit_series.plan": pgettext_lazy("act", "Planned a weekly series"),
    "visit_series.end": pgettext_lazy("act", "Ended a weekly series"),
    "complaint.explain": pgettext_lazy("act", "Said the outlet's side of a complaint"),
    "cash_shift.answer": pgettext_lazy("act", "Answered for the difference of a cash shift"),
}


def act_words(action: str) -> Text:
    """What an action of the audit is called; its own name where it has no words."""
    return ACTS.get(action, action)
