"""What the states, steps and items of an accreditation are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.accreditation.rules import Equipment, Group, Mark, State, Step
from shared.errors import Text

STATES: Final[Mapping[State, Text]] = {
    State.CANDIDATE: pgettext_lazy("accreditation", "Candidate"),
    State.SURVEYED: pgettext_lazy("accreditation", "Surveyed"),
    State.RETURNED: pgettext_lazy("accreditation", "Returned with reasons"),
    State.APPROVED: pgettext_lazy("accreditation", "Approved"),
    State.ACTIVE: pgettext_lazy("accreditation", "Licensed"),
    State.SUSPENDED: pgettext_lazy("accreditation", "Suspended"),
    State.CLOSED: pgettext_lazy("accreditation", "Closed"),
}
FACES: Final[Mapping[State, tuple[str, str]]] = {
    State.CANDIDATE: ("hourglass", "soon"), State.SURVEYED: ("clipboard-check", "soon"),
    State.RETURNED: ("undo-2", "late"), State.APPROVED: ("stamp", "soon"), State.ACTIVE: ("badge-check", "ok"),
    State.SUSPENDED: ("circle-pause", "pause"), State.CLOSED: ("x", ""),
}
"""Icon and kind of the badge."""
STEPS: Final[Mapping[Step, Text]] = {
    Step.SURVEY: _("Finish the survey"), Step.APPROVE: _("Approve the place"), Step.RETURN: _("Return with reasons"),
    Step.PROPOSE_AGAIN: _("Propose again"), Step.ACTIVATE: _("Open under the licence"),
    Step.SUSPEND: _("Suspend the licence"), Step.EXPIRE: _("The licence expired"),
    Step.RESUME: _("Lift the suspension"), Step.RENEW: _("Renew the licence"), Step.CLOSE: _("End for good"),
}
DONE: Final[Mapping[str, Text]] = {
    "propose": _("Proposed"), "survey": _("Survey finished"), "approve": _("Place approved"),
    "return": _("Returned"), "propose_again": _("Proposed again"), "activate": _("Opened under the licence"),
    "suspend": _("Licence suspended"), "expire": _("The licence expired"), "resume": _("Suspension lifted"),
    "renew": _("Licence renewed"), "close": _("Ended for good"),
    "move": _("Moved to another place"),
    "change": _("Proposal changed"), "take_over": _("Taken over with the licence it had"),
}
GROUPS: Final[Mapping[Group, Text]] = {
    Group.PLACE: _("The premises"), Group.EQUIPMENT: _("Equipment"), Group.CONNECTION: _("Connection"),
    Group.STAFF: pgettext_lazy("accreditation", "People"), Group.PROCEDURES: _("Procedures and kit"),
    Group.LOCATION: _("Location"),
}
MARKS: Final[Mapping[Mark, Text]] = {
    Mark.MET: pgettext_lazy("accreditation", "met"), Mark.PARTLY: pgettext_lazy("accreditation", "partly"),
    Mark.MISSING: pgettext_lazy("accreditation", "not met"),
    Mark.NOT_APPLICABLE: pgettext_lazy("accreditation", "does not apply"),
}
ITEMS: Final[Mapping[str, Text]] = {
    "sign": _("Sign and branding of the agent, seen from the street"),
    "area": _("Room for the counter and those who wait"),
    "seats": _("Seats for those who wait"),
    "step_free": _("Access without a step"),
    "priority_seat": _("A priority seat"),
    "privacy": _("Papers and screen out of others' sight"),
    "price_list": _("The price list “0 đ” is put up"),
    "hotline_poster": _("The hotline is put up"),
    "camera": _("Camera over the counter"),
    "fire_safety": _("Fire safety checked"),
    "computer": _("A computer at each counter"),
    "scanner": _("Scanner of at least 300 dpi"),
    "printer": _("A printer"),
    "code_reader": _("Reader for QR and bar codes"),
    "phone": _("Phone or tablet for VNeID"),
    "ups": _("Power for half an hour without mains"),
    "numbering": _("Queue numbers"),
    "satisfaction": _("A device to rate the service"),
    "cabinet": _("A cabinet for dossiers that locks"),
    "scales": _("Scales"),
    "sealed_bags": _("Bags that seal"),
    "two_links": _("Two separate links"),
    "latency": _("The portal answers within two seconds, measured here"),
    "fallback": _("Mobile data when the line is down"),
    "accounts": _("Everybody has an account with her own role"),
    "tokens": _("Signing tokens of the staff work here"),
    "two_clerks": _("At least two trained clerks"),
    "certificates": _("Their certificates are valid"),
    "pledge": _("The pledge on secrecy and against brokers is signed"),
    "badges": _("Badges with photo and number"),
    "roster": _("The roster covers the opening hours"),
    "task_list": _("The list of delegated tasks is put up"),
    "instructions": _("Working instructions in their present version"),
    "incident_contact": _("Whom to call when something fails"),
    "paper_kit": _("Kit to work on paper: numbered slips, receipt series"),
    "population": _("Many people live near"),
    "elderly": _("Many elderly people live near"),
    "few_online": _("Few here file online so far"),
    "far_from_centre": _("The centre is far"),
    "terrain": _("Hills or water make the way to the centre hard"),
    "transport": _("Well reached by bus or on foot"),
}
PIECES: Final[Mapping[str, Text]] = {
    "computer": _("Computers"), "scanner": _("Scanner"), "printer": _("Printer"), "code_reader": _("Code reader"),
    "phone": _("Phone or tablet"), "ups": _("Backup power"), "numbering": _("Queue numbers"),
    "satisfaction": _("Rating device"), "cabinet": _("Cabinet"), "scales": _("Scales"), "sealed_bags": _("Bags"),
}
CONDITIONS: Final[Mapping[str, Text]] = {
    Equipment.WORKS: pgettext_lazy("equipment", "works"), Equipment.FAULTY: pgettext_lazy("equipment", "faulty"),
    Equipment.AWAY: pgettext_lazy("equipment", "not there")}
