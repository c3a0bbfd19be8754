"""One row of a claim file as a `ClaimedRow`, or what is wrong in which of its cells. Nothing is guessed."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from billing.claims.files.encodings import undecodable
from billing.claims.files.header import Header
from billing.claims.files.sheets import CellValue
from billing.rules.claims import MOST_CLAIMED
from billing.rules.compensation import TASKS
from shared.identifiers import is_s10
from shared.text import clean, fold

POSTAGE: Final = "postage"
_PARCEL: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{5,19}", re.ASCII)
_LOOKS_S10: Final = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)
_DOSSIER: Final = re.compile(r"[A-Z0-9][A-Z0-9.\-/]{3,39}", re.ASCII)
_AMOUNT: Final = re.compile(
    r"(\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d{1,12})(?:[.,]0{1,2})?\s*(?:đ|₫|d|vnd|vnđ)?", re.IGNORECASE)
_SEPARATORS: Final = str.maketrans("", "", ".,\u00a0 ")
_DATES: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
                 "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_DIRECTIONS: Final = {"di": "dossier", "chieu di": "dossier", "dossier": "dossier", "out": "dossier", "ve": "result",
                      "chieu ve": "result", "result": "result", "home": "result", "": ""}
_ITEMS: Final = {"": POSTAGE, "postage": POSTAGE, "cuoc": POSTAGE, "cuoc buu chinh": POSTAGE,
                 **{task: task for task in TASKS}, **{fold(words.vi): task for task, words in TASKS.items()},
                 **{fold(words.en): task for task, words in TASKS.items()}}
_TOTALS: Final = frozenset({"tong", "tong cong", "cong", "total", "sum", "tong so"})
_LONGEST_SHOWN: Final = 60


class ClaimedRow(NamedTuple):
    """What one row asks for; dates are local days, the amount whole đồng."""

    row: int
    item: str
    parcel_number: str
    dossier_code: str
    direction: str
    claimed: int
    is_bad_number: bool
    """Looks like UPU S10 and fails its check digit."""
    weight_grams: int | None
    accepted_on: date | None
    delivered_on: date | None
    beneficiary_class: str
    note: str


@dataclass(frozen=True, slots=True)
class Fault:
    row: int
    column: str
    code: str
    shown: str = ""


class WrongCell(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RowReader:
    """Reads rows under one header."""

    def __init__(self, header: Header) -> None:
        self._titles = header.titles
        self._at = header.columns
        self._width = max(header.columns.values()) + 1 + len(header.ignored)

    def is_empty(self, cells: Sequence[CellValue]) -> bool:
        return not any(str(cell).strip() for cell in cells)

    def is_total(self, cells: Sequence[CellValue]) -> bool:
        """A row that adds up what stands above: it says so and names nothing that could be paid."""
        for name in ("parcel_number", "dossier_code"):
            named = str(self._cell(cells, name))
            if named and not named.isspace() and not _is_total_word(named):
                return False
        return any(isinstance(cell, str) and _is_total_word(cell) for cell in cells)

    def total(self, cells: Sequence[CellValue]) -> int | None:
        """What a total row says; None when its amount cannot be read."""
        try:
            return _amount(self._cell(cells, "claimed"))
        except WrongCell:
            return None

    def read(self, row: int, cells: Sequence[CellValue]) -> tuple[ClaimedRow | None, list[Fault]]:
        """The row, or all of its faults."""
        faults: list[Fault] = []

        def take[T](name: str, read: Reader[T], otherwise: T) -> T:
            if name not in self._at and name != "claimed":
                return otherwise
            value = self._cell(cells, name)
            try:
                return read(_decoded(value))
            except WrongCell as wrong:
                faults.append(Fault(row, self._titles.get(name, name), wrong.code, _shown(value)))
                return otherwise

        item = take("item", _item, POSTAGE)
        parcel = take("parcel_number", _parcel, "")
        dossier = take("dossier_code", _dossier, "")
        found = ClaimedRow(
            row, item, parcel, dossier, take("direction", _direction, ""), take("claimed", _amount, 0),
            bool(_LOOKS_S10.fullmatch(parcel)) and not is_s10(parcel), take("weight_grams", _weight, None),
            take("accepted_on", _day, None), take("delivered_on", _day, None),
            take("beneficiary_class", _short, "")[:40], take("note", _short, "")[:200])
        if not faults:
            faults += self._missing(found, cells)
        return (None, faults) if faults else (found, [])

    def _missing(self, found: ClaimedRow, cells: Sequence[CellValue]) -> list[Fault]:
        wanted = "parcel_number" if found.item == POSTAGE else "dossier_code"
        if not getattr(found, wanted):
            return [Fault(found.row, self._titles.get(wanted, wanted), "nothing-to-pay-for")]
        spare = [cell for cell in cells[self._width:] if str(cell).strip()]
        return [Fault(found.row, "", "too-many-cells", _shown(spare[0]))] if len(spare) > 0 else []

    def _cell(self, cells: Sequence[CellValue], name: str) -> CellValue:
        at = self._at.get(name)
        return cells[at] if at is not None and at < len(cells) else ""


@lru_cache(maxsize=1024)
def _is_total_word(text: str) -> bool:
    return fold(text).strip(" :") in _TOTALS


type Reader[T] = Callable[[CellValue], T]


def _decoded(value: CellValue) -> CellValue:
    if isinstance(value, str) and undecodable(value):
        raise WrongCell("undecodable")
    return value


def _shown(value: CellValue) -> str:
    text = str(value)
    if bad := undecodable(text):
        return f"[{bad}]"[:_LONGEST_SHOWN]
    return text[:_LONGEST_SHOWN]


def _code(value: CellValue, form: re.Pattern[str]) -> str:
    if isinstance(value, bool | int | float | date):
        raise WrongCell("number-in-code-column")  # leading zeros and long digits may be lost already
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.strip().strip("'").upper().replace(" ", "")
    if text and not form.fullmatch(text):
        raise WrongCell("wrong-form")
    return text


def _parcel(value: CellValue) -> str:
    return _code(value, _PARCEL)


def _dossier(value: CellValue) -> str:
    return _code(value, _DOSSIER)


_folded: Final = lru_cache(maxsize=1024)(fold)


def _item(value: CellValue) -> str:
    found = _ITEMS.get(_folded(str(value)))
    if found is None:
        raise WrongCell("unknown-item")
    return found


def _direction(value: CellValue) -> str:
    found = _DIRECTIONS.get(_folded(str(value)))
    if found is None:
        raise WrongCell("unknown-direction")
    return found


def _amount(value: CellValue) -> int:
    """Whole đồng above nothing; thousands may be parted by a point, a comma or a space."""
    if isinstance(value, bool | date):
        raise WrongCell("not-an-amount")
    if isinstance(value, int | float):
        if not math.isfinite(value) or value != int(value):
            raise WrongCell("not-whole-dong")
        amount = int(value)
    else:
        amount = _amount_of_text(str(value))
    if amount <= 0:
        raise WrongCell("not-above-zero")
    if amount > MOST_CLAIMED:
        raise WrongCell("too-much")
    return amount


@lru_cache(maxsize=4096)
def _amount_of_text(typed: str) -> int:
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        raise WrongCell("amount-missing")
    if text.startswith("-") or (text.startswith("(") and text.endswith(")")):
        raise WrongCell("not-above-zero")
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise WrongCell("not-an-amount")
    return int(found[1].translate(_SEPARATORS))


def _weight(value: CellValue) -> int | None:
    if value == "":
        return None
    try:
        grams = float(str(value).replace(",", "."))
    except ValueError as error:
        raise WrongCell("not-a-weight") from error
    if not 0 < grams <= 30_000 or grams != int(grams):
        raise WrongCell("not-a-weight")
    return int(grams)


def _day(value: CellValue) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        raise WrongCell("number-as-date")
    text = str(value).strip()
    return _day_of_text(text) if text else None


@lru_cache(maxsize=4096)
def _day_of_text(text: str) -> date:
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return found
    raise WrongCell("not-a-date")


def _short(value: CellValue) -> str:
    return clean(str(value))
