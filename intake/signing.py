"""A joint signature as it is sent to us: a name, a badge, and what was drawn on the screen."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from shared.errors import ErrorCollector
from shared.identifiers import NationalId
from shared.text import clean

LONGEST_DRAWING: Final = 20_000
_DRAWING = re.compile(r"(?:[ML]\d{1,4} \d{1,4} ?)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class JointSignature:
    """`drawing` is an SVG path of moves and lines in a field of 600 × 200; empty when the typed name stands for it."""

    name: str
    badge: str = ""
    drawing: str = ""


def checked(signature: JointSignature, field: str, wrong: ErrorCollector) -> JointSignature:
    """The signature tidied; what is wrong with it is collected under `/{field}_…`."""
    name, badge, drawing = clean(signature.name), clean(signature.badge), signature.drawing.strip()
    if not 2 <= len(name) <= 120:
        wrong.add(f"/{field}_name", "missing", _("Write the full name of who signs."))
    if len(badge) > 20 or NationalId.parse(badge) is not None:
        wrong.add(f"/{field}_badge", "not-a-badge", _("Write the number of the work badge, never an ID number."))
    if len(drawing) > LONGEST_DRAWING or _DRAWING.fullmatch(drawing) is None:
        wrong.add(f"/{field}_drawing", "not-a-drawing", _("The drawn signature cannot be read; draw it again."))
    return JointSignature(name, badge, drawing)
