"""Following a chain: one row after another, without a gap, each link made of the one before and what its row says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from billing.verification.findings import Finding


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as it stands in the table."""

    sequence: int
    salt: UUID
    commitment: bytes
    chain: bytes
    row_id: str


@dataclass(slots=True)
class Links:
    """Where the verifier is in a chain; `heads` are what signed checkpoints name."""

    name: str
    sequence: int
    chain: bytes
    heads: Mapping[int, bytes]
    _vouched: int = field(default=0, init=False)
    """The last sequence that a signed checkpoint vouches for."""
    _broken: int = field(default=0, init=False)
    """The first broken link behind it, if any."""

    def __post_init__(self) -> None:
        self._vouched = self.sequence

    def take(self, link: Link, text: str | None) -> Iterator[Finding]:
        """The next seal and what its row says now; None: the row is gone."""
        yield from self._gap(link.sequence)
        if text is None:
            yield Finding(f"{self.name}-missing", link.row_id, link.sequence)
        elif sha256(link.salt.bytes + text.encode()).digest() != link.commitment:
            yield Finding(f"{self.name}-changed", link.row_id, link.sequence)
        if sha256(self.chain + link.commitment).digest() != link.chain:
            self._broken = self._broken or link.sequence
            yield Finding(f"{self.name}-chain-broken", link.row_id, link.sequence)
        self.sequence, self.chain = link.sequence, link.chain
        yield from self._head(link)

    def end(self) -> Iterator[Finding]:
        """Whether the chain is as long as the last checkpoint says."""
        yield from self._gap(max(self.heads, default=0) + 1)

    def _gap(self, following: int) -> Iterator[Finding]:
        if following > self.sequence + 1:
            yield Finding(f"{self.name}-seals-missing", "", self.sequence + 1,
                          f"{following - self.sequence - 1} up to no. {following - 1}")

    def _head(self, link: Link) -> Iterator[Finding]:
        signed = self.heads.get(link.sequence)
        if signed is None:
            return
        if signed != link.chain:
            yield Finding(f"{self.name}-chain-rewritten", link.row_id, self._broken or self._vouched + 1,
                          f"somewhere up to no. {link.sequence}, where a signed checkpoint says otherwise")
        self._vouched, self._broken = link.sequence, 0
