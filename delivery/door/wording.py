"""The words of the last step: who receives, what is shown, why not, what is changed."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from delivery.door.rules import Change, Paper, Party, Relation, ReleaseRule
from shared.errors import Text

RELATIONS: Final[Mapping[Relation, Text]] = {
    Relation.SELF: _("The addressee herself or himself"),
    Relation.SPOUSE: _("Wife or husband"),
    Relation.PARENT: _("Mother or father"),
    Relation.CHILD: _("Son or daughter"),
    Relation.SIBLING: _("Sister or brother"),
    Relation.GRANDPARENT: _("Grandparent"),
    Relation.LEGAL_REPRESENTATIVE: _("Legal representative"),
    Relation.AUTHORISED: _("Somebody else with an authorisation"),
    Relation.CENTRE_OFFICER: _("Officer of the centre"),
    Relation.OUTLET_CLERK: _("Clerk of the outlet"),
}

PAPERS: Final[Mapping[Paper, Text]] = {
    Paper.NONE: _("No paper needed"),
    Paper.LETTER: _("Written authorisation"),
    Paper.CERTIFIED_LETTER: _("Certified authorisation"),
    Paper.CAPACITY: _("Proof of being the legal representative"),
}

ID_KINDS: Final[Mapping[str, Text]] = {
    "cccd": _("ID card (CCCD)"),
    "vneid": _("VNeID on the phone"),
    "passport": _("Passport"),
    "cmnd": _("Old ID card (CMND)"),
    "badge": _("Work badge"),
}

RULES: Final[Mapping[ReleaseRule, Text]] = {
    ReleaseRule.IN_PERSON: _("Only into the addressee's own hands"),
    ReleaseRule.CERTIFIED: _("Others than close family need a certified authorisation"),
    ReleaseRule.AUTHORISED: _("Others need a written authorisation and their own ID"),
}

REASONS: Final[Mapping[str, Text]] = {
    "absent": _("Nobody was met"),
    "not_entitled": _("Only somebody who may not receive it was met"),
    "originals_missing": _("The originals due in exchange were not there"),
    "asked_later": _("The addressee asked for another time"),
    "refused": _("The addressee refused it"),
    "moved": _("The addressee has moved away"),
    "closed": _("The office was closed"),
    "wrong_address": _("There is no such address"),
    "wrong_commune": _("It belongs to another commune"),
    "no_way": _("Flood, storm or a closed road"),
    "no_time": _("The round did not get that far"),
    "damaged": _("The parcel is damaged"),
}

PARTIES: Final[Mapping[Party, Text]] = {
    Party.RECIPIENT: _("The addressee pays if it is sent again"),
    Party.CARRIER: _("The carrier bears sending it again"),
    Party.SENDER: _("The authority bears sending it again"),
    Party.NOBODY: _("Nobody is at fault"),
}

CHANGES: Final[Mapping[Change, Text]] = {
    Change.ANOTHER_DAY: _("On another day"),
    Change.PICK_UP: _("Fetch it at a post office"),
    Change.ADDRESS: _("To another address"),
}
