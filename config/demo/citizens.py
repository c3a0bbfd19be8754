"""Invented people become registered citizens, once, and are acted for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from config.demo.people import Person
from intake.errors import CitizenAlreadyRegistered, CitizenMaybeKnown, SessionAlreadyOpen
from intake.models.citizens import Citizen
from intake.operations import citizens, mandates, sessions
from intake.operations.mandates import MandateInput
from intake.records import CitizenInput
from intake.rules.mandates import AuthorisationRule, MandateKind, Relation
from shared import crypto
from shared.actors import Actor

PURPOSES: Final = ("assist_filing", "deliver_home", "notify")
CLERK_NUMBER: Final = "001190000017"
"""Of the right form, and nobody's: the clerks of the story are invented."""


def registered(typed: CitizenInput, by: Actor, at: datetime) -> UUID:
    """The citizen's id; a story that was cut short finds who was registered before."""
    try:
        return citizens.register_citizen(typed=typed, by=by, at=at).id
    except CitizenMaybeKnown as refusal:
        others = tuple(UUID(each) for each in citizens.ids_of(refusal))
        return citizens.register_citizen(typed=replace(typed, distinct_from=others), by=by, at=at).id
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


@contextmanager
def acting_for(citizen_id: UUID, by: Actor, at: datetime) -> Iterator[UUID]:
    """An acting-for session, by its id; one that a cut-short story left open is ended first."""
    try:
        session = sessions.open_session(citizen_id=citizen_id, purposes=PURPOSES, by=by, at=at)
    except SessionAlreadyOpen as left_open:
        sessions.close_session(session_id=UUID(str(left_open.facts["session_id"])), by=by, at=at)
        session = sessions.open_session(citizen_id=citizen_id, purposes=PURPOSES, by=by, at=at)
    try:
        yield session.id
    finally:
        sessions.close_session(session_id=session.id, by=by, at=at)


def authorise_clerk(session_id: UUID, authorisation_rule: str, by: Actor, at: datetime) -> None:
    """What a clerk of another operator than the public post needs before she hands in paper in the citizen's name."""
    mandates.record_mandate(session_id=session_id, typed=_mandate(authorisation_rule, by), by=by, at=at)


def _mandate(authorisation_rule: str, by: Actor) -> MandateInput:
    if authorisation_rule == AuthorisationRule.CIVIL_STATUS:
        return MandateInput(
            kind=MandateKind.CERTIFIED, relation=Relation.OTHER, representative_name=by.name,
            national_id=CLERK_NUMBER, certified_by="Uỷ ban nhân dân phường", reference="Văn bản uỷ quyền đã chứng thực")
    return MandateInput(kind=MandateKind.SERVICE_CONTRACT, reference="Hợp đồng dịch vụ của doanh nghiệp",
                        introduction="Giấy giới thiệu của doanh nghiệp")
