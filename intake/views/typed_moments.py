"""Moments as a page's date-and-time field sends them."""

from datetime import datetime

from shared.calendar import at_local


def typed_moment(text: str) -> datetime:
    """`2026-01-14T09:30` in Vietnam; raises ValueError for anything else."""
    typed = datetime.fromisoformat(text)
    if typed.tzinfo is not None:
        raise ValueError(text)
    return at_local(typed.date(), typed.time())
