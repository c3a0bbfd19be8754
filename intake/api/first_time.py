"""First time right, for reports."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.api.schemas import WordsOut, words
from intake.queries.first_time import FirstTime, first_time_right
from shared.api import Asked, Out, WardpostRequest
from shared.calendar import local
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["dossiers"])
READS = allow(roles=frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.AUDITOR, *FINANCE_ROLES}),
              scopes={"dossiers:read"})
LONGEST = timedelta(days=400)
Day = Annotated[date | None, Field(ge=date(2000, 1, 1), le=date(2999, 1, 1))]


class FirstTimeAsked(Asked):
    from_date: Day = Field(default=None, description="First local day of submission; this month's first if left out.")
    to_date: Day = Field(default=None, description="Last local day; today when left out, at most 400 days later.")
    outlet_id: UUID | None = None


class SentBackOut(Out):
    dossier_id: UUID
    reference: str
    at: datetime
    is_refusal: bool
    reason_code: str
    reason: WordsOut
    check: str = Field(description="The check that could have told; empty when none could.")
    was_warned: bool


class FilingPaceOut(Out):
    code: str
    taken: int
    median_seconds: int


class FirstTimeOut(Out):
    from_date: date
    to_date: date
    submitted: int
    judged: int = Field(description="Received or refused by a centre.")
    right: int
    sent_back: int
    ours: int = Field(description="Sent back for a reason that the check before sending could see.")
    not_checkable: int
    rate: float | None = Field(description="Right of judged, 0 to 1; null before anything was judged.")
    several_visits: int
    mean_visits: float
    lines: list[SentBackOut] = Field(description="The newest 200 reasons.")
    paces: list[FilingPaceOut]


@router.get("/first-time-right", response=FirstTimeOut, auth=READS, summary="How many dossiers were right at once")
def one(request: WardpostRequest, filters: Query[FirstTimeAsked]) -> Any:
    """Count dossiers submitted in a period that needed no second try, and whose fault the others were."""
    today = local(timezone.now()).date()
    to_date = filters.to_date or max(today, filters.from_date or today)
    from_date = min(filters.from_date or to_date.replace(day=1), to_date)
    from_date = max(from_date, to_date - LONGEST)
    return _out(first_time_right(request.actor, from_date=from_date, to_date=to_date, outlet_id=filters.outlet_id))


def _out(found: FirstTime) -> dict[str, Any]:
    numbers = ("from_date", "to_date", "submitted", "judged", "right", "sent_back", "ours", "not_checkable", "rate",
               "several_visits", "mean_visits")
    lines = ("dossier_id", "reference", "at", "is_refusal", "reason_code", "check", "was_warned")
    return {name: getattr(found, name) for name in numbers} | {
        "lines": [{name: getattr(line, name) for name in lines} | {"reason": words(line.reason)}
                  for line in found.lines],
        "paces": [{"code": pace.code, "taken": pace.taken, "median_seconds": pace.median_seconds}
                  for pace in found.paces]}
