"""A place in a form: typed by name, offered, chosen; a split unit asks for its part."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.queries.place_offers import ChosenPlace, PlaceOffer, chosen_place, former_offers, offer_places
from intake.records import PlaceChoice
from shared.api import WardpostRequest
from shared.roles import Role


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """The field `name` of a form: hidden `name` holds the choice, `name`_q what was typed."""

    name: str
    typed: str
    chosen: ChosenPlace | None
    offers: tuple[PlaceOffer, ...] = ()

    @property
    def value(self) -> str:
        return self.chosen.value if self.chosen is not None else ""

    @property
    def is_settled(self) -> bool:
        return self.chosen is not None and self.chosen.place is not None

    @property
    def choice(self) -> PlaceChoice:
        """For intake's operations."""
        if self.chosen is None:
            return PlaceChoice()
        return PlaceChoice(self.chosen.place.code if self.chosen.place else "",
                           self.chosen.former.code if self.chosen.former else "")


def read_place(posted: Mapping[str, str], name: str, province_code: str) -> PlaceEntry:
    """What `posted` says of the place `name`: just picked, dropped, kept, or still being typed."""
    if posted.get("drop_place") == name:
        return PlaceEntry(name, "", None)
    value = posted.get(f"pick_{name}") or posted.get(name, "")
    chosen = chosen_place(value) if value else None
    if chosen is not None:
        parts = tuple(former_offers(chosen.former)) if chosen.former is not None and chosen.is_to_choose else ()
        return PlaceEntry(name, "", chosen, parts)
    typed = posted.get(f"{name}_q", "").strip()
    return PlaceEntry(name, typed, None, tuple(offer_places(typed, province_code=province_code)))


@require_GET
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.CENTRE_OFFICER, Role.CENTRE_MANAGER)
def place_offers(request: WardpostRequest) -> HttpResponse:
    """Offer places for what is being typed into the field `name`."""
    name = request.GET.get("name", "place")
    entry = read_place({f"{name}_q": request.GET.get(f"{name}_q", "")}, name, request.actor.province_code)
    return render(request, "intake/counter/place_offers.html", {"entry": entry})
