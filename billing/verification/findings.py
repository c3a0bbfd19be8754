"""What a look through the books finds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

MOST_OF_A_KIND: Final = 1000
MOST_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `sequence` is its place in its chain, where it has one."""

    kind: str
    reference: str = ""
    """Id of the line, group, entry, statement or checkpoint."""
    sequence: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        place = "" if self.sequence is None else f"no. {self.sequence}"
        return " ".join(part for part in (self.kind, place, self.reference, self.detail) if part)


@dataclass(slots=True)
class Report:
    """Everything that one look found, and how far it looked."""

    lines: int = 0
    entries: int = 0
    checkpoints: int = 0
    groups: int = 0
    sum_vnd: int = 0
    """Of all postings; 0 when the books balance."""
    unsealed: int = 0
    """Lines that stand in the books and in no chain yet."""
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, findings: Iterable[Finding]) -> None:
        """Keep at most MOST_OF_A_KIND of each kind, and count the rest."""
        for finding in findings:
            self.counts[finding.kind] += 1
            if self.counts[finding.kind] <= MOST_OF_A_KIND:
                self.findings.append(finding)

    @property
    def is_sound(self) -> bool:
        return not self.findings and self.sum_vnd == 0

    @property
    def found(self) -> int:
        return sum(self.counts.values())

    @property
    def first(self) -> Finding | None:
        """The bad row that comes first in its chain; whatever has no place comes after."""
        return min(self.findings, key=_place, default=None)

    def in_order(self) -> list[Finding]:
        return sorted(self.findings, key=_place)


def _place(finding: Finding) -> tuple[bool, int]:
    return finding.sequence is None, finding.sequence or 0
