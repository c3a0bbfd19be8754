"""Workplaces as one choice of a form: "outlet:0199…", "province:46"."""

from uuid import UUID

from django.utils.translation import gettext as _

from agents.models.organisations import Centre, Operator
from agents.records import Workplace
from agents.scope import outlets_seen_by
from shared.actors import Actor
from shared.models.places import Province
from shared.roles import Role

type Choices = list[tuple[str, object]]


def place_choices(actor: Actor) -> Choices:
    """The places that `actor` answers for, grouped by kind."""
    outlets = [(f"outlet:{o.id}", f"{o.code} {o.name}") for o in outlets_seen_by(actor).order_by("code")]
    groups = [(_("Outlets"), outlets), (_("Centres"), _centres(actor)), (_("Operators"), _operators(actor)),
              (_("Cities and provinces"), _provinces(actor))]
    return [(label, choices) for label, choices in groups if choices]


def _centres(actor: Actor) -> list[tuple[str, str]]:
    centres = Centre.objects.order_by("agency_code")
    if actor.role == Role.CENTRE_MANAGER and actor.centre_id is not None:
        centres = centres.filter(id=actor.centre_id)
    elif actor.role != Role.ADMINISTRATOR:
        return []
    elif actor.province_code:
        centres = centres.filter(province_id=actor.province_code)
    return [(f"centre:{centre.id}", f"{centre.agency_code} {centre.name}") for centre in centres]


def _operators(actor: Actor) -> list[tuple[str, str]]:
    if actor.role != Role.ADMINISTRATOR:
        return []
    return [(f"operator:{operator.id}", operator.name) for operator in Operator.objects.order_by("name")]


def _provinces(actor: Actor) -> list[tuple[str, str]]:
    if actor.role != Role.ADMINISTRATOR:
        return []
    provinces = Province.objects.order_by("code")
    if actor.province_code:
        provinces = provinces.filter(code=actor.province_code)
    return [(f"province:{province.code}", province.name) for province in provinces]


def read_place(choice: str) -> Workplace:
    """The workplace of a choice; none chosen, or none of ours: an empty one, which the operations refuse."""
    kind, _colon, value = choice.partition(":")
    if kind == "province":
        return Workplace(province_code=value)
    try:
        number = UUID(value)
    except ValueError:
        return Workplace()
    match kind:
        case "outlet":
            return Workplace(outlet_id=number)
        case "centre":
            return Workplace(centre_id=number)
        case "operator":
            return Workplace(operator_id=number)
    return Workplace()
