"""Moments that tests speak of, in local time."""

from datetime import datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def local(text: str) -> datetime:
    """`2026-01-12 09:30` in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


MONDAY_MORNING = local("2026-01-12 09:30")
