"""The words and icons of dispatches."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from delivery.dispatch.rules import DispatchState
from delivery.wording import Face

FACES: Final[Mapping[DispatchState, Face]] = {
    DispatchState.OPEN: Face(_("Being packed"), "package-open", "act"),
    DispatchState.CLOSED: Face(_("Waiting for the collector"), "lock-keyhole", "soon"),
    DispatchState.HANDED_OVER: Face(_("With the carrier"), "truck", "ok"),
    DispatchState.DROPPED: Face(_("Dropped"), "x"),
}
