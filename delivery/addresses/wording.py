"""How well an address is known, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from delivery.addresses.rules import Precision, Search
from shared.errors import Text

PRECISION: Final[Mapping[Precision, Text]] = {
    Precision.PIN: _("Pinned by somebody who knows the place"),
    Precision.HOUSE: _("The house was found"),
    Precision.STREET: _("The street was found, not the house"),
    Precision.AREA: _("The hamlet or quarter was found, not the street"),
    Precision.COMMUNE: _("Only the middle of the commune is known"),
}

SEARCH: Final[Mapping[Search, Text]] = {
    Search.NOT_ASKED: "",
    Search.WAITING: _("The map service is being asked."),
    Search.FOUND: _("Found by the map service."),
    Search.NOTHING: _("The map service knows no such place."),
    Search.ELSEWHERE: _("The map service named a place outside the commune; that was not believed."),
    Search.GAVE_UP: _("The map service did not answer."),
}
