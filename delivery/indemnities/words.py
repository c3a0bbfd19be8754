"""The words and looks of indemnities."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.indemnities.rules import IndemnityKind, IndemnityState
from delivery.wording import Face
from shared.errors import Text

S: Final = IndemnityState
FACES: Final[Mapping[IndemnityState, Face]] = {
    S.PROPOSED: Face(_("Operator to answer"), "clock", "soon"),
    S.OBJECTED: Face(_("City to decide"), "scale", "soon"),
    S.UNANSWERED: Face(_("Not answered, city to decide"), "octagon-alert", "late"),
    S.OWED: Face(_("To be paid"), "hand-coins", "act"),
    S.PAID: Face(pgettext_lazy("indemnity", "Paid"), "circle-check", "ok"),
    S.WAIVED: Face(_("Not owed"), "circle-x", "pause"),
}

KINDS: Final[Mapping[IndemnityKind, Text]] = {
    IndemnityKind.LATE: _("Late: postage refunded"),
    IndemnityKind.LOSS: _("Lost parcel"),
    IndemnityKind.REISSUE: _("Papers issued again"),
}

GROUNDS: Final[Mapping[str, Text]] = {
    "force_majeure": _("force majeure"),
    "addressee": _("the addressee's fault: wrong address, refused, asked for another day"),
    "sender": _("the sender's fault: packing, a withdrawal"),
    "authority": _("an authority held it"),
    "found": _("it has come after all"),
    "other": _("another reason"),
}
