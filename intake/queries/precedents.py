"""Precedents: which one answers a question, and the register that people search."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, F, Prefetch, Q, QuerySet

from intake.models.opinions import Precedent, PrecedentScope
from intake.rules.questions import ANY_PROCEDURE, KEY_WORDS, VERDICT_WORDS, QuestionKey
from intake.rules.wording import Words
from shared.actors import Actor
from shared.text import fold

MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class PrecedentRef:
    """A precedent as a route names it. `authority_id`: the centre whose authority is competent, if that was asked."""

    id: UUID
    key: str
    verdict: str
    answer: str
    legal_basis: str
    source: str
    valid_from: date
    authority_id: UUID | None
    place_code: str
    place_name: str


def answers_for(*, province_code: str, procedure_code: str, place_codes: Collection[str], on: date,
                at: datetime | None = None) -> list[PrecedentRef]:
    """The precedents of this procedure at one of these places on a day, one for each key, the most particular first.

    `at` limits them to what was known then, for a route that is worked out again.
    """
    codes = [code for code in place_codes if code]
    if not codes:
        return []
    known = PrecedentScope.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on, province_code=province_code,
        procedure_code__in=[procedure_code, ANY_PROCEDURE], place_code__in=codes).exclude(key=QuestionKey.OTHER)
    if at is None:
        known = known.filter(withdrawn_at=None)
    else:
        known = known.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), precedent__made_at__lte=at)
    found = sorted(known.select_related("precedent"), key=lambda scope: (
        scope.procedure_code == ANY_PROCEDURE, codes.index(scope.place_code), scope.precedent_id))
    return [_ref(scope) for scope in {scope.key: scope for scope in reversed(found)}.values()]


def _ref(scope: PrecedentScope) -> PrecedentRef:
    said = scope.precedent
    return PrecedentRef(said.id, said.key, said.verdict, said.answer, said.legal_basis, said.source, said.valid_from,
                        said.authority_id, scope.place_code, scope.place_name)


# --- the register ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrecedentRow:
    """One precedent as people read it."""

    id: UUID
    question: str
    key: Words
    verdict: str
    verdict_words: Words
    answer: str
    authority_name: str
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None
    made_by_name: str
    made_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    withdrawn_because: str
    superseded_by: UUID | None
    scopes: tuple[str, ...]
    procedures: tuple[str, ...]
    uses: int

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None


def precedents_seen_by(actor: Actor) -> QuerySet[Precedent]:
    """Precedents are the city's knowledge: everybody of the province reads them."""
    if not actor.province_code:
        return Precedent.objects.all() if actor.role == "administrator" else Precedent.objects.none()
    return Precedent.objects.filter(province_code=actor.province_code)


def search_precedents(actor: Actor, *, text: str = "", only_in_force: bool = True) -> list[PrecedentRow]:
    """The register, the newest first; `text` is found without accents in question, answer, places and procedures."""
    found = precedents_seen_by(actor)
    if only_in_force:
        found = found.filter(withdrawn_at=None)
    for word in fold(text).split()[:8]:
        found = found.filter(search_key__contains=word)
    return [_row(each) for each in _whole(found).order_by("-made_at", "-id")[:MOST_SHOWN]]


def find_precedent(precedent_id: UUID, actor: Actor) -> PrecedentRow | None:
    said = _whole(precedents_seen_by(actor)).filter(id=precedent_id).first()
    return None if said is None else _row(said)


def rows_of(ids: Sequence[UUID]) -> list[PrecedentRow]:
    """These precedents, whoever asks: they stand in a route that she sees."""
    return [_row(each) for each in _whole(Precedent.objects.filter(id__in=ids)).order_by("key")] if ids else []


def _whole(precedents: QuerySet[Precedent]) -> QuerySet[Any]:
    scopes = Prefetch("scopes", queryset=PrecedentScope.objects.order_by("place_name", "procedure_code"))
    return precedents.annotate(use_count=Count("uses"), authority_name=F("authority__authority_name")).prefetch_related(
        scopes).fetch_mode(FETCH_RAISE)


def _row(said: Any) -> PrecedentRow:
    scopes = list(said.scopes.all())
    return PrecedentRow(
        said.id, said.question, KEY_WORDS[said.key], said.verdict, VERDICT_WORDS[said.verdict], said.answer,
        said.authority_name or "", said.legal_basis, said.source, said.valid_from, said.valid_to, said.made_by_name,
        said.made_at, said.withdrawn_at, said.withdrawn_by_name, said.withdrawn_because, said.superseded_by_id,
        tuple(dict.fromkeys(scope.place_name for scope in scopes)),
        tuple(dict.fromkeys(scope.procedure_name or scope.procedure_code for scope in scopes)), said.use_count)
