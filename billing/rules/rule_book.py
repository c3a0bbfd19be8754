"""How a rule comes into force: written, proposed, approved by another person. Versions neither overlap nor leave gaps.

A version that is in force is never rewritten: a newer one ends it. Nothing begins inside a month that is closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.errors import DraftNotThere


class RuleKind(StrEnum):
    TARIFF = "tariff"
    REDUCTION = "reduction"
    SUBSIDY = "subsidy"
    NORM = "norm"
    BUDGET = "budget"


BINDS_EVERY_CITY: Final = frozenset({RuleKind.TARIFF, RuleKind.REDUCTION})


class DraftState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DraftAction(StrEnum):
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


S, A = DraftState, DraftAction
TRANSITIONS: Final[Mapping[tuple[DraftState, DraftAction], DraftState]] = MappingProxyType({
    (S.DRAFT, A.PROPOSE): S.PROPOSED,
    (S.DRAFT, A.WITHDRAW): S.WITHDRAWN,
    (S.PROPOSED, A.TAKE_BACK): S.DRAFT,
    (S.PROPOSED, A.APPROVE): S.APPROVED,
    (S.PROPOSED, A.REJECT): S.REJECTED,
})


def next_state(state: DraftState, action: DraftAction) -> DraftState:
    """Raises DraftNotThere: the draft cannot take this step from here."""
    if (state, action) not in TRANSITIONS:
        raise DraftNotThere(state=str(state), action=str(action))
    return TRANSITIONS[state, action]


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one version, half-open; `end` None: until further notice."""

    id: int
    code: str
    begin: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a new version takes its place: which one it ends (`ends`, on the new one's first day), or what is wrong."""

    ends: Span | None = None
    fault: str = ""
    """"", "overlap", "gap", "same-day"."""
    other: Span | None = None


def fit(new_begin: date, new_end: date | None, versions: Iterable[Span]) -> Fit:
    """Put a version behind those that exist.

    An open-ended version, or one that ends later than the new one begins, is ended by it when the new one goes on at
    least as long; anything else that shares a day is an overlap. Days without any version in between are a gap.
    """
    ordered = sorted(versions, key=lambda span: span.begin)
    if same := next((span for span in ordered if span.begin == new_begin), None):
        return Fit(fault="same-day", other=same)
    before = [span for span in ordered if span.begin < new_begin]
    after = [span for span in ordered if span.begin > new_begin]
    return _behind(new_begin, new_end, before) or _in_front(new_begin, new_end, after) or Fit(
        ends=before[-1] if before and before[-1].end != new_begin else None)


def _behind(begin: date, end: date | None, before: Sequence[Span]) -> Fit | None:
    if not before:
        return None
    last = before[-1]
    if last.end is not None and last.end < begin:
        return Fit(fault="gap", other=last)
    outlives = end is not None and (last.end is None or last.end > end)
    return Fit(fault="overlap", other=last) if outlives else None


def _in_front(_begin: date, end: date | None, after: Sequence[Span]) -> Fit | None:
    if not after:
        return None
    following = after[0]
    if end is None or end > following.begin:
        return Fit(fault="overlap", other=following)
    return Fit(fault="gap", other=following) if end < following.begin else None
