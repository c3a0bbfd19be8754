"""Months of an outlet with made-up facts, counted by the real statements."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.models.organisations import Outlet
from agents.quality.computing import count_month
from agents.quality.models import ScoreMeasure, ScoreMonth
from config.reference_data import scorecard
from intake.models.counter import Taking
from intake.models.dossiers import Dossier
from intake.satisfaction.models import Satisfaction
from shared.roles import Role
from tests.factories import network, places
from tests.intake import centre_cases
from tests.intake.moments import local

MONTH = date(2026, 1, 1)
LATER = local("2026-01-30 02:25")
"""When the month is counted; its cases are of the days before."""
AFTER = local("2026-02-20 02:25")
"""When the time for appeals is over."""
OK_AT, LATE_AT = "2026-01-13 16:00", "2026-01-15 16:00"


def load_formula() -> None:
    """The formula of the repository."""
    with transaction.atomic():
        scorecard.read(Path(settings.BASE_DIR) / "reference_data")()


def taken(outlet: Outlet, *, forwarded: str = OK_AT, visits: int = 1, moment: str = "2026-01-13 09:30",
          answer: int | None = None, **facts: Any) -> Dossier:
    """A paper dossier of the month, received by the centre the day after it was forwarded."""
    at, sent = local(moment), local(forwarded)
    dossier = centre_cases.filed(outlet=outlet, moment=at, channel="post")
    Dossier.objects.filter(id=dossier.id).update(**{
        "handling": 4, "code": f"H57.31-{dossier.agent_ref}", "forwarded_at": sent, "received_at": sent} | facts)
    Taking.objects.create(dossier=dossier, outlet=outlet, operator_id=outlet.operator_id, province_code=places.HUE,
                          procedure_code=dossier.procedure_code, submitted_at=at, visits=visits)
    if answer is not None:
        Satisfaction.objects.create(
            dossier=dossier, province_code=places.HUE, outlet=outlet, operator=outlet.operator, overall=answer,
            was_asked_for_money=False, answered_at=sent)
    dossier.refresh_from_db()
    return dossier


def month_of_six(outlet: Outlet, **first: Any) -> list[Dossier]:
    """Six dossiers, all well but for what is said about the first."""
    return [taken(outlet, **(first if number == 0 else {})) for number in range(6)]


def counted(outlet: Outlet, at: datetime = LATER, month: date = MONTH) -> ScoreMonth:
    count_month(province_code=places.HUE, month=month, at=at)
    return ScoreMonth.objects.get(outlet=outlet, month=month)


def measure(score: ScoreMonth, name: str) -> ScoreMeasure:
    return score.measures.get(measure=name)


def manager(outlet: Outlet) -> Any:
    return network.outlet_manager(outlet).actor


def officer(province: str = places.HUE, **facts: Any) -> Any:
    return network.programme_officer(province).actor


def now() -> datetime:
    return timezone.now()


ROLE = Role
