"""How far the books are sealed and signed, and what the last looks through them found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from billing.chain.sealing import LINES, LOOKS_BACK, head
from billing.models.ledger import Charge
from billing.models.seals import Checkpoint, LineSeal, OutletDay, SigningKey, Verification
from billing.queries.books import Books

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
    """A line's place in the chain, and the first checkpoint that covers it."""

    sequence: int
    commitment: str
    checkpoint: Checkpoint | None


def place_of(line_id: UUID) -> LinePlace | None:
    """None while the line waits for its seal."""
    seal = LineSeal.objects.filter(line_id=line_id).first()
    if seal is None:
        return None
    covering = Checkpoint.objects.filter(lines__gte=seal.sequence).order_by("number").first()
    return LinePlace(seal.sequence, bytes(seal.commitment).hex(), covering)


def outlet_days(books: Books) -> QuerySet[OutletDay]:
    """The signed daily statements of one outlet, of an operator's outlets or of a city's; newest first."""
    return OutletDay.objects.filter(books.lines).select_related("checkpoint").order_by("-id")


def kinds_found(findings: Iterable[list[object]]) -> list[tuple[str, str, str]]:
    """Kind, place in the chain and reference of each kept finding."""
    return [(str(kind), "" if sequence is None else str(sequence), str(reference))
            for kind, sequence, reference, _detail in findings]
