"""The places where something can go wrong, as one choice: "outlet:0199…", "centre:0199…"."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models.organisations import Centre, Outlet
from agents.queries import open_centres
from agents.scope import outlets_seen_by
from shared.actors import Actor, ActorKind
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role


@dataclass(frozen=True, slots=True)
class Site:
    """An outlet or a centre, with what its rows are found by."""

    province_code: str
    name: str
    outlet_id: UUID | None = None
    operator_id: UUID | None = None
    centre_id: UUID | None = None

    @property
    def place_id(self) -> UUID:
        found = self.outlet_id or self.centre_id
        assert found is not None  # noqa: S101  # a site is one of both
        return found

    @property
    def key(self) -> dict[str, Any]:
        """What its rows have and no other place's."""
        return {"outlet_id": self.outlet_id, "centre_id": self.centre_id}

    @property
    def columns(self) -> dict[str, object]:
        return {"province_code": self.province_code, "outlet_id": self.outlet_id, "operator_id": self.operator_id,
                "centre_id": self.centre_id}


def site_of_outlet(outlet: Outlet) -> Site:
    """Of an outlet that was loaded with its commune."""
    return Site(outlet.commune.province_id, outlet.name, outlet_id=outlet.id, operator_id=outlet.operator_id)


def site_of_centre(centre: Centre) -> Site:
    return Site(centre.province_id, centre.name, centre_id=centre.id)


def own_site(actor: Actor) -> Site | None:
    """Where the actor works, if that is a counter or a desk."""
    if actor.outlet_id is not None and (actor.role in OUTLET_ROLES or not actor.role):
        outlet = Outlet.objects.select_related("commune").filter(id=actor.outlet_id).first()
        return None if outlet is None else site_of_outlet(outlet)
    if actor.centre_id is not None and (actor.role in CENTRE_ROLES or not actor.role):
        centre = Centre.objects.filter(id=actor.centre_id).first()
        return None if centre is None else site_of_centre(centre)
    return None


def find_site(actor: Actor, choice: str) -> Site | None:
    """The place that `choice` names, when it is within sight of `actor`."""
    kind, _colon, text = choice.partition(":")
    try:
        place_id = UUID(text)
    except ValueError:
        return None
    if kind == "outlet":
        outlet = outlets_seen_by(actor).filter(id=place_id).first()
        return None if outlet is None else site_of_outlet(outlet)
    centre = _centres(actor).filter(id=place_id).first() if kind == "centre" else None
    return None if centre is None else site_of_centre(centre)


def site_choices(actor: Actor) -> list[tuple[object, list[tuple[str, str]]]]:
    """Groups of places for a select, by name."""
    outlets = [(f"outlet:{each.id}", each.name) for each in outlets_seen_by(actor).order_by("name")]
    centres = [(f"centre:{each.id}", each.name) for each in _centres(actor).order_by("name")]
    return [(label, rows) for label, rows in ((_("Centres"), centres), (_("Outlets"), outlets)) if rows]


def _centres(actor: Actor) -> QuerySet[Centre]:
    centres = open_centres(timezone.localdate())
    if actor.kind is ActorKind.JOB or (actor.role == Role.ADMINISTRATOR and not actor.province_code):
        return centres
    if actor.role in CENTRE_ROLES:
        return centres.filter(id__in=[actor.centre_id])
    if actor.role in OUTLET_ROLES or actor.role == Role.OPERATOR_HQ:
        return centres.none()
    return centres.filter(province_id=actor.province_code)
