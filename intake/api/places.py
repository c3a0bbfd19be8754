"""Places of today and former ones, found by name, accents ignored."""

from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from intake.api.schemas import FormerPlaceOut, PlaceOut, former_place_out, place_out
from intake.errors import PlaceNotFound
from shared import places
from shared.api import Asked, Out, WardpostRequest

router = Router(tags=["catalogue"])
READS = allow(roles=EVERY_ROLE, scopes={"catalogue:read"})


class PlacesAsked(Asked):
    q: Annotated[str, Field(min_length=1, max_length=80, description="Part of a name: “phong chuong”.")]
    province_code: Annotated[str, Field(max_length=2, pattern=r"^([0-9]{2})?$")] = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class MatchesOut(Out):
    present: list[PlaceOut]
    former: list[FormerPlaceOut]


@router.get("/places", response=MatchesOut, auth=READS, summary="Find places by name")
def search(request: WardpostRequest, filters: Query[PlacesAsked]) -> Any:
    """Find communes of today and dissolved ones, whole-name matches first."""
    found = places.search_places(filters.q, province_code=filters.province_code, limit=filters.limit)
    return {"present": [place_out(each) for each in found.present],
            "former": [former_place_out(each) for each in found.former]}


@router.get("/places/{code}", response=PlaceOut, auth=READS, summary="One commune of today")
def one(request: WardpostRequest, code: str) -> Any:
    """Show a commune, ward or special zone."""
    place = places.get_place(code) if code.isalnum() else None
    if place is None:
        raise PlaceNotFound
    return place_out(place)


@router.get("/former-places/{code}", response=FormerPlaceOut, auth=READS, summary="What became of a former commune")
def former(request: WardpostRequest, code: str) -> Any:
    """Show a dissolved commune and its successors; codes of former and present units overlap."""
    unit = places.get_former_place(code) if code.isalnum() else None
    if unit is None:
        raise PlaceNotFound
    return former_place_out(unit)
