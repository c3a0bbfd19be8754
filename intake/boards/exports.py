"""A board as a file for another system or a spreadsheet: places and numbers, nobody's data."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from intake.boards.reading import By, Line
from intake.boards.rules.counts import MEASURES

type Cell = str | int | float | None

HEAD = ("as_of", "by", "key", "code", "name_vi", "name_en", *MEASURES, "resolved_per_received_percent",
        "in_time_per_resolved_percent", "late_per_in_hand_percent")

_NO_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


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
    """The same rows make the same bytes: the workbook says no moment of its own making."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})
    book.set_properties({"created": _NO_MOMENT})
    sheet = book.add_worksheet("board")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
    book.close()
    return file.getvalue()


def answered(request: HttpRequest, content: bytes, *, content_type: str, cache: str = "private, no-cache",
             modified: datetime | None = None) -> HttpResponse:
    """`content` under a strong tag of its own bytes, or 304 for somebody who has exactly these already."""
    return unless_known(request, HttpResponse(content, content_type=content_type), cache=cache, modified=modified,
                        tag=f'"{sha256(content).hexdigest()[:32]}"')


def unless_known(request: HttpRequest, whole: HttpResponse, *, tag: str, cache: str,
                 modified: datetime | None = None) -> HttpResponse:
    """`whole` with its tag, or 304 when the request says that it has what `tag` stands for."""
    moment = int(modified.timestamp()) if modified is not None else None
    answer = get_conditional_response(request, etag=tag, last_modified=moment, response=whole)
    assert isinstance(answer, HttpResponse)  # noqa: S101  # it was given one
    answer["ETag"], answer["Cache-Control"] = tag, cache
    if modified is not None:
        answer["Last-Modified"] = http_date(modified.timestamp())
    return answer


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t"} else cell
