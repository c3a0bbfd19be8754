"""The words and icons for carriers' lines and for what carriers are asked."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.rules.carrier_requests import RequestKind, RequestState
from delivery.wording import Face
from shared.errors import Text

LINE_FACES: Final[Mapping[str, Face]] = {
    "up": Face(pgettext_lazy("carrier line", "Answers"), "circle-check", "ok"),
    "down": Face(_("Does not answer"), "octagon-alert", "late"),
    "unheard": Face(_("Not asked yet"), "circle-pause", "pause"),
    "paper": Face(_("By paper and file"), "file-text"),
}

KINDS: Final[Mapping[RequestKind, Text]] = {
    RequestKind.CANCEL: pgettext_lazy("carrier request", "Cancel"),
    RequestKind.REDIRECT: pgettext_lazy("carrier request", "Bring elsewhere"),
    RequestKind.RESCHEDULE: pgettext_lazy("carrier request", "Another day"),
    RequestKind.RETURN: pgettext_lazy("carrier request", "Bring back"),
}

_S: Final = RequestState
REQUEST_FACES: Final[Mapping[RequestState, Face]] = {
    _S.WAITING: Face(pgettext_lazy("carrier request", "Not yet told"), "clock"),
    _S.UNKNOWN: Face(pgettext_lazy("carrier request", "Told, no answer yet"), "clock", "soon"),
    _S.BY_HAND: Face(pgettext_lazy("carrier request", "Tell it yourself"), "phone", "soon"),
    _S.ACCEPTED: Face(pgettext_lazy("carrier request", "Accepted"), "check", "ok"),
    _S.REFUSED: Face(pgettext_lazy("carrier request", "Refused"), "octagon-alert", "late"),
    _S.OVERTAKEN: Face(pgettext_lazy("carrier request", "Overtaken by the trip"), "check"),
}
