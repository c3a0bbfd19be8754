"""An answer becomes a dated precedent; it answers the next same question, and is taken back with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.events import PrecedentMade
from intake.models.dossiers import Dossier
from intake.models.opinions import Opinion, Precedent, PrecedentScope, PrecedentUse
from intake.models.procedures import Procedure
from intake.opinion_errors import OpinionRefused, PrecedentExists, PrecedentNotFound, PrecedentWithdrawn
from intake.queries.precedents import precedents_seen_by
from intake.records import Route
from intake.rules import names
from intake.rules.faults import Fault
from intake.rules.questions import ANY_PROCEDURE, KEY_WORDS
from intake.wording import field_error
from shared import audit, places
from shared.actors import Actor
from shared.calendar import local
from shared.errors import FieldError
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import fold
from shared.transactions import operation

SUPERSEDED: Final = "Được thay bằng trả lời mới hơn"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said, by whom, and on what it rests. `authority_id`: the competent centre, if that was the question."""

    verdict: str
    legal_basis: str
    source: str
    text: str = ""
    authority_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScopeItem:
    """A procedure ("*": any) at a commune, of today or former."""

    procedure_code: str
    place_code: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """The question that an answer settles for the future."""

    province_code: str
    key: str
    question: str
    scope: tuple[ScopeItem, ...]


def make(ruled: Ruled, answer: Answer, *, by: Actor, at: datetime, supersedes: Precedent | None = None) -> Precedent:
    """Put a precedent in force from the local day of `at`, in the caller's transaction.

    Raises:
        PrecedentExists: the same question has an answer in force that is not the superseded one.
        OpinionRefused: a place of the scope is unknown.
    """
    if supersedes is not None:
        _end(supersedes, because=SUPERSEDED, by=by, at=at)
    scopes = [_scope_names(item) for item in ruled.scope]
    day = local(at).date()
    made = Precedent.objects.create(
        province_code=ruled.province_code, key=ruled.key, question=ruled.question, verdict=answer.verdict,
        authority_id=answer.authority_id, answer=answer.text, legal_basis=answer.legal_basis, source=answer.source,
        valid_from=day, made_at=at, made_by=by.id, made_by_name=by.name,
        search_key=_search_key(ruled, answer, scopes))
    _write_scopes(made, scopes)
    if supersedes is not None:
        supersedes.superseded_by = made
        supersedes.save(update_fields=["superseded_by"])
    audit.record(actor=by, action="precedent.make", object_type="precedent", object_id=made.id, at=at,
                 after={"key": made.key, "verdict": made.verdict}, reason=answer.legal_basis)
    publish(PrecedentMade(made.id, at))
    return made


type _Named = tuple[ScopeItem, str, str]
"""A scope with the names of its procedure and place."""


def _scope_names(item: ScopeItem) -> _Named:
    present, former = places.get_place(item.place_code), None
    if present is None:
        former = places.get_former_place(item.place_code)
    if present is None and former is None:
        raise OpinionRefused(errors=(field_error("/place_code", Fault("place-unknown")),))
    named = present or former
    assert named is not None  # noqa: S101  # one of them is there
    procedure = Procedure.objects.filter(code=item.procedure_code).order_by("-valid_from").first()
    return item, procedure.name_vi if procedure else "", named.full_name


def _search_key(ruled: Ruled, answer: Answer, scopes: Iterable[_Named]) -> str:
    parts = [ruled.question, answer.text, answer.legal_basis, KEY_WORDS[ruled.key].vi, KEY_WORDS[ruled.key].en]
    for item, procedure, place in scopes:
        parts += [item.procedure_code, procedure, place]
    return fold(" ".join(parts))


def _write_scopes(made: Precedent, scopes: Sequence[_Named]) -> None:
    try:
        with transaction.atomic():
            PrecedentScope.objects.bulk_create([
                PrecedentScope(
                    precedent=made, province_code=made.province_code, key=made.key, procedure_code=item.procedure_code,
                    procedure_name=procedure, place_code=item.place_code, place_name=place, valid_from=made.valid_from,
                    valid_to=made.valid_to)
                for item, procedure, place in scopes])
    except IntegrityError as error:
        if "precedent_one_answer_a_day" in str(error):
            raise PrecedentExists from error
        raise


@operation
def withdraw(*, precedent_id: UUID, reason: str, by: Actor, at: datetime) -> Precedent:
    """Take a precedent back: from now on the question is open again. What it has answered stays answered.

    Raises:
        PrecedentNotFound: none of the actor's city.
        PrecedentWithdrawn: it was taken back before.
        OpinionRefused: no reason was given.
    """
    said = precedents_seen_by(by).select_for_update().filter(id=precedent_id).first()
    if said is None or by.role not in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR}:
        raise PrecedentNotFound
    if said.withdrawn_at is not None:
        raise PrecedentWithdrawn
    because = names.check_text(reason, 500)
    if isinstance(because, Fault) or not because:
        wrong = because if isinstance(because, Fault) else Fault("required")
        raise OpinionRefused(errors=(field_error("/reason", wrong),))
    _end(said, because=because, by=by, at=at)
    return said


def _end(said: Precedent, *, because: str, by: Actor, at: datetime) -> None:
    said.withdrawn_at, said.withdrawn_by_name, said.withdrawn_because = at, by.name, because
    said.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_because"])
    PrecedentScope.objects.filter(precedent=said).update(withdrawn_at=at)
    audit.record(actor=by, action="precedent.withdraw", object_type="precedent", object_id=said.id, at=at,
                 reason=because)


def in_force(ruled: Ruled) -> Precedent | None:
    """The precedent that answers this very question today, locked; a general one for any procedure counts too."""
    for item in ruled.scope:
        found = PrecedentScope.objects.select_for_update().filter(
            province_code=ruled.province_code, key=ruled.key, place_code=item.place_code, withdrawn_at=None,
            procedure_code__in=[item.procedure_code, ANY_PROCEDURE]).order_by("-procedure_code").first()
        if found is not None:
            return Precedent.objects.select_for_update().get(id=found.precedent_id)
    return None


def note_uses(route: Route, *, dossier: Dossier, at: datetime) -> None:
    """Count the precedents that a dossier's route rests on or tells of."""
    used = [*([route.precedent] if route.precedent else []), *route.advice]
    PrecedentUse.objects.bulk_create(
        [PrecedentUse(precedent_id=each, dossier=dossier, used_at=at) for each in dict.fromkeys(used)],
        ignore_conflicts=True)


def note_use_of(precedent: Precedent, *, dossier: Dossier, at: datetime) -> None:
    PrecedentUse.objects.bulk_create(
        [PrecedentUse(precedent=precedent, dossier=dossier, used_at=at)], ignore_conflicts=True)


def note_use_by(opinion: Opinion, precedent: Precedent, *, at: datetime) -> None:
    PrecedentUse.objects.bulk_create(
        [PrecedentUse(precedent=precedent, opinion=opinion, used_at=at)], ignore_conflicts=True)


def checked_authority(centre_id: UUID | None, province_code: str) -> agents.CentreInfo:
    """The centre that an answer names.

    Raises:
        OpinionRefused: there is none such in the province.
    """
    try:
        centre = agents.get_centre(centre_id) if centre_id is not None else None
    except agents.CentreNotFound:
        centre = None
    if centre is None or centre.province_code != province_code:
        message = _("Name a centre of the province: its authority is the competent one.")
        raise OpinionRefused(errors=(FieldError("/authority_id", "unknown-centre", message),))
    return centre
