"""How citizens were served, place by place: counts first, and no verdict on a handful."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q

from intake.models.dossiers import Dossier
from intake.rules.wording import Words
from intake.satisfaction.models import MoneyReport, Satisfaction
from intake.satisfaction.operations import is_rateable
from intake.satisfaction.rules import CONTENT, MONEY_AT, QUESTIONS, share
from shared.actors import Actor
from shared.roles import OUTLET_ROLES, Role

MOST_PLACES: Final = 300
MOST_REPORTS: Final = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One question: how many answered, how many satisfied; `percent` is None for too few."""

    words: Words
    answered: int
    content: int

    @property
    def percent(self) -> int | None:
        return share(self.content, self.answered)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    id: UUID | None
    name: str
    answered: int
    cells: tuple[Cell, ...]
    """In the order of QUESTIONS."""

    @property
    def is_few(self) -> bool:
        return share(0, self.answered) is None


@dataclass(frozen=True, slots=True)
class Results:
    total: PlaceRow
    outlets: tuple[PlaceRow, ...]
    centres: tuple[PlaceRow, ...]
    asked_for_money: int | None
    """How many said so; None for an outlet, which could guess who."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report about money, with what our books say."""

    id: UUID
    dossier_id: UUID
    reference: str
    outlet_name: str
    centre_name: str
    where: Words
    amount: int | None
    words: str
    receipts: dict[str, Any]
    reported_at: datetime
    settled_at: datetime | None
    settled_by: str
    outcome: str


def results(actor: Actor, *, since: datetime) -> Results:
    """What was answered about the places that `actor` answers for; three or four queries."""
    rows = Satisfaction.objects.seen_by(actor).filter(answered_at__gte=since)
    is_outlet = actor.role in OUTLET_ROLES
    centres = () if is_outlet or actor.role == Role.OPERATOR_HQ else _by_place(rows, "centre")
    money = None if is_outlet or actor.role == Role.OPERATOR_HQ else rows.filter(was_asked_for_money=True).count()
    whole = rows.aggregate(n=Count("pk"), **_counts())
    return Results(_row(None, "", whole), _by_place(rows, "outlet"), centres, money)


def _counts() -> dict[str, Count]:
    answered = {f"{name}_n": Count(name) for name in QUESTIONS}
    return answered | {f"{name}_ok": Count(name, filter=Q(**{f"{name}__gte": CONTENT})) for name in QUESTIONS}


def _by_place(rows: Any, place: str) -> tuple[PlaceRow, ...]:
    placed = rows.exclude(**{place: None}).order_by().values(place_id=F(f"{place}_id"), name=F(f"{place}__name"))
    grouped = placed.annotate(n=Count("pk"), **_counts()).order_by("-n", "name")[:MOST_PLACES]
    return tuple(_row(each["place_id"], each["name"], each) for each in grouped)


def _row(place_id: UUID | None, name: str, counted: dict[str, Any]) -> PlaceRow:
    cells = tuple(Cell(words, counted[f"{question}_n"], counted[f"{question}_ok"])
                  for question, words in QUESTIONS.items())
    return PlaceRow(place_id, name, counted["n"], cells)


def reports(actor: Actor) -> Sequence[Report]:
    """Open reports about money first; empty for whom they are not meant."""
    seen = MoneyReport.objects.seen_by(actor).annotate(
        agent_ref=F("dossier__agent_ref"), code=F("dossier__code"), outlet_name=F("dossier__outlet__name"),
        centre_name=F("centre__name"))
    found: list[Any] = list(seen.order_by(F("settled_at").asc(nulls_first=True), "-reported_at")[:MOST_REPORTS])
    return [Report(each.id, each.dossier_id, each.code or each.agent_ref, each.outlet_name or "",
                   each.centre_name or "", MONEY_AT[each.asked_at], each.amount,
                   each.words, each.receipts, each.reported_at, each.settled_at, each.settled_by_name, each.outcome)
            for each in found]


def is_asked(dossier_id: UUID) -> bool:
    """Whether the citizen may still answer about this dossier."""
    found = Dossier.objects.filter(id=dossier_id).values_list("handling", "result").first()
    return found is not None and is_rateable(*found) and not Satisfaction.objects.filter(dossier_id=dossier_id).exists()
