"""People at a counter in Huế: an account helped to, a referral with its slip, a son who comes for his mother."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from agents.models.people import StaffAccount
from config.demo.citizens import PURPOSES, as_typed, registered
from config.demo.people import people
from config.demo.timeline import Timeline
from intake.models.account_help import AccountHelp, Referral
from intake.models.mandates import Mandate
from intake.operations import account_help, mandates, referrals, sessions
from intake.operations.account_help import StepInput
from intake.operations.mandates import MandateInput
from intake.operations.referrals import ReferralInput
from intake.queries.sessions import open_session_of
from intake.records import CitizenInput
from shared.actors import Actor

type Act = Callable[[UUID, Actor, datetime], None]


def plan(timeline: Timeline, clerk: StaffAccount, opening: datetime) -> None:
    """Three citizens of the outlet's commune, in the afternoon."""
    assert clerk.outlet is not None  # noqa: S101  # as the log-ins are made
    crowd = people("counter-people", "046")
    for number, act in enumerate((_help, _refer, _represent)):
        typed = as_typed(next(crowd), clerk.outlet.commune_id)
        timeline.plan(opening + timedelta(hours=5, minutes=12 * number), partial(_visit, act, typed, clerk.actor))


def _visit(act: Act, typed: CitizenInput, by: Actor, at: datetime) -> None:
    act(registered(typed, by, at), by, at)


def _help(citizen_id: UUID, by: Actor, at: datetime) -> None:
    if AccountHelp.objects.filter(citizen_id=citizen_id).exists():
        return
    made = account_help.open_help(citizen_id=citizen_id, kind="vneid", by=by, at=at)
    booked_for = at + timedelta(days=3)
    steps = (StepInput("explain"), StepInput("install"),
             StepInput("book", note="Mang theo thẻ căn cước", booked_for=booked_for))
    for minutes, step in enumerate(steps, start=1):
        account_help.take_help_step(help_id=made.id, step=step, by=by, at=at + timedelta(minutes=minutes))
    referrals.refer_citizen(ReferralInput(citizen_id, account_help_id=made.id, booked_for=booked_for), by=by,
                            at=at + timedelta(minutes=5))


def _refer(citizen_id: UUID, by: Actor, at: datetime) -> None:
    if Referral.objects.filter(citizen_id=citizen_id).exists():
        return
    made = referrals.refer_citizen(ReferralInput(citizen_id, procedure_code="2.000815"), by=by, at=at)
    referrals.record_outcome(referral_id=made.id, outcome="came", by=by, at=at + timedelta(hours=2))


def _represent(citizen_id: UUID, by: Actor, at: datetime) -> None:
    if Mandate.objects.filter(citizen_id=citizen_id).exists():
        return
    left_open = open_session_of(by)
    if left_open is not None:
        sessions.close_session(session_id=left_open.id, by=by, at=at)
    session = sessions.open_session(citizen_id=citizen_id, purposes=PURPOSES, by=by, at=at, is_citizen_present=False)
    mandates.record_mandate(session_id=session.id, by=by, at=at, typed=MandateInput(
        kind="written", relation="child", representative_name="Nguyễn Văn Con", national_id="046090000123",
        reference="Giấy uỷ quyền của gia đình"))
    sessions.close_session(session_id=session.id, by=by, at=at + timedelta(minutes=6))
