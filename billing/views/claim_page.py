"""What a claim's page shows, gathered in a constant number of queries however many rows the file has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from billing.claims.faults import WORDS
from billing.claims.reading_lines import (
    VIEWS,
    ClaimSums,
    ReasonCount,
    page_of_claim,
    summed,
    sums_by_reason,
    unclaimed_page,
)
from billing.claims.wording import reason_help, reason_words, state_words, verdict_words
from billing.models.claims import Claim, ClaimFault, ClaimLine
from billing.models.ledger import Charge
from billing.models.statements import Statement, StatementState
from billing.rules.claims import REASONS, ClaimState
from billing.wording import reason_title
from shared.text import clean
from shared.validation import InvalidRequest

ON_A_PAGE: Final = 40
FAULTS_SHOWN: Final = 100
UNCLAIMED: Final = "unclaimed"


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """`view`: one of VIEWS, a reason, or "unclaimed"; empty: whatever is most worth a look."""

    view: str
    find: str
    cursor: str

    @classmethod
    def of(cls, address: Mapping[str, str]) -> "ClaimAsked":
        """`?xem=exceptions&tim=…&sau=…`."""
        view = address.get("xem", "")
        return cls(view=view if view in VIEWS or view in REASONS or view == UNCLAIMED else "",
                   find=clean(address.get("tim", ""))[:40].upper(), cursor=address.get("sau", "")[:300])

    def address(self) -> dict[str, str]:
        named = {"xem": self.view, "tim": self.find, "sau": self.cursor}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Row:
    line: ClaimLine
    reason: str
    help: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    asked: ClaimAsked
    view: str
    state: str
    sums: ClaimSums
    reasons: list[tuple[ReasonCount, str]]
    rows: list[Row]
    unclaimed: list[tuple[Charge, str]]
    next: str
    month: Statement | None
    faults: list[tuple[ClaimFault, str]]

    @property
    def is_open(self) -> bool:
        """Whether verdicts may still change."""
        return self.month is not None and self.month.state == StatementState.PREPARED


def claim_page(claim: Claim, asked: ClaimAsked) -> ClaimPage:
    is_matched = claim.state == ClaimState.MATCHED
    reasons = sums_by_reason(claim) if is_matched else []
    view = asked.view or ("exceptions" if any(each.reason_code for each in reasons) else "all")
    rows, unclaimed, following = _page(claim, view, asked) if is_matched else ([], [], "")
    return ClaimPage(
        asked=asked, view=view, state=state_words(claim.state), sums=summed(reasons),
        reasons=[(each, reason_words(each.reason_code)) for each in reasons if each.reason_code],
        rows=[Row(line, reason_words(line.reason_code), reason_help(line.reason_code), verdict_words(line.verdict))
              for line in rows],
        unclaimed=[(charge, reason_title(charge)) for charge in unclaimed], next=following,
        month=Statement.objects.filter(province_id=claim.province_id, operator_code=claim.operator_code,
                                       period=claim.period).first(),
        faults=[(each, str(WORDS.get(each.code, each.code)))
                for each in claim.fault_rows.order_by("row", "id")[:FAULTS_SHOWN]] if claim.faults else [])


def _page(claim: Claim, view: str, asked: ClaimAsked) -> tuple[list[ClaimLine], list[Charge], str]:
    try:
        return _read(claim, view, asked, asked.cursor)
    except InvalidRequest:
        return _read(claim, view, asked, "")


def _read(claim: Claim, view: str, asked: ClaimAsked, cursor: str) -> tuple[list[ClaimLine], list[Charge], str]:
    if view == UNCLAIMED and not asked.find:
        charges, following = unclaimed_page(claim, cursor=cursor, limit=ON_A_PAGE)
        return [], charges, following
    lines, following = page_of_claim(claim, view=view, find=asked.find, cursor=cursor, limit=ON_A_PAGE)
    return lines, [], following
