"""The open work about money of whoever asks: her city's finance, or her operator's headquarters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from billing.payments.words import said
from billing.queries.books import books_of
from billing.waiting.rules import FAMILY_WORDS, KINDS, OTHER, Family, kind_of
from shared.actors import Actor
from shared.models.oversight import WorkItem
from shared.roles import FINANCE_ROLES, Role

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    item: WorkItem
    words: str
    family: str
    address: str
    days: int
    """Whole days since it was opened."""
    is_late: bool


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """At most 200 rows, the oldest duty first; the counts are over all."""

    rows: tuple[Waiting, ...]
    families: tuple[tuple[str, str, int], ...]
    total: int
    late: int


def waiting(actor: Actor, *, family: str, now: datetime) -> WaitingPage:
    """`family` is one of Family, or empty for all."""
    found = list(_of(actor).order_by("due_at", "id").values_list("id", "kind", "due_at"))
    known = [(own, kind, due) for own, name, due in found if (kind := kind_of(name)) is not None]
    counts = {each: sum(kind.family is each for _, kind, _ in known) for each in Family}
    chosen = [own for own, kind, _ in known if family in {"", kind.family}][:MOST]
    items = WorkItem.objects.filter(id__in=chosen).order_by("due_at", "id")
    return WaitingPage(
        tuple(_row(item, now) for item in items),
        tuple((each.value, said(FAMILY_WORDS[each]), counts[each]) for each in Family if counts[each]),
        len(known), sum(due < now for _, _, due in known))


# --- the parts ------------------------------------------------------------------------------------------------------


def _of(actor: Actor) -> QuerySet[WorkItem]:
    books = books_of(actor)
    is_money = Q(kind__in=list(KINDS))
    for begins in OTHER:
        is_money |= Q(kind__startswith=begins)
    whose = (Q(owner_role__in=sorted(FINANCE_ROLES), owner_place=books.province_code) if books.belong_to_city
             else Q(owner_role=Role.OPERATOR_HQ, owner_place=books.operator_code))
    return WorkItem.objects.filter(is_money, whose, closed_at=None)


def _row(item: WorkItem, now: datetime) -> Waiting:
    kind = kind_of(item.kind)
    assert kind is not None  # noqa: S101  # chosen by its kind
    return Waiting(item, said(kind.words), said(FAMILY_WORDS[kind.family]), _address(item, kind.page, kind.by),
                   max(0, (now - item.opened_at).days), item.due_at < now)


def _address(item: WorkItem, page: str, by: str) -> str:
    own = item.reference if by == "reference" else item.detail.get(by, "") if by else ""
    try:
        return reverse(f"billing:{page}", args=[own] if by else [])
    except NoReverseMatch:
        return reverse("billing:month")
