"""What an exported claim says of each of its lines: the file's own row, what was claimed, admitted, and why."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from billing.claims.reading_lines import lines_in_view
from billing.claims.wording import reason_words
from billing.exports.columns import Cell, cell
from billing.models.claims import Claim

COLUMNS: Final = ("row", "item", "parcel_number", "dossier_code", "direction", "claimed", "owed", "admitted", "verdict",
                  "reason_code", "reason")
_AMOUNTS: Final = (5, 6, 7)
_CHUNK: Final = 5000


class ClaimTable:
    """Header, the lines in the file's order, their number and sums, and SHA-256 over what was given out."""

    def __init__(self, claim: Claim, view: str) -> None:
        self._lines = lines_in_view(claim, view).order_by("row").values_list(*COLUMNS[:-1])
        self._sums = dict.fromkeys(_AMOUNTS, 0)
        self._digest = sha256()
        self.count = 0

    def __iter__(self) -> Iterator[list[Cell]]:
        yield list(COLUMNS)
        for line in self._lines.iterator(_CHUNK):
            row = [*(cell(value) if at else int(value) for at, value in enumerate(line)), reason_words(line[9])]
            self._count_in(row)
            yield row
        yield ["TOTAL", self.count, *[self._sums.get(at, "") for at in range(2, len(COLUMNS))]]
        yield ["SHA-256", self._digest.hexdigest(), *[""] * (len(COLUMNS) - 2)]

    def _count_in(self, row: list[Cell]) -> None:
        self.count += 1
        self._digest.update("\t".join(map(str, row)).encode() + b"\n")
        for at in _AMOUNTS:
            self._sums[at] += int(row[at])
