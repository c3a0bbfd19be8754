"""How Wardpost writes money, numbers, moments, working time and masked identifiers.

Pure apart from the active language: Vietnamese writes `26.000 đ` and `Thứ Sáu 16/01, 17:00`,
English writes `26,000 VND` and `Fri 16/01, 17:00`. Amounts are whole đồng; moments are aware
and are shown in the current time zone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
BULLET: Final = "\u2022"
WORKING_DAY_MINUTES: Final = 8 * 60
URGENT_MINUTES: Final = 4 * 60


def speaks_vietnamese() -> bool:
    """Say whether the active language is Vietnamese, the default when none is set."""
    return (get_language() or "vi").startswith("vi")


def number(value: int) -> str:
    """Return `value` with its thousands grouped and a true minus: `−1.283`."""
    grouped = f"{abs(value):,}"
    if speaks_vietnamese():
        grouped = grouped.replace(",", ".")
    return f"{MINUS}{grouped}" if value < 0 else grouped


def money(value: int) -> str:
    """Return `value` đồng with its unit, on one line: `26.000 đ`, `26,000 VND`."""
    unit = "đ" if speaks_vietnamese() else "VND"
    return f"{number(value)}{NO_BREAK}{unit}"


def percent(value: float, digits: int = 0) -> str:
    """Return `value` (already in percent) with its sign, on one line: `29,8 %`, `29.8%`."""
    text = f"{abs(value):.{digits}f}"
    sign = MINUS if value < 0 else ""
    if speaks_vietnamese():
        return f"{sign}{text.replace('.', ',')}{NO_BREAK}%"
    return f"{sign}{text}%"


def weekday(day: date) -> str:
    """Return the name of the weekday: `Thứ Sáu`, `Fri`."""
    names = (
        pgettext("weekday", "Mon"), pgettext("weekday", "Tue"), pgettext("weekday", "Wed"), pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"), pgettext("weekday", "Sat"), pgettext("weekday", "Sun"),
    )
    return names[day.weekday()].replace(" ", NO_BREAK)


def local_day(value: date | datetime) -> date:
    """Return the local calendar day of `value`."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def clock(value: datetime) -> str:
    """Return the local time of day: `17:00`."""
    return f"{timezone.localtime(value):%H:%M}"


def day(value: date | datetime) -> str:
    """Return `16/01`."""
    return f"{local_day(value):%d/%m}"


def full_day(value: date | datetime) -> str:
    """Return `16/01/2026`."""
    return f"{local_day(value):%d/%m/%Y}"


def named_day(value: date | datetime) -> str:
    """Return `Thứ Sáu 16/01` on one line."""
    return f"{weekday(local_day(value))}{NO_BREAK}{day(value)}"


def named_full_day(value: date | datetime) -> str:
    """Return `Thứ Sáu 16/01/2026` on one line."""
    return f"{weekday(local_day(value))}{NO_BREAK}{full_day(value)}"


def moment(value: datetime) -> str:
    """Return `Thứ Sáu 16/01, 17:00`."""
    return f"{named_day(value)}, {clock(value)}"


def stamp(value: datetime) -> str:
    """Return `16/01 17:00` on one line, for lists of events."""
    return f"{day(value)}{NO_BREAK}{clock(value)}"


def full_stamp(value: datetime) -> str:
    """Return `16/01/2026 17:00` on one line."""
    return f"{full_day(value)}{NO_BREAK}{clock(value)}"


def stamp_from(value: datetime, now: datetime) -> str:
    """Return `Hôm nay 07:40` for a moment of today, else its stamp, with the year if it differs."""
    today = local_day(now)
    if local_day(value) == today:
        return _("Today %(clock)s") % {"clock": clock(value)}
    return stamp(value) if local_day(value).year == today.year else full_stamp(value)


def working_time(minutes: int, day_minutes: int = WORKING_DAY_MINUTES) -> str:
    """Return a span of working time in words, its two largest units: `2 ngày làm việc 3 giờ`."""
    days, rest = divmod(max(minutes, 0), day_minutes)
    hours, left = divmod(rest, 60)
    parts = [
        ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s minute", "%(n)s minutes", left) % {"n": left} if left and not days else "",
    ]
    return " ".join(part for part in parts if part) or ngettext("%(n)s minute", "%(n)s minutes", 0) % {"n": 0}


def mask_national_id(value: str) -> str:
    """Return a national ID as the card can be matched to: `046•••••4127`."""
    return value[:3] + BULLET * max(len(value) - 7, 0) + value[-4:] if len(value) > 7 else BULLET * len(value)


def phone(value: str) -> str:
    """Return a Vietnamese phone number in groups, on one line: `0914 275 268`."""
    digits = _national_digits(value)
    return NO_BREAK.join((digits[:-6], digits[-6:-3], digits[-3:])) if len(digits) > 6 else digits


def mask_phone(value: str) -> str:
    """Return a phone number with its middle hidden: `0914 ••• 268`."""
    digits = _national_digits(value)
    if len(digits) <= 6:
        return BULLET * len(digits)
    return NO_BREAK.join((digits[:-6], BULLET * 3, digits[-3:]))


def _national_digits(value: str) -> str:
    digits = "".join(char for char in value if char.isdigit())
    return "0" + digits[2:] if value.lstrip().startswith("+84") else digits


def short_digest(value: str) -> str:
    """Return the first twelve signs of a hash in groups of four: `7c1e 90ab 4f22`."""
    return NO_BREAK.join(value[start : start + 4] for start in range(0, 12, 4) if value[start : start + 4])


def initials(name: str) -> str:
    """Return two letters for a face: the family name's and the given name's, `NH` for Nguyễn Thị Hạnh."""
    words = name.split()
    if not words:
        return ""
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def one_line(text: str) -> str:
    """Keep a name or a place on one line."""
    return text.replace(" ", NO_BREAK)
