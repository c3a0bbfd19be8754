"""The words and icons for what happens to parcels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from delivery.promise.rules import Ground
from delivery.rules import Direction, ParcelState
from shared.errors import Text

S: Final = ParcelState


@dataclass(frozen=True, slots=True)
class Face:
    """How a state looks: its word, its icon, and the kind of badge."""

    label: Text
    icon: str
    kind: str = ""


FACES: Final[Mapping[ParcelState, Face]] = {
    S.BOOKED: Face(_("Waiting for the post"), "package"),
    S.ACCEPTED: Face(_("Accepted by the post"), "package-check", "act"),
    S.IN_TRANSIT: Face(_("On its way"), "truck", "act"),
    S.ARRIVED: Face(_("At the delivery office"), "store", "act"),
    S.OUT_FOR_DELIVERY: Face(_("Out for delivery"), "truck", "act"),
    S.ATTEMPT_FAILED: Face(_("Nobody was met"), "user", "soon"),
    S.HELD: Face(_("Held"), "circle-pause", "pause"),
    S.AT_COLLECTION_POINT: Face(_("Waiting for collection"), "store", "soon"),
    S.DELIVERED: Face(_("Delivered"), "circle-check", "ok"),
    S.RETURNING: Face(_("Going back"), "undo-2", "soon"),
    S.RETURNED: Face(_("Back at the authority"), "undo-2", "soon"),
    S.LOST: Face(_("Lost"), "octagon-alert", "late"),
    S.CANCELLED: Face(_("Called off"), "circle-x", "pause"),
    S.NEEDS_REVIEW: Face(_("Needs a check"), "triangle-alert", "late"),
}

DIRECTIONS: Final[Mapping[Direction, Text]] = {
    Direction.DOSSIER: _("Dossier to the centre"),
    Direction.RESULT: _("Result to the citizen"),
    Direction.POSTED_IN: _("Papers from the citizen to the outlet"),
    Direction.TO_OUTLET: _("Papers from the centre to the outlet"),
}

NEXT: Final[Mapping[Direction, Text]] = {
    Direction.DOSSIER: _("The post hands it over to the centre, %(place)s"),
    Direction.RESULT: _("The post brings it to your door, %(place)s"),
    Direction.POSTED_IN: _("The post brings it to the outlet, %(place)s"),
    Direction.TO_OUTLET: _("The post brings it to the outlet, %(place)s"),
}

CONTRADICTIONS: Final[Mapping[str, Text]] = {
    "ends-differ": _("Several endings are told: delivered, returned or lost."),
    "receivers-differ": _("Two different people are said to have received it."),
    "delivery-days-differ": _("It is said to have been delivered on two different days."),
    "before-acceptance": _("It is said to have moved before the post had accepted it."),
    "moved-after-end": _("It is said to have moved after its end."),
    "end-date-implausible": _("Its end is dated before the booking or in the future."),
    "cancelled": _("The carrier says that the booking was cancelled."),
}

WORK: Final[Mapping[str, Text]] = {
    "parcel-not-accepted": _("Booked, and the post has not taken it for a working day: look for it."),
    "parcel-attempt-due": _("One visit failed and nobody came again within two working days: have it tried again."),
    "parcel-return-due": _("Two visits failed and it is not on its way back: have it brought back."),
    "parcel-not-collected": _("It has waited five working days to be collected: call the recipient."),
    "parcel-unsent": _("The carrier has not answered whether it knows this parcel; it is asked again by itself."),
    "parcel-booking-refused": _("The carrier refuses the booking: find out why; it is told again every day."),
    "parcel-contradiction": _("Its events contradict one another: say what is true."),
    "parcel-proof-missing": _("Delivered, but the carrier does not say to whom: ask for the proof."),
    "parcel-proof-doubtful": _("The code read out at the door was wrong: ask the recipient whether she has it."),
    "parcel-misrouted": _("The postman says that it belongs to another commune: find its way and tell the office."),
    "parcel-wrong-commune": _("It is in another commune than its own, though nobody ordered that: find out why."),
    "parcel-damaged": _("It is said to be damaged: look at what lies inside and tell the sender."),
    "parcel-booked-twice": _("The carrier has booked it more than once: have what is too much cancelled."),
    "parcel-search": _("It is being looked for: answer the search."),
    "parcel-search-overdue": _("The search for it has no answer in time: decide."),
    "carrier-request-refused": _("The carrier refuses what it was asked for: settle it with it, or tell the citizen."),
    "carrier-request-unanswered": _("The carrier does not answer what it was asked for: ask it yourself."),
    "carrier-request-by-hand": _("The carrier has to be told by a person, and its answer written down."),
    "postage-in-doubt": _("Its postage was counted before its events contradicted one another: look whether it stays."),
}
"""What somebody has to do about a parcel, by kind of work item."""

OUTCOMES: Final[Mapping[str, Text]] = {
    S.DELIVERED: _("It was delivered"),
    S.RETURNED: _("It is back at the authority"),
    S.LOST: _("It is lost"),
    "on_its_way": _("It is still on its way"),
}

RELATIONS: Final[Mapping[str, Text]] = {
    "self": _("the addressee"),
    "spouse": _("wife or husband"),
    "child": _("son or daughter"),
    "parent": _("mother or father"),
    "authorised": _("somebody with a letter of authority"),
    "centre_officer": _("an officer of the centre"),
}
SOMEBODY_ELSE: Final = _("somebody else")

METHODS: Final[Mapping[str, Text]] = {
    "signature": _("signature"),
    "otp": _("one-time code"),
    "joint_minutes": _("joint minutes"),
}

# What the expected day rests on.
GROUNDS: Final[Mapping[Ground, Text]] = {
    Ground.BOOKED: _("if the post takes it today"),
    Ground.ACCEPTED: _("counted from the day the post took it"),
    Ground.OVERDUE: _("the promised day has passed; the next day of delivery"),
    Ground.NEAR: _("it lies at the office that delivers it"),
    Ground.OUT: _("the postman has it with him"),
    Ground.AGAIN: _("nobody was met; the next visit"),
    Ground.AGREED: _("the day that the citizen has chosen"),
    Ground.WAITS: _("it waits to be collected"),
    Ground.UNKNOWN: _("no day can be said"),
    Ground.ENDED: _("its trip has ended"),
}

# What a citizen reads while it is the post's turn.
PUBLIC: Final[Mapping[tuple[Direction, ParcelState], Text]] = {
    (Direction.RESULT, S.BOOKED): _("Your result is ready; the post is about to fetch it."),
    (Direction.RESULT, S.ACCEPTED): _("Your result is on its way to you."),
    (Direction.RESULT, S.IN_TRANSIT): _("Your result is on its way to you."),
    (Direction.RESULT, S.ARRIVED): _("Your result is at the post office near you."),
    (Direction.RESULT, S.OUT_FOR_DELIVERY): _("The postman is on his round with your result."),
    (Direction.RESULT, S.ATTEMPT_FAILED): _("The postman met nobody. He comes again."),
    (Direction.RESULT, S.HELD): _("Your result lies at the post office for the moment."),
    (Direction.RESULT, S.AT_COLLECTION_POINT): _("Your result waits for you at the post office."),
    (Direction.RESULT, S.DELIVERED): _("Your result has been handed over."),
    (Direction.RESULT, S.RETURNING): _("Nobody was met twice, so your result goes back to the centre."),
    (Direction.RESULT, S.RETURNED): _("Your result lies at the centre again."),
    (Direction.RESULT, S.CANCELLED): _("This trip was called off; your result lies at the centre."),
    (Direction.DOSSIER, S.BOOKED): _("Your papers are packed; the post is about to fetch them."),
    (Direction.DOSSIER, S.ACCEPTED): _("Your papers are on their way to the centre."),
    (Direction.DOSSIER, S.IN_TRANSIT): _("Your papers are on their way to the centre."),
    (Direction.DOSSIER, S.ARRIVED): _("Your papers are at the post office near the centre."),
    (Direction.DOSSIER, S.OUT_FOR_DELIVERY): _("The post is handing your papers over to the centre."),
    (Direction.DOSSIER, S.ATTEMPT_FAILED): _("The centre was closed; the post tries again."),
    (Direction.DOSSIER, S.HELD): _("Your papers lie at the post office for the moment."),
    (Direction.DOSSIER, S.AT_COLLECTION_POINT): _("Your papers wait for the centre at the post office."),
    (Direction.DOSSIER, S.DELIVERED): _("Your papers are at the centre."),
    (Direction.DOSSIER, S.RETURNING): _("Your papers are being brought back."),
    (Direction.DOSSIER, S.RETURNED): _("Your papers were brought back."),
    (Direction.DOSSIER, S.CANCELLED): _("This trip was called off; your papers lie where you gave them."),
}
_SAME_WORDS: Final[Mapping[ParcelState, Text]] = {
    S.BOOKED: _("The parcel is booked; the post does not have it yet."),
    S.ACCEPTED: _("The parcel is on its way to the outlet."),
    S.IN_TRANSIT: _("The parcel is on its way to the outlet."),
    S.ARRIVED: _("The parcel is at the post office near the outlet."),
    S.OUT_FOR_DELIVERY: _("The post is bringing the parcel to the outlet."),
    S.ATTEMPT_FAILED: _("The outlet was closed; the post tries again."),
    S.HELD: _("The parcel lies at the post office for the moment."),
    S.AT_COLLECTION_POINT: _("The parcel waits for the outlet at the post office."),
    S.DELIVERED: _("The parcel is at the outlet."),
    S.RETURNING: _("The parcel goes back to its sender."),
    S.RETURNED: _("The parcel is back with its sender."),
    S.CANCELLED: _("This trip was called off; the parcel lies with its sender."),
}
PUBLIC_TO_OUTLET: Final[Mapping[tuple[Direction, ParcelState], Text]] = {
    (direction, state): words
    for direction in (Direction.POSTED_IN, Direction.TO_OUTLET) for state, words in _SAME_WORDS.items()
}  # fmt: skip
PUBLIC_LOST: Final = _("The parcel is lost. The post bears what it costs to issue everything again.")
PUBLIC_REVIEW: Final = _("The post's messages contradict one another. We are finding out what is true.")

# What a citizen has to do herself.
TO_DO: Final[Mapping[ParcelState, Text]] = {
    S.ACCEPTED: _("Have your ID card ready when the postman comes."),
    S.IN_TRANSIT: _("Have your ID card ready when the postman comes."),
    S.ARRIVED: _("Have your ID card ready when the postman comes."),
    S.OUT_FOR_DELIVERY: _("Have your ID card ready when the postman comes."),
    S.ATTEMPT_FAILED: _("Be at home within two working days, with your ID card."),
    S.AT_COLLECTION_POINT: _("Fetch it at the post office with your ID card."),
    S.RETURNED: _("Fetch it at the centre with your ID card."),
}


def public_words(direction: Direction, state: ParcelState) -> Text:
    """What a citizen reads of a parcel in this state."""
    if state is S.NEEDS_REVIEW:
        return PUBLIC_REVIEW
    return PUBLIC.get((direction, state)) or PUBLIC_TO_OUTLET.get((direction, state), PUBLIC_LOST)
