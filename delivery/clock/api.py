"""The clock for programs: published figures, so nobody has to say who she is."""

from datetime import date
from typing import Annotated

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from delivery.clock import queries
from delivery.clock.queries import Asked, By
from delivery.rules import Direction
from shared.api import WardpostRequest
from shared.schemas import Asked as AskedOfAddress
from shared.schemas import Out

router = Router()


class ClockAsked(AskedOfAddress):
    by: By = By.WEEK
    weeks: Annotated[int, Field(ge=1, le=queries.MOST_WEEKS, description="So many weeks back, this one included.")] = 13
    until: Annotated[date | None, Field(description="A day of the last week; none: today.")] = None
    province_code: Annotated[str, Field(pattern=r"^([0-9]{2})?$", max_length=2)] = ""
    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{0,12}$", max_length=12)] = ""
    direction: Direction | None = None


class TallyOut(Out):
    key: Annotated[str, Field(description="Monday of a week, code of an operator or commune, id of an outlet.")]
    name: str
    due: Annotated[int, Field(description="Promises that can be judged.")]
    kept: int | None
    late: int | None
    waiting: int | None
    lost: int | None
    share: Annotated[float | None, Field(description="Kept of due; null where fewer than five fell due.")]


class PromiseClockOut(Out):
    first_week: date
    last_week: date
    items: list[TallyOut]


@router.get("/promise-kept", response=PromiseClockOut, auth=None, summary="How often the post keeps its word",
            operation_id="promise_kept")  # fmt: skip
def promise_kept(request: WardpostRequest, filters: Query[ClockAsked]) -> PromiseClockOut:
    """By week, operator, outlet or commune. A promise belongs to the week of its promised day and is judged after it.

    It is kept when the parcel was delivered, tried at the door or laid out for collection by that day.
    """
    today = timezone.localdate()
    first, last = queries.span(min(filters.until or today, today), filters.weeks)
    asked = Asked(first, last, filters.province_code, filters.operator_code, None, filters.direction or "")
    return PromiseClockOut(first_week=first, last_week=last,
                    items=[_out(line) for line in queries.lines(asked, filters.by)])


def _out(line: queries.Line) -> TallyOut:
    tally = line.tally
    parts = (tally.kept, tally.late, tally.waiting, tally.lost) if tally.share is not None else (None,) * 4
    return TallyOut(key=line.key, name=line.name, due=tally.due, kept=parts[0], late=parts[1], waiting=parts[2],
                    lost=parts[3], share=tally.share)
