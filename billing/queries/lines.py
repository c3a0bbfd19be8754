"""The lines of a month, a page at a time, and one line opened into its why."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from billing.models.ledger import Charge, Posting
from billing.queries.books import Books
from billing.queries.chain import LinePlace, place_of
from billing.queries.digests import LineDigest
from billing.rules.plans import COMPENSATION, POSTAGE
from shared.money import Money
from shared.pagination import PageAsked, page_of

ORDER: Final = ("occurred_at", "id")
_POSTAGE: Final = Q(kind=POSTAGE) | Q(kind__startswith=f"{POSTAGE}#")
_WORK: Final = Q(kind__startswith=COMPENSATION)
# What a month is looked at by, besides single reasons.
VIEWS: Final[Mapping[str, Q]] = MappingProxyType({
    "look": ~Q(reason_code="") & _POSTAGE,
    "plain": Q(reason_code="") & _POSTAGE,
    "work": _WORK,
    "other": ~_POSTAGE & ~_WORK,
    "late": Q(evidence__has_key="late_for"),
    "all": Q(),
})


@dataclass(frozen=True, slots=True)
class LegShown:
    name_vi: str
    name_en: str
    account_code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line with its legs, and what took it back or what it takes back."""

    charge: Charge
    digest: str
    legs: tuple[LegShown, ...]
    taken_back_by: UUID | None
    seal: LinePlace | None
    """None while the line waits for its seal."""


def view_of(name: str) -> Q:
    """The condition of a view, or of the single reason called `name`."""
    return VIEWS[name] if name in VIEWS else Q(reason_code=name)


def page_of_lines(month: QuerySet[Charge], *, view: str, find: str, cursor: str,
                  limit: int) -> tuple[list[Charge], str]:
    """Oldest first; `find` is a dossier's code or a parcel's number, and looks at the whole month.

    Raises:
        InvalidRequest: the cursor is none of ours.
    """
    wanted = Q(dossier_code=find) | Q(parcel_number=find) if find else view_of(view)
    return page_of(month.filter(wanted).defer("evidence"), asked=PageAsked(limit=limit, cursor=cursor), order=ORDER)


def find_line(books: Books, line_id: UUID) -> OpenLine | None:
    mirror = Charge.objects.filter(reverses=OuterRef("id")).values("id")
    charge = (Charge.objects.filter(books.lines, id=line_id).select_related("explanation")
              .annotate(digest=LineDigest(), taken_back_by=Subquery(mirror)).first())
    if charge is None:
        return None
    return OpenLine(charge, charge.digest, _legs(charge), charge.taken_back_by, place_of(charge.id))


def _legs(charge: Charge) -> tuple[LegShown, ...]:
    if charge.group_id is None:
        return ()
    legs = Posting.objects.filter(group_id=charge.group_id).select_related("account").order_by("-amount", "id")
    return tuple(LegShown(leg.account.name_vi, leg.account.name_en, leg.account.code, leg.amount) for leg in legs)
