"""National ID numbers, phones and births as typed at a counter.

Number structure: Decree 137/2015/NĐ-CP, Article 13; there is no check digit, so what does not fit is a doubt to
confirm against the card, never a refusal.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import phonenumbers

from intake.rules.faults import Fault, fault
from shared import practice
from shared.identifiers import NationalId

EARLIEST_BIRTH: Final = date(1880, 1, 1)
OLDEST_YEARS: Final = 130

# Provinces as they were before 1 July 2025: the number keeps the code of the birth registration.
BIRTH_PROVINCES: Final = frozenset({
    "001", "002", "004", "006", "008", "010", "011", "012", "014", "015", "017", "019", "020", "022",
    "024", "025", "026", "027", "030", "031", "033", "034", "035", "036", "037", "038", "040", "042",
    "044", "045", "046", "048", "049", "051", "052", "054", "056", "058", "060", "062", "064", "066",
    "067", "068", "070", "072", "074", "075", "077", "079", "080", "082", "083", "084", "086", "087",
    "089", "091", "092", "093", "094", "095", "096",
})

# Eleven-digit mobile prefixes until 2018 and what they became (Decision 798/QĐ-BTTTT of 29 May 2018).
NEW_PREFIXES: Final = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083", "0124": "084",
    "0125": "085", "0127": "081", "0129": "082", "0162": "032", "0163": "033", "0164": "034", "0165": "035",
    "0166": "036", "0167": "037", "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}
_PERSONAL_LINES: Final = frozenset({
    phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE, phonenumbers.PhoneNumberType.VOIP,
})


@dataclass(frozen=True, slots=True)
class Birth:
    """`day` is 1 January when only the year is known; a year alone is a legal date of birth."""

    day: date
    is_year_only: bool


def check_national_id(typed: str) -> NationalId | Fault:
    """The number; those of practice are taken in practice only, and there no other is."""
    number = NationalId.parse(typed)
    if number is not None and _is_of_practice(number) == practice.is_on():
        return number
    if number is not None:
        return Fault("real-number-in-practice" if practice.is_on() else "number-of-practice")
    digits = re.sub(r"[\s.\-]", "", typed)
    if not digits:
        return Fault("required")
    if not (digits.isascii() and digits.isdecimal()):
        return Fault("not-digits")
    if len(digits) == 9:
        return Fault("old-identity-card")
    return Fault("all-zeros") if len(digits) == 12 else fault("length", length=len(digits))


def _is_of_practice(number: NationalId) -> bool:
    return number.province_code == practice.NUMBERS_BEGIN


def doubts_of(number: NationalId, birth: Birth | None, sex: str) -> list[Fault]:
    """What in the number does not fit the rest; a person looks at the card and confirms."""
    doubts = []
    if number.province_code not in BIRTH_PROVINCES and not _is_of_practice(number):
        doubts.append(fault("unknown-province", province=number.province_code))
    if birth is not None and birth.day.year != number.birth_year:
        doubts.append(fault("birth-year-differs", number_year=number.birth_year, birth_year=birth.day.year))
    if sex in {"female", "male"} and number.is_female != (sex == "female"):
        doubts.append(Fault("sex-differs"))
    return doubts


def check_phone(typed: str) -> str | Fault:
    """E.164. Landlines are phones too; a number of the old eleven-digit kind gets its new form suggested."""
    if re.search(r"[^\d\s.()+\-]", typed, re.ASCII):
        return Fault("phone-characters")
    digits = re.sub(r"\D", "", typed)
    national = "0" + re.sub(r"^0", "", digits.removeprefix("84")) if digits.startswith("84") else digits
    if len(national) == 11 and national[:4] in NEW_PREFIXES:
        return fault("old-prefix", suggestion=NEW_PREFIXES[national[:4]] + national[4:])
    if practice.is_on():
        return practice.made_up_line(national) or Fault("real-line-in-practice")
    is_foreign = typed.strip().startswith("+") and not digits.startswith("84")
    return _parsed(f"+{digits}" if is_foreign else national, len(national))


def _parsed(number: str, length: int) -> str | Fault:
    try:
        parsed = phonenumbers.parse(number, "VN")
    except phonenumbers.NumberParseException:
        return fault("phone-number", length=length)
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) not in _PERSONAL_LINES:
        return fault("phone-number", length=length)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def check_birth(typed: str, today: date) -> Birth | Fault:
    """A birth from "1992-03-14", "14/03/1992" or, when only the year is known, "1992"."""
    text = typed.strip()
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return _plausible(f"{text}-01-01", today, is_year_only=True)
    if spelled := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text, re.ASCII):
        return _plausible(f"{spelled[3]}-{spelled[2]:0>2}-{spelled[1]:0>2}", today)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return _plausible(text, today)
    return Fault("birth-format")


def _plausible(iso: str, today: date, *, is_year_only: bool = False) -> Birth | Fault:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return Fault("no-such-day")
    if day > today:
        return Fault("in-the-future")
    if day < EARLIEST_BIRTH or today.year - day.year > OLDEST_YEARS:
        return fault("implausible", years=OLDEST_YEARS)
    return Birth(day, is_year_only)
