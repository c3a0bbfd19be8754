"""The words for what a swap can be."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

from agents.roster.rules import SwapState
from shared.errors import Text

SWAP_STATES: Final[Mapping[SwapState, Text]] = {
    SwapState.ASKED: pgettext_lazy("swap", "asked"), SwapState.TAKEN: pgettext_lazy("swap", "taken"),
    SwapState.DECLINED: pgettext_lazy("swap", "declined"), SwapState.WITHDRAWN: pgettext_lazy("swap", "taken back"),
    SwapState.LAPSED: pgettext_lazy("swap", "nobody answered"),
}
