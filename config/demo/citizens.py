"""Invented people become registered citizens, once."""

from datetime import datetime
from uuid import UUID

from config.demo.people import Person
from intake.errors import CitizenAlreadyRegistered
from intake.models.citizens import Citizen
from intake.operations import citizens
from intake.records import CitizenInput
from shared import crypto
from shared.actors import Actor


def registered(typed: CitizenInput, by: Actor, at: datetime) -> UUID:
    """The citizen's id; a story that was cut short finds who was registered before."""
    try:
        return citizens.register_citizen(typed=typed, by=by, at=at).id
    except CitizenAlreadyRegistered:
        index = crypto.blind_index(typed.national_id, bound_to=citizens.COLUMN)
        return Citizen.objects.get(national_id_index=index).id


def as_typed(person: Person, commune_code: str, former_commune_code: str = "") -> CitizenInput:
    """The person as a clerk types her."""
    return CitizenInput(
        full_name=person.full_name,
        commune_code=commune_code,
        former_commune_code=former_commune_code,
        national_id=person.national_id,
        birth=person.birth_date.isoformat(),
        sex="female" if person.is_female else "male",
        phone=person.phone,
        street=person.street,
    )
