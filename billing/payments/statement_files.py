"""A bank's statement as a file: CSV or XLSX, its columns found by the words of the header. All of it or nothing."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.claims.files.sheets import CellValue, NotASheet, open_sheet
from billing.payments.accounts import accounts_seen_by
from billing.payments.bank import Told, keep_lines
from billing.payments.errors import AccountNotFound, BankFileRefused
from billing.payments.models import BankFile
from billing.payments.records import BankEntry
from shared.actors import Actor
from shared.calendar import LOCAL_ZONE
from shared.errors import ErrorCollector
from shared.money import Money
from shared.problems import told
from shared.text import clean, fold
from shared.transactions import operation

MOST_ROWS: Final = 20_000
MOST_FAULTS: Final = 50
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "booked_at": ("ngay giao dich", "ngay gd", "ngay hach toan", "ngay", "thoi gian", "transaction date", "date",
                  "booking date"),
    "credit": ("ghi co", "so tien ghi co", "phat sinh co", "tien vao", "co", "credit", "credit amount"),
    "debit": ("ghi no", "so tien ghi no", "phat sinh no", "tien ra", "no", "debit", "debit amount"),
    "amount": ("so tien", "so tien giao dich", "amount"),
    "purpose": ("noi dung", "noi dung giao dich", "dien giai", "mo ta", "description", "details", "purpose"),
    "bank_ref": ("so giao dich", "ma giao dich", "so tham chieu", "so but toan", "so ct", "reference", "ref",
                 "transaction id"),
})
_FIELD_OF: Final = {words: name for name, every in _SYNONYMS.items() for words in every}
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_AMOUNT: Final = re.compile(r"[+-]?(\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d{1,15})(?:[.,]00?)?\s*(?:đ|₫|vnd)?", re.IGNORECASE)
_MOMENTS: Final = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
                   "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y")


@operation
def read_statement(*, account_id: UUID, content: bytes, name: str, by: Actor, at: datetime) -> Told:
    """Keep the lines of a statement file. The same file again, under whatever name, adds nothing.

    Raises:
        AccountNotFound: unknown, or another operator's.
        BankFileRefused: it cannot be read, or some of its rows cannot; every one of them is named, nothing is kept.
    """
    account = accounts_seen_by(by).select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    digest = sha256(content).hexdigest()
    kept = BankFile.objects.filter(account=account, sha256=digest).first()
    if kept is not None:
        return Told(kept.lines, 0, 0, 0)
    entries = entries_of(content)
    answer = keep_lines(account, entries, by=by, at=at)
    BankFile.objects.create(account=account, sha256=digest, name=clean(name)[:120], read_at=at, read_by_name=by.name,
                            lines=answer.lines, new_lines=answer.new)
    return answer


def entries_of(content: bytes) -> list[BankEntry]:
    """The lines of a statement; raises BankFileRefused."""
    try:
        sheet = open_sheet(content)
        rows = list(sheet.rows())
    except NotASheet as error:
        raise BankFileRefused(_("Give the statement as CSV or XLSX, as your bank offers it.")) from error
    header = next((at for at, (_number, cells) in enumerate(rows[:30]) if _columns(cells)), None)
    if header is None:
        raise BankFileRefused(_("No row of it names the columns: day, credit or amount, and purpose."))
    if len(rows) > MOST_ROWS:
        raise BankFileRefused(_("It has more than 20,000 rows; give it in parts."))
    columns, wrong = _columns(rows[header][1]), ErrorCollector()
    entries = [entry for number, cells in rows[header + 1:]
               if (entry := _entry(number, cells, columns, wrong)) is not None]
    wrong.errors[MOST_FAULTS:] = []
    wrong.raise_if_any(BankFileRefused, _("Some of its rows cannot be read; nothing was kept."))
    return entries


def _columns(cells: Sequence[CellValue]) -> dict[str, int]:
    """Our field → its column, when the row names a day, money and a purpose."""
    found: dict[str, int] = {}
    for at, value in enumerate(cells):
        if isinstance(value, str) and (name := _FIELD_OF.get(_NO_WORD.sub(" ", fold(value)).strip())):
            found.setdefault(name, at)
    return found if {"booked_at", "purpose"} <= found.keys() and {"credit", "amount"} & found.keys() else {}


def _entry(number: int, cells: Sequence[CellValue], columns: Mapping[str, int],
           wrong: ErrorCollector) -> BankEntry | None:
    def cell(name: str) -> CellValue:
        at = columns.get(name)
        return "" if at is None or at >= len(cells) else cells[at]

    if not any(str(value).strip() for value in cells):
        return None
    booked_at, came, went = _moment(cell("booked_at")), _money(cell("credit")), _money(cell("debit"))
    amount = _money(cell("amount")) if "credit" not in columns else _net(came, went)
    if not str(cell("booked_at")).strip():
        return None  # a sum below the lines, or a signature
    if booked_at is None:
        wrong.add(f"/rows/{number}", "moment", told(_("Row {row}: the day cannot be read."), row=number))
    if amount is None:
        wrong.add(f"/rows/{number}", "amount", told(_("Row {row}: the amount cannot be read."), row=number))
    if booked_at is None or amount is None:
        return None
    return BankEntry(booked_at, Money(amount), clean(str(cell("purpose")))[:300], clean(str(cell("bank_ref")))[:80])


def _net(came: int | None, went: int | None) -> int | None:
    return None if came is None or went is None else came - abs(went)


def _money(value: CellValue) -> int | None:
    """Whole đồng; an empty cell is nothing, and what has a fraction of a đồng is unreadable."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else None
    text = str(value).strip()
    if text in {"", "-"}:
        return 0
    match = _AMOUNT.fullmatch(text)
    return None if match is None else int(re.sub(r"\D", "", match[1])) * (-1 if text.startswith("-") else 1)


def _moment(value: CellValue) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=LOCAL_ZONE)
    if isinstance(value, date):
        return datetime.combine(value, time(), LOCAL_ZONE)
    for form in _MOMENTS:
        try:
            return datetime.strptime(str(value).strip(), form).replace(tzinfo=LOCAL_ZONE)
        except ValueError:
            continue
    return None
