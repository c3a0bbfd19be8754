"""What is read of disputes. Both sides read the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

from django.db.models import Count, Prefetch, Q, Sum

from agents import public as agents
from billing.disputes.checking import has_engine
from billing.disputes.files import unseal
from billing.disputes.models import Dispute, DisputeEntry, DisputeFile, DisputeLine, DisputeQuerySet, EvidenceCheck
from billing.disputes.rules import (
    ANSWERS,
    EVIDENCE_STATES,
    FINAL,
    OUTCOMES,
    REASONS,
    STATES,
    DisputeState,
    EvidenceState,
    Reason,
    may_open,
)
from billing.errors import DisputeNotFound, EvidenceNotOpen
from billing.rules.words import Words
from shared.actors import Actor
from shared.errors import NotFound
from shared.formatting import speaks_vietnamese
from shared.money import ZERO, Money

AGES: Final = ((3, Words("đến 3 ngày", "up to 3 days")), (7, Words("4–7 ngày", "4–7 days")),
               (14, Words("8–14 ngày", "8–14 days")), (10**6, Words("trên 14 ngày", "over 14 days")))


@dataclass(frozen=True, slots=True)
class Opened:
    """One dispute with everything in it, as every reader sees it."""

    dispute: Dispute
    lines: tuple[DisputeLine, ...]
    entries: tuple[DisputeEntry, ...]
    files: tuple[DisputeFile, ...]
    outlet_name: str

    @property
    def amount(self) -> Money:
        return sum((line.amount for line in self.lines), ZERO)


def listed(actor: Actor, *, view: str = "open", find: str = "") -> DisputeQuerySet:
    """`view`: "open", "mine" (the reader reviews it), "late" is up to the caller's clock, "closed", "all"."""
    rows = Dispute.objects.seen_by(actor)
    if find:
        rows = rows.filter(Q(number=find) | Q(lines__dossier_code=find)).distinct()
    elif view == "mine":
        rows = rows.open().filter(reviewer=actor.id)
    elif view == "closed":
        rows = rows.filter(state__in=[each.value for each in FINAL])
    elif view != "all":
        rows = rows.open()
    return rows.annotate(line_count=Count("lines", distinct=True))


def opened(actor: Actor, dispute_id: UUID) -> Opened:
    """Raises DisputeNotFound. Five queries however much was said."""
    try:
        dispute = Dispute.objects.seen_by(actor).filter(id=dispute_id).first()
    except NotFound:
        dispute = None
    if dispute is None:
        raise DisputeNotFound
    lines = dispute.lines.select_related("charge", "entry").order_by("charge__occurred_at", "id")
    entries = dispute.entries.order_by("said_at", "id")
    looks = Prefetch("checks", EvidenceCheck.objects.defer("view"))
    files = dispute.files.defer("sealed").prefetch_related(looks).order_by("name", "id")
    return Opened(dispute, tuple(lines), tuple(entries), tuple(files), outlet_names([dispute.outlet_id]).get(
        dispute.outlet_id, ""))


def outlet_names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of outlets, in one query; none is asked for none."""
    wanted = {each for each in ids if each is not None}
    return {outlet.id: outlet.name for outlet in agents.outlets_by_id(wanted)} if wanted else {}


def file_of(actor: Actor, file_id: UUID) -> tuple[DisputeFile, str, bytes]:
    """A file of a dispute that `actor` sees, as it was rebuilt by us.

    Raises:
        DisputeNotFound.
        EvidenceNotOpen: nobody has looked at it yet, it is infected, or it cannot be read.
    """
    found, newest = _looked_at(actor, file_id)
    return found, newest.view_type, unseal(bytes(newest.view), found.dispute_id)


def original_of(actor: Actor, file_id: UUID) -> tuple[DisputeFile, str, bytes]:
    """The same file as it was given, byte by byte, to compare with its digest. Raises as `file_of`."""
    found, _newest = _looked_at(actor, file_id)
    return found, found.content_type, unseal(bytes(found.sealed), found.dispute_id)


def _looked_at(actor: Actor, file_id: UUID) -> tuple[DisputeFile, EvidenceCheck]:
    found = DisputeFile.objects.filter(id=file_id, dispute__in=Dispute.objects.seen_by(actor)).first()
    if found is None:
        raise DisputeNotFound
    newest = EvidenceCheck.objects.filter(file=found).order_by("-id").first()
    state = EvidenceState.WAITING if newest is None else EvidenceState(newest.state)
    if newest is None or not may_open(state, has_engine=has_engine()):
        words = EVIDENCE_STATES[state]
        raise EvidenceNotOpen(words.vi if speaks_vietnamese() else words.en, state=str(state))
    return found, newest


def disputes_of(charge_ids: Iterable[UUID]) -> dict[UUID, Dispute]:
    """The newest dispute of each of the lines; one query."""
    rows = (DisputeLine.objects.filter(charge_id__in=list(charge_ids)).select_related("dispute")
            .order_by("dispute__raised_at"))
    return {row.charge_id: row.dispute for row in rows if row.charge_id is not None}


# --- statistics -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of figures."""

    words: Words
    disputes: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the disputes raised in a period, but `ages`, which are of those open now."""

    raised: int
    open: int
    late: int
    median_days: float | None
    """From raising to decision."""
    by_outcome: tuple[Row, ...]
    by_reason: tuple[Row, ...]
    by_state: tuple[Row, ...]
    by_answer: tuple[Row, ...]
    ages: tuple[Row, ...]
    given_back: Money
    """What decisions have added in favour of outlets and operators."""


def statistics(actor: Actor, *, since: datetime, now: datetime) -> Statistics:
    """In a constant number of queries."""
    seen = Dispute.objects.seen_by(actor)
    rows = list(seen.filter(raised_at__gte=since).values_list("outcome", "reason", "state", "answer", "raised_at",
                                                              "decided_at"))
    waiting = list(seen.open().values_list("raised_at", "decide_by"))
    days = [(decided - raised) / timedelta(days=1) for *_rest, raised, decided in rows if decided is not None]
    moved = DisputeLine.objects.filter(dispute__in=seen.filter(raised_at__gte=since)).aggregate(
        amount=Sum("amount"), settled=Sum("settled"))
    return Statistics(
        raised=len(rows), open=len(waiting), late=sum(decide_by < now for _raised, decide_by in waiting),
        median_days=median(days) if days else None,
        by_outcome=_table(Counter(row[0] for row in rows), OUTCOMES),
        by_reason=_table(Counter(row[1] for row in rows), {each.value: REASONS[each] for each in Reason}),
        by_state=_table(Counter(row[2] for row in rows), {each.value: STATES[each] for each in DisputeState}),
        by_answer=_table(Counter(row[3] for row in rows), ANSWERS),
        ages=_ages([now - raised for raised, _decide_by in waiting]),
        given_back=_money(moved["settled"]) - _money(moved["amount"]))


def _table(counted: Counter[str], words: Mapping[str, Words]) -> tuple[Row, ...]:
    return tuple(Row(words[code], count) for code, count in counted.most_common() if code in words)


def _ages(ages: list[timedelta]) -> tuple[Row, ...]:
    rows, from_days = [], -1
    for until, words in AGES:
        rows.append(Row(words, sum(from_days < age.days <= until for age in ages)))
        from_days = until
    return tuple(rows)


def _money(value: Money | int | None) -> Money:
    return value if isinstance(value, Money) else Money(int(value or 0))
