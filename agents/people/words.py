"""The words for what people's papers can be."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.people.rules import InvitationState, ResetState
from shared.errors import Text

INVITATION_STATES: Final[Mapping[InvitationState, Text]] = {
    InvitationState.OPEN: _("waits for an answer"), InvitationState.LAPSED: _("too old"),
    InvitationState.ACCEPTED: pgettext_lazy("invitation", "accepted"),
    InvitationState.REVOKED: pgettext_lazy("invitation", "taken back"),
}
RESET_STATES: Final[Mapping[ResetState, Text]] = {
    ResetState.ASKED: _("waits for a second person"), ResetState.DONE: _("taken off"),
    ResetState.TURNED_DOWN: pgettext_lazy("reset", "turned down"), ResetState.LAPSED: _("too old"),
}
