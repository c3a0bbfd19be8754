"""What waits for a visitor: a few dossiers of the last working days, so that no screen opens empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from agents.models.people import StaffAccount
from config.demo import centre_day, counter, counter_people, hand_over, sheets
from config.demo.citizens import acting_for, as_typed, registered
from config.demo.people import Person, people
from config.demo.timeline import Timeline
from intake.models.dossiers import Dossier
from intake.operations import documents, forwarding, handling, reception, resolution, submission, supplements
from intake.queries.catalogue import checklist, get_procedure
from intake.records import DocumentRef, PlaceChoice, SubmissionInput
from intake.rules.catalogue import DocumentKind
from intake.rules.states import Handling
from shared.calendar import at_local, local
from shared.working_days import work_calendar

_STORY: Final = UUID("7d9b0c11-2f64-4e0a-8a55-1b1f3c7d1123")
# procedure, channel, what has become of it
_HUE: Final = (
    ("2.000635", "online", "resolved"),
    ("1.004873", "online", "supplement"),
    ("1.001612", "online", "started"),
    ("1.001193", "online", "arrived"),
    ("2.002516", "online", "arrived"),
    ("1.001266", "post", "to_forward"),
    ("1.004873", "post", "travelling"),
    ("2.000635", "online", "draft"),
)
_HANOI: Final = (
    ("2.000635", "online", "arrived"),
    ("1.001612", "online", "started"),
    ("1.004873", "post", "to_forward"),
)


def plan(timeline: Timeline, now: datetime) -> None:
    """Put the last working days of one outlet in each city on the timeline."""
    _plan_city(timeline, _HUE, clerk="quay.hue", officer="canbo.hue", ids="046", now=now)
    centre_day.plan(timeline, _opening_of_the_day_before(now), now)
    counter_people.plan(timeline, _account("quay.hue"), _opening_of_the_day_before(now))
    hand_over.plan(timeline, _opening_of_the_day_before(now))
    _plan_city(timeline, _HANOI, clerk="quay.hanoi", officer="canbo.hanoi", ids="001", now=now)


def _plan_city(
    timeline: Timeline, story: tuple[tuple[str, str, str], ...], *, clerk: str, officer: str, ids: str, now: datetime
) -> None:
    desk = _Desk(timeline, _account(clerk), _account(officer))
    crowd = people(f"today-{clerk}", ids)
    opening = _opening_of_the_day_before(now)
    timeline.plan(opening, partial(counter.hand_out_the_bundle, desk.outlet_id))
    for number, (procedure, channel, outcome) in enumerate(story):
        visit = _Visit(uuid5(_STORY, f"{clerk}-{number}"), next(crowd), procedure, channel, outcome)
        timeline.plan(opening + timedelta(minutes=17 * number), partial(desk.take, visit))


def _account(username: str) -> StaffAccount:
    return StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre").get(username=username)


def _opening_of_the_day_before(now: datetime) -> datetime:
    """Eight o'clock of the last working day before the local day of `now`."""
    calendar = work_calendar()
    day = local(now).date() - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return at_local(day, time(8, 5))


@dataclass(frozen=True, slots=True)
class _Visit:
    client_ref: UUID
    person: Person
    procedure_code: str
    channel: str
    outcome: str


class _Desk:
    """One clerk and one officer, who take each visit as far as it goes."""

    def __init__(self, timeline: Timeline, clerk: StaffAccount, officer: StaffAccount) -> None:
        assert clerk.outlet is not None  # noqa: S101  # as the log-ins are made
        self.timeline, self.clerk, self.officer = timeline, clerk.actor, officer.actor
        self.commune, self.outlet_id = clerk.outlet.commune_id, clerk.outlet.id

    def take(self, visit: _Visit, at: datetime) -> None:
        known = Dossier.objects.filter(client_ref=visit.client_ref).first()
        if known is not None and known.handling != Handling.DRAFT:
            return
        citizen_id = registered(as_typed(visit.person, self.commune), self.clerk, at)
        with acting_for(citizen_id, self.clerk, at):
            if visit.outcome == "draft":
                counter.keep_for_later(self._filing(visit, citizen_id, at), by=self.clerk, at=at)
                return
            dossier = submission.submit_dossier(self._filing(visit, citizen_id, at), by=self.clerk, at=at)
        self._plan_next(visit, dossier.id, at)

    def _plan_next(self, visit: _Visit, dossier_id: UUID, at: datetime) -> None:
        soon = at + timedelta(minutes=40)
        if visit.outcome == "travelling":
            self.timeline.plan(
                soon, lambda then: forwarding.forward_on_paper(dossier_ids=[dossier_id], by=self.clerk, at=then)
            )
        elif visit.outcome in {"started", "supplement", "resolved"}:
            self.timeline.plan(soon, lambda then: self._handle(visit, dossier_id, then))

    def _handle(self, visit: _Visit, dossier_id: UUID, at: datetime) -> None:
        reception.receive(dossier_id=dossier_id, by=self.officer, at=at)
        handling.start(dossier_id=dossier_id, by=self.officer, at=at + timedelta(minutes=4))
        later = at + timedelta(minutes=50)
        if visit.outcome == "supplement":
            reason = supplements.MissingThing(component=self._first_paper(visit, at), reason="illegible")
            supplements.ask(dossier_id=dossier_id, reasons=(reason,), by=self.officer, at=later)
        elif visit.outcome == "resolved":
            resolution.resolve(
                dossier_id=dossier_id,
                decision_number="217/UBND",
                summary="Đã giải quyết theo đề nghị",
                by=self.officer,
                at=later,
            )

    def _first_paper(self, visit: _Visit, at: datetime) -> str:
        return str(get_procedure(visit.procedure_code, local(at).date()).documents[0]["code"])

    def _filing(self, visit: _Visit, citizen_id: UUID, at: datetime) -> SubmissionInput:
        papers = checklist(get_procedure(visit.procedure_code, local(at).date()), visit.channel)
        return SubmissionInput(
            client_ref=visit.client_ref,
            citizen_id=citizen_id,
            procedure_code=visit.procedure_code,
            channel=visit.channel,
            result_choice="home",
            place=PlaceChoice(commune_code=self.commune),
            documents=self._papers(visit, [paper.code for paper in papers if paper.is_required], at),
        )

    def _papers(self, visit: _Visit, required: Sequence[str], at: datetime) -> tuple[DocumentRef, ...]:
        """The first paper as a scan, so that counter and desk have something to look at; the others were shown."""
        listed = get_procedure(visit.procedure_code, local(at).date()).documents
        kept = {paper["code"]: paper["name_vi"] for paper in listed if paper["kind"] != DocumentKind.PRESENT_ONLY}
        first = next((code for code in required if code in kept), "")
        if not first:
            return tuple(DocumentRef(code) for code in required)
        name, content = self._scan(visit, kept[first], at)
        stored = documents.store_document(chunks=[content], name=name, component=first, by=self.clerk, at=at)
        return tuple(DocumentRef(code, stored.id if code == first else None) for code in required)

    def _scan(self, visit: _Visit, title: str, at: datetime) -> tuple[str, bytes]:
        match visit.outcome:
            case "resolved" | "arrived":
                return "to-khai-da-ky.pdf", sheets.signed_scan(title, visit.person.full_name, at=at)
            case "supplement":
                return "anh-chup.jpg", sheets.blurred_photo(title, visit.person.full_name)
            case _:
                return "ban-quet.pdf", sheets.clear_scan(title, visit.person.full_name)
