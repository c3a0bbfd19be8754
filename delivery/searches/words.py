"""The words and looks of searches."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from delivery.searches.rules import SearchCause, SearchState
from delivery.wording import Face
from shared.errors import Text

FACES: Final[Mapping[SearchState, Face]] = {
    SearchState.SEARCHING: Face(_("Being looked for"), "search", "soon"),
    SearchState.OVERDUE: Face(_("Answer overdue"), "octagon-alert", "late"),
    SearchState.FOUND: Face(_("Found"), "circle-check", "ok"),
    SearchState.LOST: Face(_("Lost"), "octagon-alert", "late"),
}

CAUSES: Final[Mapping[SearchCause, Text]] = {
    SearchCause.SILENT: _("Nothing was heard of it for three working days"),
    SearchCause.OVERDUE: _("Two working days past its promised day"),
    SearchCause.REPORTED: _("Somebody misses it"),
    SearchCause.NOT_RECEIVED: _("Said to be delivered, and not received"),
    SearchCause.LOST: _("The carrier says that it is lost"),
}

STEPS: Final[Mapping[str, Text]] = {
    "open": _("Search opened"),
    "note": _("Note"),
    "escalate": _("No answer in time: the city takes over"),
    "find": _("Found"),
    "move_on": _("Its own events tell of it again"),
    "give_up": _("Given up as lost"),
}

OWNERS: Final[Mapping[SearchState, Text]] = {
    SearchState.SEARCHING: _("the operator's headquarters"),
    SearchState.OVERDUE: _("the city"),
}
