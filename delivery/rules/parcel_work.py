"""What about a parcel can be somebody's work, and what of it ends by a person's word alone."""

from typing import Final

ENDS_BY_ITSELF: Final = frozenset({
    "parcel-not-accepted", "parcel-attempt-due", "parcel-return-due", "parcel-not-collected", "parcel-unsent",
    "parcel-booking-refused", "parcel-contradiction", "carrier-request-unanswered", "carrier-request-by-hand",
    "parcel-search", "parcel-search-overdue"})
"""It is over once the parcel moves, the carrier answers, or what is asked on a page of its own is answered."""
ENDS_BY_WORD: Final = frozenset({
    "parcel-proof-missing", "parcel-proof-doubtful", "parcel-misrouted", "parcel-wrong-commune", "parcel-damaged",
    "parcel-booked-twice", "carrier-request-refused", "postage-in-doubt"})
"""Nothing that a carrier tells can end it: whoever looked says what was found."""
KINDS: Final = ENDS_BY_ITSELF | ENDS_BY_WORD
UNSENT: Final = ("parcel-unsent", "parcel-booking-refused")
