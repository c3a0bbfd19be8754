"""How far the books are sealed and signed, and what the last looks through them found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery

from billing.chain.sealing import LINES, LOOKS_BACK, head
from billing.models.ledger import Charge
from billing.models.seals import Checkpoint, LineSeal, OutletDay, SigningKey, Verification
from billing.queries.books import Books

A_COMMIT: Final = timedelta(minutes=1)
"""No transaction of a web request or a worker's step lives longer."""
_MOST_CHECKPOINTS: Final = 2**31 - 1
TAIL_COUNTED: Final = 10_000
"""More lines than so many are not counted: the sealer stands still."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where the chain of lines ends now."""

    sealed: int
    """Sequence of the last sealed line."""
    sealed_at: datetime | None
    unsealed: int
    """Lines the reader sees that wait for their seal; at most TAIL_COUNTED."""
    signed: int
    """Sequence of the last line that a checkpoint covers."""
    last: Checkpoint | None

    @property
    def unsigned(self) -> int:
        """Sealed and waiting for tonight's checkpoint."""
        return self.sealed - self.signed

    @property
    def more_unsealed(self) -> bool:
        return self.unsealed >= TAIL_COUNTED


def chain_state(books: Books) -> ChainState:
    """Three queries. The tail is of the reader's own books."""
    end, last = head(LINES), last_checkpoint()
    return ChainState(end.sequence, end.sealed_at, _tail(books, end.sealed_at), 0 if last is None else last.lines, last)


def _tail(books: Books, sealed_at: datetime | None) -> int:
    seals = LineSeal.objects.filter(line_id=OuterRef("id"))
    lines = Charge.objects.filter(books.lines)
    if sealed_at is not None:
        # Ids grow with time: what is older is sealed, or found by the night's whole look.
        lines = lines.filter(id__gte=UUID(int=int((sealed_at - LOOKS_BACK).timestamp() * 1000) << 80))
    return lines.filter(~Exists(seals))[:TAIL_COUNTED].count()


def last_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-number").first()


def find_checkpoint(number: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(number=number).first() if number <= _MOST_CHECKPOINTS else None


def checkpoints() -> QuerySet[Checkpoint]:
    """Newest first. A checkpoint tells counts and digests, and nothing of any person."""
    return Checkpoint.objects.order_by("-number")


def signing_keys() -> list[SigningKey]:
    """Oldest first: the first stands by itself, each other is vouched for by the one before it."""
    return list(SigningKey.objects.order_by("since", "key_id"))


def verifications() -> QuerySet[Verification]:
    return Verification.objects.order_by("-asked_at", "-id")


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line's place in the chain, and the first checkpoint that covers it, once it is signed."""

    sequence: int
    commitment: str
    salt: UUID
    checkpoint: int | None
    code: str
    day: date | None


def place_of(line_id: UUID) -> LinePlace | None:
    """One query. None while the line waits for its seal."""
    covering = Checkpoint.objects.filter(lines__gte=OuterRef("sequence")).order_by("number")
    found = LineSeal.objects.filter(line_id=line_id).annotate(
        number=Subquery(covering.values("number")[:1]), code=Subquery(covering.values("code")[:1]),
        day=Subquery(covering.values("day")[:1]))
    seal = found.values_list("sequence", "commitment", "salt", "number", "code", "day").first()
    if seal is None:
        return None
    sequence, commitment, salt, number, code, day = seal
    return LinePlace(sequence, bytes(commitment).hex(), salt, number, code or "", day)


def seal_of_month(*, is_open: bool, prepared_at: datetime | None) -> Checkpoint | None:
    """The checkpoint whose code stands for a month: of a closed one the first that covers all of its lines.

    A closed month takes no lines, so whatever it has was committed when it was prepared, or within A_COMMIT of it.
    """
    if is_open or prepared_at is None:
        return last_checkpoint()
    return Checkpoint.objects.filter(signed_at__gt=prepared_at + A_COMMIT).order_by("number").first()


def outlet_days(books: Books) -> QuerySet[OutletDay]:
    """The signed daily statements of one outlet, of an operator's outlets or of a city's; newest first."""
    return OutletDay.objects.filter(books.lines).select_related("checkpoint").order_by("-id")


def days_of_month(books: Books, outlet_id: UUID, period: date) -> list[OutletDay]:
    """Every signed day of one outlet from which its month can be rebuilt, oldest first: also those between.

    Four queries. Lines of a month are signed on the day they were entered, which may be in a later month.
    """
    found = Charge.objects.filter(books.lines, outlet_id=outlet_id, period=period).aggregate(
        first=Min("seal__sequence"), last=Max("seal__sequence"))
    if found["first"] is None:
        return []
    begin = Checkpoint.objects.filter(lines__gte=found["first"]).order_by("number").first()
    if begin is None:
        return []
    end = Checkpoint.objects.filter(lines__gte=found["last"]).order_by("number").first()
    days = outlet_days(books).filter(outlet_id=outlet_id, checkpoint__gte=begin.number)
    return list((days if end is None else days.filter(checkpoint__lte=end.number)).order_by("number"))


def kinds_found(findings: Iterable[list[object]]) -> list[tuple[str, str, str]]:
    """Kind, place in the chain and reference of each kept finding."""
    return [(str(kind), "" if sequence is None else str(sequence), str(reference))
            for kind, sequence, reference, _detail in findings]
