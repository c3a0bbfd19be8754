"""A claim read for a screen, the API or a file: its sums by reason, its lines a page at a time, what is unclaimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from billing.models.claims import CallBack, Claim, ClaimDecision, ClaimLine
from billing.models.ledger import Charge
from billing.queries.books import Books
from billing.rules.claims import REASONS, Verdict
from shared.money import ZERO, Money
from shared.pagination import PageAsked, page_of

VIEWS: Final[Mapping[str, Q]] = MappingProxyType({
    "look": Q(verdict="look"),
    "exceptions": ~Q(reason_code=""),
    "sampled": Q(is_sampled=True),
    "clean": Q(reason_code=""),
    "all": Q(),
})


@dataclass(frozen=True, slots=True)
class ReasonCount:
    reason_code: str
    lines: int
    to_look: int
    claimed: Money
    admitted: Money

    @property
    def difference(self) -> Money:
        return self.claimed - self.admitted


@dataclass(frozen=True, slots=True)
class ClaimSums:
    lines: int = 0
    claimed: Money = ZERO
    admitted: Money = ZERO
    to_look: int = 0
    exceptions: int = 0
    clean: int = 0

    @property
    def difference(self) -> Money:
        return self.claimed - self.admitted


def claims_of(books: Books) -> QuerySet[Claim]:
    return Claim.objects.filter(books.statements)


def lines_in_view(claim: Claim, view: str) -> QuerySet[ClaimLine]:
    """Lines of a view of VIEWS or of one reason."""
    wanted = VIEWS[view] if view in VIEWS else Q(reason_code=view) if view in REASONS else Q()
    return ClaimLine.objects.filter(wanted, claim=claim)


def page_of_claim(claim: Claim, *, view: str, find: str, cursor: str, limit: int) -> tuple[list[ClaimLine], str]:
    """In the file's order; `find` looks for a parcel or dossier in the whole claim.

    Raises:
        InvalidRequest: the cursor is none of ours.
    """
    lines = (ClaimLine.objects.filter(Q(parcel_number=find) | Q(dossier_code=find), claim=claim) if find
             else lines_in_view(claim, view))
    return page_of(lines.defer("facts"), asked=PageAsked(limit=limit, cursor=cursor), order=("row", "id"))


def sums_by_reason(claim: Claim) -> list[ReasonCount]:
    """One pass over the claim."""
    rows = (ClaimLine.objects.filter(claim=claim).values("reason_code")
            .annotate(n=Count("id"), to_look=Count("id", filter=Q(verdict=Verdict.LOOK)), asked=Sum("claimed"),
                      given=Sum("admitted")).order_by("reason_code"))
    order = {code: at for at, code in enumerate(REASONS)}
    found = [ReasonCount(row["reason_code"], row["n"], row["to_look"], row["asked"], row["given"]) for row in rows]
    return sorted(found, key=lambda each: (not each.reason_code, not each.to_look, order.get(each.reason_code, 99)))


def summed(reasons: list[ReasonCount]) -> ClaimSums:
    return ClaimSums(
        sum(each.lines for each in reasons), sum((each.claimed for each in reasons), ZERO),
        sum((each.admitted for each in reasons), ZERO), sum(each.to_look for each in reasons),
        sum(each.lines for each in reasons if each.reason_code),
        sum(each.lines for each in reasons if not each.reason_code))


@dataclass(frozen=True, slots=True)
class OpenClaimLine:
    line: ClaimLine
    charge: Charge | None
    decisions: tuple[ClaimDecision, ...]
    call: CallBack | None


def find_claim_line(books: Books, claim_id: UUID, line_id: int) -> OpenClaimLine | None:
    claims = claims_of(books).filter(id=claim_id)
    line = ClaimLine.objects.filter(claim__in=claims, id=line_id).select_related("claim").first()
    if line is None:
        return None
    charge = (Charge.objects.filter(books.lines, id=line.charge_id).select_related("explanation").first()
              if line.charge_id else None)
    return OpenClaimLine(line, charge, tuple(line.decisions.order_by("id")),
                         CallBack.objects.filter(line_id=line.id).first())


def unclaimed_page(claim: Claim, *, cursor: str, limit: int) -> tuple[list[Charge], str]:
    """Oldest first.

    Raises:
        InvalidRequest: the cursor is none of ours.
    """
    return page_of(unclaimed_lines(claim), asked=PageAsked(limit=limit, cursor=cursor), order=("occurred_at", "id"))


def unclaimed_lines(claim: Claim) -> QuerySet[Charge]:
    """Lines of the month for which the city owes something that the file does not ask for."""
    asked = ClaimLine.objects.filter(claim=claim, charge_id=OuterRef("id"))
    back = Charge.objects.filter(reverses=OuterRef("id"))
    kinds = Q() if ClaimLine.objects.filter(claim=claim).exclude(item="postage").exists() else Q(
        kind__startswith="postage")
    return (Charge.objects.filter(kinds, ~Exists(asked), ~Exists(back), province_code=claim.province_id,
                                  operator_code=claim.operator_code, period=claim.period, reverses=None)
            .annotate(owes=F("city_subsidy") + F("compensation")).filter(owes__gt=0).defer("evidence"))
