"""Results that were sent home from Phong Dinh some days ago: what `post_troubles` then happens to.

They were booked more than a day ago, so that the carriers of this house leave them alone and the story is the same at
every hour.
"""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from agents.models.people import StaffAccount
from config.demo.citizens import acting_for, as_typed, registered
from config.demo.people import Person, people
from config.demo.timeline import Timeline
from intake.models.dossiers import Dossier
from intake.operations import handling, reception, resolution, submission
from intake.queries.catalogue import checklist, get_procedure
from intake.records import DeliveryAddress, DocumentRef, PlaceChoice, SubmissionInput
from intake.rules.states import Handling
from shared.calendar import at_local, local
from shared.working_days import work_calendar

_STORY: Final = UUID("c1d6b0f2-4f0e-4d7a-9a51-55e1a7b30426")
_PROCEDURES: Final = ("2.000635", "1.001193", "1.000656")
WORKS_AT: Final = ("19753", "", "19867", "", "19789", "", "19960")
"""Communes where results go instead of home; empty: home. One result for each."""


def plan(timeline: Timeline, now: datetime) -> None:
    """Put the visits on the morning of the last working day but one."""
    crowd = people("home-results", "046")
    opening = _opening(now)
    for number, (person, work) in enumerate(zip(crowd, WORKS_AT, strict=False)):
        timeline.plan(opening + timedelta(minutes=9 * number), partial(_file, timeline, number, person, work))


def _opening(now: datetime) -> datetime:
    calendar, day = work_calendar(), local(now).date()
    for _ in range(2):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
    return at_local(day, time(7, 50))


def _account(username: str) -> StaffAccount:
    return StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre").get(username=username)


def _file(timeline: Timeline, number: int, person: Person, work: str, at: datetime) -> None:
    """At the counter of Phong Dinh; a story that was cut short goes on where it stopped."""
    account = _account("quay.hue")
    assert account.outlet is not None  # noqa: S101  # as the log-ins are made
    clerk, home = account.actor, account.outlet.commune_id
    client_ref = uuid5(_STORY, f"result-{number}")
    dossier = Dossier.objects.filter(client_ref=client_ref).first()
    if dossier is None:
        citizen_id = registered(as_typed(person, home), clerk, at)
        with acting_for(citizen_id, clerk, at):
            filing = _filing(client_ref, citizen_id, number, (home, work), at)
            dossier = submission.submit_dossier(filing, by=clerk, at=at)
    if dossier.handling == Handling.REGISTERED:
        timeline.plan(at + timedelta(minutes=70), partial(_decide, dossier.id, number))


def _filing(
    client_ref: UUID, citizen_id: UUID, number: int, places: tuple[str, str], at: datetime
) -> SubmissionInput:
    """`places`: where the citizen lives, and where she works, if the result goes there."""
    home, work = places
    procedure = get_procedure(_PROCEDURES[number % len(_PROCEDURES)], local(at).date())
    return SubmissionInput(
        client_ref=client_ref, citizen_id=citizen_id, procedure_code=procedure.code, channel="online",
        result_choice="home", place=PlaceChoice(commune_code=home),
        delivery=DeliveryAddress(street="Phòng hành chính, nơi làm việc", commune_code=work) if work else None,
        documents=tuple(DocumentRef(paper.code) for paper in checklist(procedure, "online") if paper.is_required))


def _decide(dossier_id: UUID, number: int, at: datetime) -> None:
    officer = _account("canbo.hue").actor
    reception.receive(dossier_id=dossier_id, by=officer, at=at)
    handling.start(dossier_id=dossier_id, by=officer, at=at + timedelta(minutes=4))
    resolution.resolve(dossier_id=dossier_id, decision_number=f"{number + 231}/UBND",
                       summary="Đã giải quyết theo đề nghị", by=officer, at=at + timedelta(minutes=25))
