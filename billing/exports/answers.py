"""The HTTP answers that carry a month: a streamed CSV, or a workbook made in a temporary file."""

import csv
from collections.abc import Iterator
from typing import IO, Final

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from billing.errors import TooManyLines
from billing.exports.columns import Cell, Table
from billing.exports.workbooks import workbook
from billing.queries.months import StatementInfo, month_lines
from shared.problems import told

MOST_IN_WORKBOOK: Final = 50_000
"""About six seconds of work; longer months come as CSV, which streams."""
_BOM: Final = "\ufeff"


class _Echo:
    """A file for csv.writer whose writing answers the text."""

    def write(self, text: str) -> str:
        return text


def export(info: StatementInfo, kind: str) -> HttpResponseBase:
    """Raises TooManyLines when a workbook would be too long."""
    name = f"wardpost-{info.province_code}-{info.operator_code}-{info.period:%Y-%m}.{kind}"
    if kind == "xlsx":
        return FileResponse(_workbook(info), as_attachment=True, filename=name)
    return StreamingHttpResponse(
        _csv(info), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def _table(info: StatementInfo) -> Iterator[list[Cell]]:
    table = Table(month_lines(province_code=info.province_code, operator_code=info.operator_code, period=info.period))
    yield from table
    if not info.is_open and table.digest != info.digest:
        raise RuntimeError(f"Statement {info.id} no longer has the lines it was prepared with.")


def _csv(info: StatementInfo) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BOM
    for row in _table(info):
        yield str(writer.writerow(row))


def _workbook(info: StatementInfo) -> IO[bytes]:
    if info.sums.lines > MOST_IN_WORKBOOK:
        raise TooManyLines(told(_("{lines} lines: a workbook takes {most}."), lines=info.sums.lines,
                                most=MOST_IN_WORKBOOK))
    return workbook(f"{info.operator_code} {info.period:%Y-%m}", _table(info))
