"""A workbook written row by row: typed amounts, text that no spreadsheet runs, bounded memory."""

from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import IO, Final

import xlsxwriter

from billing.exports.columns import Cell

MOST_ROWS: Final = 1_048_000
"""A sheet has 1,048,576."""


def workbook(title: str, rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """An open temporary file; the caller closes it."""
    file = TemporaryFile()  # noqa: SIM115  # the caller closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})
    sheet = book.add_worksheet(title[:31])
    amount = book.add_format({"num_format": "#,##0"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, column, value, amount)
            else:
                sheet.write_string(at, column, value)
    book.close()
    file.seek(0)
    return file
