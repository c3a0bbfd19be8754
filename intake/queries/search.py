"""One search for everything a person at work may look up: by any code, by name without accents, by phone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Q

from delivery import public as delivery
from intake.models.citizens import Citizen
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.queries.catalogue import search_procedures
from intake.queries.counter_citizens import find_citizens
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words
from intake.rules.states import Handling
from intake.rules.wording import Words
from shared.actors import Actor
from shared.roles import PROGRAMME_ROLES

MOST: Final = 10
SHORTEST: Final = 2
_TRACKING: Final = re.compile(r"/tra-cuu/([^/?#]+)")


@dataclass(frozen=True, slots=True)
class DossierHit:
    id: UUID
    reference: str
    agent_ref: str
    citizen_name: str
    what: Words
    state: Words
    handling: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found; `only` says that the text was a whole code and names exactly one dossier."""

    text: str
    dossiers: tuple[DossierHit, ...] = ()
    citizens: tuple[Citizen, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    parcels: tuple[delivery.ParcelInfo, ...] = ()
    only: DossierHit | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.dossiers or self.citizens or self.procedures or self.parcels)

    @property
    def is_words(self) -> bool:
        """Words may be a question; a number of somebody or something is none."""
        return bool(self.text) and not any(letter.isdigit() for letter in self.text)


def code_in(text: str) -> str:
    """The code in what was typed or scanned: a tracking address leads to its code."""
    found = _TRACKING.search(text)
    return (found[1] if found else text).strip()


def search(text: str, actor: Actor, on: date) -> Hits:
    """Everything of the actor's own scope that `text` may mean; a constant number of questions."""
    asked = code_in(text)
    if len(asked) < SHORTEST:
        return Hits(asked)
    if actor.role in PROGRAMME_ROLES:  # they work with counts; people and their dossiers are not looked up
        return Hits(asked, procedures=tuple(search_procedures(asked, on, limit=MOST)))
    code = re.sub(r"\s", "", asked).upper()
    parcels = tuple(delivery.parcels_by_code(code, actor))
    by_parcel = [dossier_id for parcel in parcels for dossier_id, _code, _papers in parcel.dossiers]
    by_code = _dossiers(actor, Q(code=code) | Q(agent_ref=code.replace("-", "")) | Q(id__in=by_parcel))
    if by_code:
        return Hits(asked, dossiers=by_code, parcels=parcels, only=by_code[0] if len(by_code) == 1 else None)
    people = tuple(find_citizens(asked, actor, most=MOST))
    return Hits(asked, dossiers=_dossiers(actor, _of(people, asked)), citizens=people, parcels=parcels,
                procedures=tuple(search_procedures(asked, on, limit=MOST)))


def _of(people: Sequence[Citizen], asked: str) -> Q:
    """Dossiers of the people found, and those whose code begins or ends like this."""
    wanted = Q(citizen_id__in=[person.id for person in people])
    part = re.sub(r"\s", "", asked).upper()
    if any(letter.isdigit() for letter in part) and len(part) >= 4:
        wanted |= Q(code__endswith=part) | Q(code__startswith=part) | Q(agent_ref__startswith=part.replace("-", ""))
    return wanted


def _dossiers(actor: Actor, wanted: Q) -> tuple[DossierHit, ...]:
    found = Dossier.objects.seen_by(actor).filter(wanted).select_related("citizen", "procedure")
    return tuple(_hit(dossier) for dossier in found.fetch_mode(FETCH_RAISE).order_by("-created_at", "-id")[:MOST])


def _hit(dossier: Any) -> DossierHit:
    return DossierHit(
        dossier.id, dossier.code or dossier.agent_ref, dossier.agent_ref, dossier.citizen.full_name,
        short_words(dossier.procedure.name_vi, dossier.procedure.name_en), state_words(Handling(dossier.handling)),
        dossier.handling)
