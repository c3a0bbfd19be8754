"""The log book (form 07) as a file: PDF for the archive, XLSX and CSV for further work.

A cell that a spreadsheet would take for a formula is disarmed; the same rows give the same file.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from django.utils.translation import override

from agents import public as agents
from intake.models.papers import LogBook, LogBookFormat
from intake.papers import wording
from intake.papers.render import render_pdf
from intake.queries.log_book import rows_of
from intake.rules.catalogue import ResultChoice
from intake.rules.forms import form_of
from intake.rules.short_names import shortened
from intake.rules.state_words import state_words
from intake.rules.states import Handling
from shared.calendar import local
from shared.formatting import full_stamp, phone
from shared.places import get_place

MOST_ON_PAPER: Final = 3000
COLUMNS: Final = ("Số thứ tự", "Mã hồ sơ", "Thủ tục", "Số bộ", "Chủ hồ sơ", "Địa chỉ", "Điện thoại",
                  "Cơ quan giải quyết", "Ngày nhận", "Hẹn trả", "Ngày trả", "Phương thức trả", "Tình trạng", "Ghi chú")
METHODS: Final = {ResultChoice.HOME: "Qua bưu chính", ResultChoice.COLLECT: "Tại trung tâm",
                  ResultChoice.ELECTRONIC: "Bản điện tử"}
_BOM: Final = "\ufeff"
# A spreadsheet takes these for the beginning of a formula, the full-width ones too (ASVS 1.2.10).
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")


def build(book: LogBook) -> tuple[bytes, int]:
    """The file of a book and how many dossiers it holds."""
    with override("vi"):
        rows = _numbered(book)
        if book.format == LogBookFormat.CSV:
            return _csv(rows)
        return _workbook(rows, book.asked_at) if book.format == LogBookFormat.XLSX else _pdf(book, list(rows))


def _numbered(book: LogBook) -> Iterator[list[str | int]]:
    for number, row in enumerate(rows_of(book), 1):
        yield [number, *_cells(row)]


def _cells(row: dict[str, Any]) -> list[str | int]:
    address = ", ".join(part for part in (row["street"], row["commune"]) if part)
    note = "Gia hạn một lần" if row["extended_at"] else ""
    return [row["code"], row["procedure_name"], row["copies"], row["owner"], address, phone(row["phone"]),
            row["authority"], _stamp(row["received_at"]), _stamp(row["due_at"]), _stamp(row["closed_at"]),
            METHODS[ResultChoice(row["result_choice"])], state_words(Handling(row["handling"])).vi, note]


def _stamp(moment: datetime | None) -> str:
    return full_stamp(moment).replace("\u00a0", " ") if moment is not None else ""


def harmless(cell: str | int) -> str | int:
    """`cell` so that no spreadsheet runs it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv(rows: Iterator[list[str | int]]) -> tuple[bytes, int]:
    out, count = io.StringIO(newline=""), 0
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        count += 1
    return (_BOM + out.getvalue()).encode(), count


def _workbook(rows: Iterator[list[str | int]], made_at: datetime) -> tuple[bytes, int]:
    out, count = io.BytesIO(), 0
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    book.set_properties({"title": "Sổ theo dõi hồ sơ", "created": local(made_at).replace(tzinfo=None)})
    sheet, heavy = book.add_worksheet("Sổ theo dõi"), book.add_format({"bold": True})
    sheet.freeze_panes(1, 2)
    _write(sheet, 0, COLUMNS, heavy)
    for count, row in enumerate(rows, 1):
        _write(sheet, count, [harmless(cell) for cell in row], None)
    book.close()
    return out.getvalue(), count


def _write(sheet: Any, at: int, cells: Sequence[str | int], style: Any) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, int):
            sheet.write_number(at, column, value)
        else:
            sheet.write_string(at, column, value, style)


def _pdf(book: LogBook, rows: list[list[str | int]]) -> tuple[bytes, int]:
    centre = agents.get_centre(book.centre_id)
    place = get_place(centre.commune_code) if centre.commune_code else None
    form = form_of("logbook", book.until_day)
    data = {
        "above": centre.authority_name, "agency": centre.name, "form": form.label if form else "",
        "place_and_day": wording.place_and_day(place.name if place else "", local(book.asked_at).date()),
        "period": f"Từ ngày {book.from_day:%d/%m/%Y} đến ngày {book.until_day:%d/%m/%Y}", "total": len(rows),
        "signer": book.asked_by_name, "rows": [_printed(row) for row in rows]}
    return render_pdf("logbook", data, dated=book.asked_at), len(rows)


def _printed(row: list[str | int]) -> dict[str, str]:
    number, code, procedure, sets, owner, address, line, authority, received, due, returned, method, state, note = (
        str(cell) for cell in row)
    contact = ". ".join(part for part in (address, line) if part)
    return {"number": number, "code": code, "procedure": shortened(procedure, 70), "sets": sets, "owner": owner,
            "contact": contact, "authority": authority, "received": received, "due": due, "returned": returned,
            "method": method, "note": ". ".join(part for part in (state, note) if part)}
