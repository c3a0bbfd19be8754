"""Receipts of an outlet: the day with its sum and its proof, what is not matched, and the numbers allotted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, Q, QuerySet

from intake.errors import ReceiptNotFound
from intake.models.receipts import OutletRange, Receipt, ReceiptDelegation, ReceiptSeries
from intake.rules.receipts import RECEIPT_WORDS, SERIES_WORDS, VOID_REASONS, ReceiptState, SeriesKind, written
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.roles import Role

MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt as lists show it."""

    id: UUID
    number: str
    symbol: str
    form_symbol: str
    kind: SeriesKind
    state: ReceiptState
    state_words: Words
    dossier_id: UUID | None
    reference: str
    payer_name: str
    amount: int
    collected_at: datetime
    issued_by: str
    issued_by_name: str
    void_words: Words | None
    void_note: str
    voided_at: datetime | None
    voided_by_name: str
    is_printable: bool

    @property
    def is_live(self) -> bool:
        return self.state == ReceiptState.ISSUED


@dataclass(frozen=True, slots=True)
class RangeProof:
    """One range of an outlet and what became of each number: `gaps` is 0, or something is very wrong."""

    id: UUID
    kind: SeriesKind
    kind_words: Words
    symbol: str
    form_symbol: str
    year: int
    agency_name: str
    outlet_id: UUID
    outlet_name: str
    first: str
    next: str
    next_number: int
    last: str
    used: int
    counted: int
    live: int
    void: int
    spoiled: int
    left: int

    @property
    def gaps(self) -> int:
        """Numbers passed over without a row."""
        return self.used - self.counted


@dataclass(frozen=True, slots=True)
class ReceiptDay:
    """What an outlet collected on a day. Sums hold what is live."""

    day: date
    rows: tuple[ReceiptRow, ...]
    voids: tuple[ReceiptRow, ...]
    """Voided on this day, whenever they were issued."""
    unmatched: tuple[ReceiptRow, ...]
    """Written by hand, of any day, and not yet matched."""
    ranges: tuple[RangeProof, ...]
    issued: int
    total: int
    """Đồng of the live receipts of the day."""

    @property
    def voided(self) -> int:
        return len(self.voids)

    @property
    def gaps(self) -> int:
        return sum(each.gaps for each in self.ranges)

    @property
    def unmatched_total(self) -> int:
        return sum(row.amount for row in self.unmatched)


def receipt_day(actor: Actor, day: date) -> ReceiptDay:
    """The day of all outlets in the actor's scope; the same few questions however many receipts."""
    begin, end = at_local(day, time(0)), at_local(day + timedelta(days=1), time(0))
    seen = _shown(Receipt.objects.seen_by(actor))
    of_day = Q(collected_at__gte=begin, collected_at__lt=end)
    voided = Q(voided_at__gte=begin, voided_at__lt=end)
    found = [_row(each) for each in seen.filter(of_day | voided).order_by("series_id", "number")[:MOST_ROWS]]
    rows = tuple(row for row in found if begin <= row.collected_at < end)
    return ReceiptDay(
        day=day, rows=rows,
        voids=tuple(row for row in found if row.voided_at is not None and begin <= row.voided_at < end),
        unmatched=tuple(_row(each) for each in _shown(Receipt.objects.seen_by(actor).unmatched())
                        .order_by("collected_at")[:MOST_ROWS]),
        ranges=range_proofs(actor, year=day.year),
        issued=sum(row.state != ReceiptState.SPOILED for row in rows),
        total=sum(row.amount for row in rows if row.is_live))


def find_receipt(receipt_id: UUID, *, actor: Actor) -> ReceiptRow:
    """Raises ReceiptNotFound."""
    found = _shown(Receipt.objects.seen_by(actor)).filter(id=receipt_id).first()
    if found is None:
        raise ReceiptNotFound
    return _row(found)


def replacement_of(receipt_id: UUID, *, actor: Actor) -> ReceiptRow | None:
    """What was written in the place of a void receipt."""
    found = _shown(Receipt.objects.seen_by(actor)).filter(replaces_id=receipt_id).first()
    return _row(found) if found is not None else None


def receipt_of(dossier_id: UUID, *, actor: Actor) -> ReceiptRow | None:
    """The live receipt of a dossier."""
    found = _shown(Receipt.objects.seen_by(actor).live()).filter(dossier_id=dossier_id).first()
    return _row(found) if found is not None else None


def unmatched_count(actor: Actor) -> int:
    """What the rail shows."""
    return Receipt.objects.seen_by(actor).unmatched().count()


def _shown(receipts: "QuerySet[Receipt]") -> "QuerySet[Receipt]":
    return receipts.select_related("series", "dossier").fetch_mode(FETCH_RAISE)


def _row(receipt: Receipt) -> ReceiptRow:
    dossier = receipt.dossier
    reason = VOID_REASONS.get(receipt.void_reason)
    state = ReceiptState(receipt.state)
    return ReceiptRow(
        id=receipt.id, number=written(receipt.number), symbol=receipt.series.symbol,
        form_symbol=receipt.series.form_symbol, kind=SeriesKind(receipt.series.kind), state=state,
        state_words=RECEIPT_WORDS[state], dossier_id=receipt.dossier_id,
        reference=(dossier.code or dossier.agent_ref) if dossier is not None else "", payer_name=receipt.payer_name,
        amount=receipt.amount.amount, collected_at=receipt.collected_at, issued_by=receipt.issued_by,
        issued_by_name=receipt.issued_by_name, void_words=reason.words if reason else None,
        void_note=receipt.void_note, voided_at=receipt.voided_at, voided_by_name=receipt.voided_by_name,
        is_printable=bool(receipt.paper))


def range_proofs(actor: Actor, *, year: int) -> tuple[RangeProof, ...]:
    """Every range of a year in the actor's scope with what became of its numbers; one question."""
    of_state = {name: Count("receipts", filter=Q(receipts__state__in=states)) for name, states in (
        ("live_n", ["issued"]), ("void_n", ["cancelled", "replaced"]), ("spoiled_n", ["spoiled"]))}
    ranges = (OutletRange.objects.seen_by(actor).filter(series__year=year)
              .select_related("series__delegation", "outlet").fetch_mode(FETCH_RAISE)
              .annotate(counted=Count("receipts"), **of_state).order_by("outlet__code", "series__kind", "first"))
    return tuple(_proof(each) for each in ranges)


def _proof(each: OutletRange) -> RangeProof:
    series = each.series
    counted: dict[str, int] = {name: getattr(each, name) for name in ("counted", "live_n", "void_n", "spoiled_n")}
    return RangeProof(
        id=each.id, kind=SeriesKind(series.kind), kind_words=SERIES_WORDS[series.kind], symbol=series.symbol,
        form_symbol=series.form_symbol, year=series.year, agency_name=series.delegation.agency_name,
        outlet_id=each.outlet_id, outlet_name=each.outlet.name, first=written(each.first), next=written(each.next),
        next_number=each.next, last=written(each.last), used=each.next - each.first, counted=counted["counted"],
        live=counted["live_n"], void=counted["void_n"], spoiled=counted["spoiled_n"], left=each.left)


# --- delegations ----------------------------------------------------------------------------------------------------


def delegations_seen_by(actor: Actor) -> "QuerySet[ReceiptDelegation]":
    """An operator's own, a centre's own, a city's."""
    found = ReceiptDelegation.objects.all()
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        assert actor.operator_id is not None  # noqa: S101  # what the role is bound to
        return found.filter(operator_id=actor.operator_id)
    return found.filter(province_code=actor.province_code) if actor.province_code else found.none()


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """A series of a delegation with how many of its numbers are allotted."""

    id: UUID
    kind: SeriesKind
    kind_words: Words
    form_symbol: str
    symbol: str
    year: int
    first: int
    last: int
    ranges: tuple[RangeProof, ...]

    @property
    def allotted(self) -> int:
        return sum(each.used + each.left for each in self.ranges)

    @property
    def unallotted(self) -> int:
        return self.last - self.first + 1 - self.allotted


@dataclass(frozen=True, slots=True)
class DelegationShown:
    """A delegation with its series."""

    delegation: ReceiptDelegation
    centre_name: str
    operator_name: str
    is_in_force: bool
    series: tuple[SeriesShown, ...]


def delegations(actor: Actor, now: datetime) -> tuple[DelegationShown, ...]:
    """All delegations in sight, newest first, each with its series and their ranges; four questions."""
    found = list(delegations_seen_by(actor).select_related("centre", "operator").fetch_mode(FETCH_RAISE)
                 .order_by("-valid_from", "number"))
    series = list(ReceiptSeries.objects.filter(delegation__in=found).order_by("-year", "kind", "symbol"))
    proofs = _proofs_by_series(actor, series)
    return tuple(_delegation(each, [row for row in series if row.delegation_id == each.id], proofs, local(now).date())
                 for each in found)


def _proofs_by_series(actor: Actor, series: Sequence[ReceiptSeries]) -> dict[UUID, list[RangeProof]]:
    of_state = {name: Count("receipts", filter=Q(receipts__state__in=states)) for name, states in (
        ("live_n", ["issued"]), ("void_n", ["cancelled", "replaced"]), ("spoiled_n", ["spoiled"]))}
    ranges = (OutletRange.objects.seen_by(actor).filter(series__in=series)
              .select_related("series__delegation", "outlet").fetch_mode(FETCH_RAISE)
              .annotate(counted=Count("receipts"), **of_state).order_by("first"))
    found: dict[UUID, list[RangeProof]] = {}
    for each in ranges:
        found.setdefault(each.series_id, []).append(_proof(each))
    return found


def _delegation(each: ReceiptDelegation, series: Sequence[ReceiptSeries], proofs: dict[UUID, list[RangeProof]],
                today: date) -> DelegationShown:
    in_term = each.valid_from <= today and (each.valid_to is None or today < each.valid_to)
    return DelegationShown(
        delegation=each, centre_name=each.centre.name, operator_name=each.operator.name,
        is_in_force=in_term and each.published_at is not None and each.ended_at is None,
        series=tuple(SeriesShown(
            row.id, SeriesKind(row.kind), SERIES_WORDS[row.kind], row.form_symbol, row.symbol, row.year, row.first,
            row.last, tuple(proofs.get(row.id, ()))) for row in series))
