"""A board as a file for another system or a spreadsheet: places and numbers, nobody's data."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from hashlib import sha256
from io import BytesIO, StringIO

import xlsxwriter

from intake.boards.reading import By, Line
from intake.boards.rules.counts import MEASURES, Counts

type Cell = str | int | float | None

HEAD = ("as_of", "by", "key", "code", "name_vi", "name_en", *MEASURES, "resolved_per_received_percent",
        "in_time_per_resolved_percent", "late_per_in_hand_percent")


def rows_of(lines: Iterable[Line], *, by: By, as_of: str) -> Iterable[Sequence[Cell]]:
    yield HEAD
    for line in lines:
        yield (as_of, by.name.lower(), line.key, line.code, line.name.vi, line.name.en, *astuple(line.count),
               *(None if rate is None else round(rate, 1)
                 for rate in (line.count.rate, line.count.in_time_rate, line.count.late_rate)))


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """With a byte order mark, so that a spreadsheet reads Vietnamese; no cell is taken for a formula."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def as_workbook(rows: Iterable[Sequence[Cell]]) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})
    sheet = book.add_worksheet("board")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
    book.close()
    return file.getvalue()


def etag_of(keys: Sequence[str], counts: Sequence[Counts], kind: str) -> str:
    """The same figures have the same tag, whatever the moment they were asked at."""
    return f'"{sha256(repr((kind, list(keys), [astuple(each) for each in counts])).encode()).hexdigest()[:32]}"'


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t"} else cell
