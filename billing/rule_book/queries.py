"""What the rule book shows: versions in their order, drafts on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Q, QuerySet

from billing.errors import PeriodClosed, RuleInForce
from billing.models.rule_book import RuleDraft
from billing.queries.rates import rate_book
from billing.rule_book.cards import cards_of
from billing.rule_book.terms import kept
from billing.rule_book.versions import place_of
from billing.rules.rates import Card, ReductionCard, TariffCard
from billing.rules.rule_book import DraftState, RuleKind
from shared.actors import Actor
from shared.errors import DomainError, Invalid, NotFound
from shared.formatting import speaks_vietnamese

MOST: Final = 100
_OPEN: Final = (DraftState.DRAFT, DraftState.PROPOSED)


@dataclass(frozen=True, slots=True)
class Version:
    """`when`: "now", "later" or "past" on the day it was asked for. `key` tells rules of one kind apart."""

    kind: RuleKind
    card: Card
    when: str

    @property
    def key(self) -> str:
        return key_of(self.card)

    @property
    def name(self) -> str:
        return self.card.name_vi if speaks_vietnamese() else self.card.name_en

    @property
    def address(self) -> str:
        """Names the version among those of its kind."""
        return f"{self.key}{self.card.valid_from:%Y-%m-%d}"


def key_of(card: Card) -> str:
    match card:
        case TariffCard():
            return f"{card.operator_code}-{card.direction}-"
        case ReductionCard():
            return f"{card.beneficiary_class}-"
        case _:
            return ""


def city_of(actor: Actor) -> str:
    """Raises NotFound for somebody who has no city's books."""
    if not actor.province_code:
        raise NotFound
    return actor.province_code


def versions(kind: RuleKind, province_code: str, today: date) -> list[Version]:
    """All versions of a kind, rule by rule, the newest of each first."""
    cards = sorted(cards_of(rate_book(), kind, province_code), key=lambda card: card.valid_from, reverse=True)
    return [Version(kind, card, _when(card, today)) for card in sorted(cards, key=key_of)]


def find_version(kind: RuleKind, address: str, province_code: str, today: date) -> Version | None:
    return next((each for each in versions(kind, province_code, today) if each.address == address), None)


def _when(card: Card, today: date) -> str:
    if card.is_in_force(today):
        return "now"
    return "later" if card.valid_from > today else "past"


def drafts(actor: Actor, kind: str = "") -> QuerySet[RuleDraft]:
    """Those of the actor's city, and proposed or decided ones that bind every city; open ones first."""
    seen = RuleDraft.objects.filter(
        Q(home=city_of(actor)) | (Q(province_code="") & ~Q(state__in=[DraftState.DRAFT, DraftState.WITHDRAWN])))
    if kind:
        seen = seen.filter(kind=kind)
    return seen.order_by("-drafted_at", "-id").fetch_mode(FETCH_RAISE)


def open_drafts(actor: Actor) -> Sequence[RuleDraft]:
    return list(drafts(actor).filter(state__in=_OPEN)[:MOST])


def decided_drafts(actor: Actor, most: int = 12) -> Sequence[RuleDraft]:
    return list(drafts(actor).exclude(state__in=_OPEN)[:most])


def find_draft(actor: Actor, draft_id: UUID) -> RuleDraft | None:
    return drafts(actor).filter(id=draft_id).first()


def in_the_way(draft: RuleDraft, at: datetime) -> DomainError | None:
    """What would refuse the draft if it were proposed or approved now."""
    try:
        place_of(kept(draft.terms), draft.province_code, at=at)
    except (PeriodClosed, RuleInForce, Invalid) as refusal:
        return refusal
    return None
