"""The cells of a CSV file or a workbook, row by row, as values only: no formula runs, nothing outside is opened."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from billing.claims.files.encodings import Decoded, decode
from billing.claims.files.header import find_header

type CellValue = str | int | float | bool | date | datetime | time | timedelta

DELIMITERS: Final = (",", ";", "\t", "|")
_MOST_UNPACKED: Final = 256 * 1024 * 1024
_XML_HEAD: Final = 2048
_LONGEST_CELL: Final = 10_000
_PEEK: Final = 30


class NotASheet(Exception):
    """The file as a whole cannot be read; `code` is one of billing.claims.faults."""

    def __init__(self, code: str, row: int = 0, shown: str = "") -> None:
        super().__init__(code)
        self.code, self.row, self.shown = code, row, shown


@dataclass(slots=True)
class Sheet:
    """`rows` gives the row's own number and its cells; facts say how it was opened."""

    format: str
    facts: dict[str, object] = field(default_factory=dict)
    peek: list[list[CellValue]] = field(default_factory=list)
    """The first rows, to find the header in."""
    _text: str = ""
    _delimiter: str = ","
    _cells: Iterator[tuple[int, list[CellValue]]] | None = None

    def rows(self) -> Iterator[tuple[int, list[CellValue]]]:
        """Once. Raises NotASheet where the quoting breaks."""
        if self._cells is not None:
            return self._cells
        return _csv_rows(self._text, self._delimiter)


def open_sheet(content: bytes) -> Sheet:
    """Raises NotASheet: it is neither a CSV file nor a workbook, or one that nobody should open."""
    if not content.strip(b"\x00 \r\n\t"):
        raise NotASheet("empty-file")
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotASheet("old-workbook")
    if content[:5] in {b"%PDF-", b"{\\rtf"} or content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise NotASheet("not-a-table")
    return _csv(decode(content))


# --- CSV ------------------------------------------------------------------------------------------------------------


def _csv(decoded: Decoded) -> Sheet:
    delimiter = _delimiter(decoded.text)
    facts: dict[str, object] = {"encoding": decoded.encoding, "score": decoded.score, "delimiter": delimiter}
    sheet = Sheet("csv", facts, _text=decoded.text, _delimiter=delimiter)
    for _row, cells in _csv_rows(decoded.text[:200_000], delimiter, whole=False):
        sheet.peek.append(cells)
        if len(sheet.peek) == _PEEK:
            break
    return sheet


def _delimiter(text: str) -> str:
    """The one under which a header is found; of several the one that cuts the first lines into the most, and the most
    alike, cells.
    """
    lines = [line for line in text[:20_000].splitlines()[:_PEEK] if line.strip()]
    counts = {each: sorted(line.count(each) for line in lines) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: (
        find_header([line.split(each) for line in lines]) is not None,
        counts[each][len(lines) // 2] if lines else 0, counts[each][-1:]))


def _csv_rows(text: str, delimiter: str, *, whole: bool = True) -> Iterator[tuple[int, list[CellValue]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, list(cells)
    except csv.Error as error:
        if whole:
            raise NotASheet("broken-quotes", row=number + 1) from error


# --- XLSX -----------------------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> Sheet:
    has_macros = _checked(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        seen = [each.name for each in book.sheets_metadata
                if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet]
        if not seen:
            raise NotASheet("no-visible-sheet")
        found = book.get_sheet_by_name(seen[0])
    except PasswordError as error:
        raise NotASheet("locked-workbook") from error
    except (CalamineError, ZipError) as error:
        raise NotASheet("broken-workbook") from error
    first = 1 + (found.start[0] if found.start else 0)
    cells = ((first + at, [_short(value) for value in row]) for at, row in enumerate(found.iter_rows()))
    return _peeked(Sheet("xlsx", {"sheet": seen[0][:60], "other_sheets": len(book.sheets_metadata) - 1,
                                  "has_macros": has_macros}), cells)


def _peeked(sheet: Sheet, cells: Iterator[tuple[int, list[CellValue]]]) -> Sheet:
    taken = [row for _at, row in zip(range(_PEEK), cells, strict=False)]
    sheet.peek = [row for _number, row in taken]

    def rows() -> Iterator[tuple[int, list[CellValue]]]:
        yield from taken
        yield from cells

    sheet._cells = rows()  # made here
    return sheet


def _short(value: CellValue) -> CellValue:
    return value[:_LONGEST_CELL] if isinstance(value, str) else value


def _checked(content: bytes) -> bool:
    """Whether it has macros, which nobody runs.

    Raises:
        NotASheet: no workbook, one that unpacks to a flood, or one with a document type (entities).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_UNPACKED or len(packed.infolist()) > 2000:
                raise NotASheet("bomb")
            names = packed.namelist()
            if "xl/workbook.xml" not in names:
                raise NotASheet("not-a-table")
            for name in names:
                if name.endswith((".xml", ".rels")):
                    with packed.open(name) as part:
                        if b"<!DOCTYPE" in part.read(_XML_HEAD):
                            raise NotASheet("bomb")
            return "xl/vbaProject.bin" in names
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise NotASheet("broken-workbook") from error
