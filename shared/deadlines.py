"""A deadline as people read it: words, one of five looks, and how far the bar is filled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from shared.formatting import URGENT_MINUTES, working_time

BAR: Final = 100
GAP: Final = 2


class Look(StrEnum):
    """How a deadline looks; also the class of its words and its bar."""

    RUN = "run"
    SOON = "soon"
    LATE = "late"
    PAUSE = "pause"
    OK = "ok"


ICONS: Final = {
    Look.RUN: "hourglass", Look.SOON: "clock", Look.LATE: "octagon-alert", Look.PAUSE: "circle-pause", Look.OK: "check",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline shows. `filled` runs from 0 to 100; for a late one it ends at the notch, the due moment."""

    look: Look
    words: str
    icon: str
    filled: int

    @property
    def after_notch(self) -> int:
        """Where the part past the due moment starts."""
        return self.filled + GAP

    @property
    def overrun(self) -> int:
        """How long the part past the due moment is."""
        return BAR - self.after_notch


def deadline(*, used: int, allowed: int, paused: bool = False, done: bool = False) -> Deadline:
    """Return how a term of `allowed` working minutes looks after `used` of them.

    Under four working hours left is soon; a paused clock is frozen where it stands, whatever is left.
    """
    left = allowed - used
    look = _look(left, paused=paused, done=done)
    return Deadline(look, _words(look, left), ICONS[look], _filled(look, used, allowed))


def _look(left: int, *, paused: bool, done: bool) -> Look:
    if done:
        return Look.OK if left >= 0 else Look.LATE
    if paused:
        return Look.PAUSE
    if left < 0:
        return Look.LATE
    return Look.SOON if left < URGENT_MINUTES else Look.RUN


def _words(look: Look, left: int) -> str:
    span = working_time(abs(left))
    match look:
        case Look.PAUSE:
            return _("stopped at %(span)s") % {"span": span}
        case Look.LATE:
            return _("%(span)s overdue") % {"span": span}
        case Look.OK:
            return _("%(span)s early") % {"span": span} if left else _("On time")
        case _:
            return _("%(span)s left") % {"span": span}


def _filled(look: Look, used: int, allowed: int) -> int:
    """Return the filled share of the bar; the notch of a late one stands where the term ended."""
    whole = max(used, 1) if look is Look.LATE else max(allowed, 1)
    part = allowed if look is Look.LATE else used
    ceiling = BAR - GAP - 4 if look is Look.LATE else BAR
    return min(max(round(part * BAR / whole), 0), ceiling)
