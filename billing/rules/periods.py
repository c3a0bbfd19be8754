"""Months of the books: the first day of a local month names it."""

from datetime import date, datetime

from shared.calendar import local


def month_of(moment: datetime) -> date:
    """The local month in which `moment` lies."""
    return local(moment).date().replace(day=1)


def month_after(period: date) -> date:
    return date(period.year + period.month // 12, period.month % 12 + 1, 1)


def month_before(period: date) -> date:
    return date(period.year - (period.month == 1), (period.month - 2) % 12 + 1, 1)


def parse_month(text: str) -> date | None:
    """`2026-01`; None when it is no month."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  # a month, not a moment
    except ValueError:
        return None
