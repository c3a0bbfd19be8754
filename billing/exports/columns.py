"""What an exported month says of each line, and how a cell is kept from being a formula.

The digest stands beside each line: who repeats the recipe of billing/rules/digests.py over the file, without the
apostrophe that disarms a formula, gets each line's and then the statement's.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet

from billing.models.ledger import Charge
from billing.queries.digests import LineDigest
from billing.queries.lines import ORDER
from billing.rules.digests import FIELDS, as_hashed
from shared.money import Money

COLUMNS: Final = (*FIELDS, "digest")
# A spreadsheet takes these for the beginning of a formula, the full-width ones too (ASVS 1.2.10).
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_CHUNK: Final = 2000

type Cell = str | int


class Table:
    """A month's rows, header first, closing with their number, their sums and their digest.

    Totals are counted from the very rows that are given out, so that a file never says something else than it holds.
    """

    def __init__(self, lines: QuerySet[Charge]) -> None:
        self._lines = lines.annotate(digest=LineDigest()).order_by(*ORDER).values_list(*COLUMNS)
        self._sums: dict[int, int] = {}
        self._digest = sha256()
        self._count = 0

    @property
    def count(self) -> int:
        """Rows given out so far."""
        return self._count

    @property
    def digest(self) -> str:
        """Of the rows given out so far."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[list[Cell]]:
        yield list(COLUMNS)
        for line in self._lines.iterator(_CHUNK):
            self._count_in(line)
            yield [cell(value) for value in line]
        yield self._totals()
        yield ["SHA-256", self.digest, *[""] * (len(COLUMNS) - 2)]

    def _count_in(self, line: tuple[object, ...]) -> None:
        self._count += 1
        self._digest.update(bytes.fromhex(str(line[-1])))
        for column, value in enumerate(line):
            if isinstance(value, Money):
                self._sums[column] = self._sums.get(column, 0) + value.amount

    def _totals(self) -> list[Cell]:
        totals: list[Cell] = [self._sums.get(column, "") for column in range(len(COLUMNS))]
        totals[0], totals[1] = "TOTAL", self._count
        return totals


def cell(value: object) -> Cell:
    """Amounts are numbers; everything else is text that no spreadsheet will run."""
    plain = as_hashed(value)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain
