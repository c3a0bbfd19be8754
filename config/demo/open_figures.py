"""The published board: the week of Huế's story, the last one, and the index's days, once everything has been played."""

from datetime import date, datetime
from typing import Final

from config.demo.hue_figures import PROVINCE as HUE
from config.demo.network import HANOI
from intake.boards.index_days import count_index_days
from intake.boards.models import PublishedBoard
from intake.boards.published import publish_weeks, published

STORY_WEEK: Final = date(2025, 7, 6)


def tell(now: datetime) -> None:
    """A visitor may have opened the page while the story ran: what was counted then is counted anew."""
    count_index_days(at=now)
    PublishedBoard.objects.all().delete()
    publish_weeks((HUE, HANOI), at=now)
    published(HUE, STORY_WEEK, now=now)
