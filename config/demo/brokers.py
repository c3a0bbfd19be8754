"""A trace of a broker as the nightly look finds it, and a report without a name. Everything about it is invented."""

from datetime import datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID, uuid5

from agents.models.people import StaffAccount
from config.demo.accounts import actor_of
from config.demo.citizens import acting_for, as_typed, registered
from config.demo.network import HANOI
from config.demo.people import Person, people
from config.demo.timeline import Timeline
from intake.brokers import cases, reports, signals
from intake.brokers.models import BrokerReport, BrokerSignal
from intake.brokers.rules import CaseState, Signal, Step
from intake.models.dossiers import Dossier
from intake.operations import submission
from intake.queries.catalogue import checklist, get_procedure
from intake.records import DeliveryAddress, DocumentRef, PlaceChoice, SubmissionInput
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.working_days import work_calendar

_STORY: Final = UUID("a7d64f0e-4e86-4a45-9a6f-5f0a6a6f3c11")
_PROCEDURE: Final = "2.000635"
_MIDDLEMAN: Final = "0900000990"
"""The one number that all of them left; invented as those of people.py are."""
_PEOPLE: Final = 6
_LABEL: Final = "(minh hoạ)"


def plan(timeline: Timeline, now: datetime) -> None:
    """Six people of different families leave one number at the Hoàn Kiếm counter; that night it is found."""
    clerk = StaffAccount.objects.select_related("outlet__operator", "outlet__commune").get(username="quay.hanoi")
    afternoon = _yesterday(now)
    for number, person in enumerate(islice(people("brokers", "001"), _PEOPLE)):
        timeline.plan(afternoon + timedelta(minutes=12 * number), partial(_take, clerk, number, person))
    timeline.plan(now, _look)


def _yesterday(now: datetime) -> datetime:
    """Two in the afternoon of the last working day before today, so that the night in between can find it."""
    calendar, day = work_calendar(), local(now).date() - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return at_local(day, time(14))


def _take(clerk: StaffAccount, number: int, person: Person, at: datetime) -> None:
    client_ref, by = uuid5(_STORY, str(number)), clerk.actor
    if clerk.outlet is None or Dossier.objects.filter(client_ref=client_ref).exists():
        return
    commune = clerk.outlet.commune_id
    citizen_id = registered(as_typed(person, commune), by, at - timedelta(minutes=9))
    with acting_for(citizen_id, by, at - timedelta(minutes=8)):
        submission.submit_dossier(_filing(client_ref, citizen_id, commune, person, at), by=by, at=at)


def _filing(client_ref: UUID, citizen_id: UUID, commune: str, person: Person, at: datetime) -> SubmissionInput:
    papers = checklist(get_procedure(_PROCEDURE, local(at).date()), "online")
    return SubmissionInput(
        client_ref=client_ref, citizen_id=citizen_id, procedure_code=_PROCEDURE, channel="online",
        result_choice="home", place=PlaceChoice(commune_code=commune), note=_LABEL,
        delivery=DeliveryAddress(street=person.street, commune_code=commune, phone=_MIDDLEMAN),
        documents=tuple(DocumentRef(paper.code) for paper in papers if paper.is_required))


def _look(at: datetime) -> None:
    """The nightly look, one report, and an officer who has begun."""
    signals.compute_signals(at=at)
    officer = actor_of("chuongtrinh.hanoi")
    _begin(officer, at)
    if not BrokerReport.objects.filter(province_code=HANOI).exists():
        reports.report(
            province_code=HANOI, outlet_code="HNI-001", at=at,
            text=f"Chiều qua có người đứng ngoài cửa bưu cục nhận làm nhanh bản sao trích lục, lấy 200 nghìn {_LABEL}.")


def _begin(officer: Actor, at: datetime) -> None:
    found = BrokerSignal.objects.filter(province_code=HANOI, rule=Signal.SAME_PHONE, case__state=CaseState.OPENED)
    signal = found.order_by("first_seen_at", "id").first()
    if signal is not None:
        cases.take_step(case_id=signal.case_id, step=Step.LOOK, by=officer, at=at, reason=_LABEL)
