"""Two months in Hà Nội: outlets of two operators file for citizens, centres decide, results go home by post."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from agents.models.organisations import OperatorClass, Outlet
from config.demo.cast import Cast
from config.demo.citizens import acting_for, as_typed, authorise_clerk, registered
from config.demo.hanoi_cases import Case, cases
from config.demo.network import HANOI
from config.demo.people import Person, people
from config.demo.post import Post
from config.demo.timeline import Timeline
from delivery import public as delivery
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import forwarding, handling, reception, resolution, submission, supplements
from intake.queries.catalogue import checklist, get_procedure
from intake.records import CitizenInput, ClaimInput, DeliveryAddress, DocumentRef, PlaceChoice, SubmissionInput
from intake.rules.states import Handling, HandlingAction
from shared.actors import Actor
from shared.calendar import CLOSING, WorkCalendar, at_local, local
from shared.models.places import Commune
from shared.working_days import work_calendar

_STORY: Final = UUID("0f3a7b52-5c1d-4a08-8f3e-9b0d2c6a2601")


class Months:
    """The story's actors and clocks."""

    def __init__(self, timeline: Timeline, cast: Cast, post: Post) -> None:
        self.timeline, self.cast, self.post = timeline, cast, post
        self.calendar: WorkCalendar = work_calendar()
        outlets = Outlet.objects.filter(commune__province_id=HANOI).select_related("operator")
        self.outlets = list(outlets.order_by("code"))
        self.communes = list(Commune.objects.filter(province_id=HANOI).order_by("code").values_list("code", flat=True))

    def plan(self) -> None:
        crowd = people("hanoi", "001")
        for case in cases(len(self.outlets), self.calendar):
            self._plan_case(case, next(crowd))

    # --- at the counter ---------------------------------------------------------------------------------------------

    def _plan_case(self, case: Case, person: Person) -> None:
        outlet = self.outlets[case.outlet]
        clerk = self.cast.clerk_of[outlet.id]
        home = outlet.commune_id
        work = self.communes[(case.number * 37) % len(self.communes)] if case.works_elsewhere else ""

        def file(at: datetime) -> None:
            dossier = Dossier.objects.filter(client_ref=_ref(case)).first()
            if dossier is None:
                dossier = submit(at)
            self._go_on(dossier, case, clerk, at)

        def submit(at: datetime) -> Dossier:
            citizen_id = registered(_typed(person, home, case), clerk, at)
            with acting_for(citizen_id, clerk, at) as session_id:
                if case.channel == "post" and outlet.operator.operator_class != OperatorClass.PUBLIC_POST:
                    rule = get_procedure(case.procedure_code, local(at).date()).authorisation_rule
                    authorise_clerk(session_id, rule, clerk, at)
                return submission.submit_dossier(_filing(case, citizen_id, home, work, at), by=clerk, at=at)

        self.timeline.plan(case.submitted_at, file)

    def _go_on(self, dossier: Dossier, case: Case, clerk: Actor, at: datetime) -> None:
        if dossier.handling == Handling.RETURNED:
            return  # a story that was cut short: this one ended before
        if case.channel == "post":
            self.timeline.plan(
                at + timedelta(hours=1), lambda then: self._hand_to_carrier(dossier.id, case, clerk, then)
            )
        else:
            self._plan_reception(dossier.id, case, self._next_counter_time(at, minutes=25 + case.number % 50))

    def _hand_to_carrier(self, dossier_id: UUID, case: Case, clerk: Actor, at: datetime) -> None:
        if self._is_still_to(HandlingAction.FORWARD, dossier_id):
            forwarding.forward_on_paper(dossier_ids=[dossier_id], by=clerk, at=at)
        parcel = self._parcel(dossier_id, "dossier")
        arrived_at = self.post.carry_to_centre(self.timeline, parcel, at)
        self._plan_reception(dossier_id, case, self._next_counter_time(arrived_at, minutes=30))

    # --- at the centre ----------------------------------------------------------------------------------------------

    def _plan_reception(self, dossier_id: UUID, case: Case, at: datetime) -> None:
        self.timeline.plan(at, lambda then: self._receive(dossier_id, case, then))

    def _receive(self, dossier_id: UUID, case: Case, at: datetime) -> None:
        officer = self._officer(dossier_id)
        if self._is_still_to(HandlingAction.RECEIVE, dossier_id):
            reception.receive(dossier_id=dossier_id, by=officer, at=at)
        if self._is_still_to(HandlingAction.START, dossier_id):
            handling.start(dossier_id=dossier_id, by=officer, at=at + timedelta(minutes=5))
        if case.needs_supplement and not case.is_same_day:
            asked_at = self._next_counter_time(at, minutes=60)
            self.timeline.plan(asked_at, lambda then: self._ask(dossier_id, case, officer, then))
        else:
            self.timeline.plan(
                self._decision_time(at, case), lambda then: self._resolve(dossier_id, case, officer, then)
            )

    def _ask(self, dossier_id: UUID, case: Case, officer: Actor, at: datetime) -> None:
        procedure = Dossier.objects.select_related("procedure").get(id=dossier_id).procedure
        reason = supplements.MissingThing(component=procedure.documents[0]["code"], reason="illegible")
        if self._is_still_to(HandlingAction.ASK_SUPPLEMENT, dossier_id):
            supplements.ask(dossier_id=dossier_id, reasons=(reason,), by=officer, at=at)
        answered_at = self._next_counter_time(at, minutes=60 * 9)
        self.timeline.plan(answered_at, lambda then: self._answer(dossier_id, case, officer, then))

    def _answer(self, dossier_id: UUID, case: Case, officer: Actor, at: datetime) -> None:
        dossier = Dossier.objects.get(id=dossier_id)
        assert dossier.outlet_id is not None  # noqa: S101  # everything here was filed at an outlet
        clerk = self.cast.clerk_of[dossier.outlet_id]
        if self._is_still_to(HandlingAction.ANSWER_SUPPLEMENT, dossier_id):
            supplements.answer(dossier_id=dossier_id, text="Đã quét lại bản rõ", by=clerk, at=at)
        decided_at = self._next_counter_time(at, minutes=120)
        self.timeline.plan(decided_at, lambda then: self._resolve(dossier_id, case, officer, then))

    def _resolve(self, dossier_id: UUID, case: Case, officer: Actor, at: datetime) -> None:
        if self._is_still_to(HandlingAction.RESOLVE, dossier_id):
            resolution.resolve(
                dossier_id=dossier_id,
                decision_number=f"{case.number + 101}/UBND",
                summary="Đã giải quyết theo đề nghị",
                by=officer,
                at=at,
            )
        self.timeline.plan(at + timedelta(minutes=30), lambda then: self._send_home(dossier_id, case, then))

    def _send_home(self, dossier_id: UUID, case: Case, at: datetime) -> None:
        self.post.carry_home(self.timeline, self._parcel(dossier_id, "result"), at, outcome=case.outcome,
                             days_late=self._days_late(case))

    def _days_late(self, case: Case) -> int:
        """The second operator was short of vans in those weeks; the first one rarely."""
        is_public = self.outlets[case.outlet].operator.operator_class == OperatorClass.PUBLIC_POST
        often, days = (17, 1) if is_public else (3, 2)
        return days if case.outcome == "delivered" and case.number % often == 1 else 0

    # --- clocks and papers ------------------------------------------------------------------------------------------

    @staticmethod
    def _is_still_to(action: HandlingAction, dossier_id: UUID) -> bool:
        """Whether this step is not taken yet: a story that was cut short goes on where it stood."""
        return not DossierStep.objects.filter(dossier_id=dossier_id, machine="handling", action=action).exists()

    def _officer(self, dossier_id: UUID) -> Actor:
        centre_id = Dossier.objects.values_list("receiving_centre_id", flat=True).get(id=dossier_id)
        assert centre_id is not None  # noqa: S101  # forwarded, so it goes somewhere
        return self.cast.officer_of[centre_id]

    def _parcel(self, dossier_id: UUID, direction: str) -> delivery.ParcelInfo:
        return next(p for p in delivery.parcels_of_dossier(dossier_id) if p.direction == direction)

    def _next_counter_time(self, at: datetime, *, minutes: int) -> datetime:
        return self.calendar.add_working_minutes(at, minutes)

    def _decision_time(self, at: datetime, case: Case) -> datetime:
        """The same day where the procedure asks for it, if there is time left; else within two working days."""
        soon = self._next_counter_time(at, minutes=45 + case.number % 30)
        if case.is_same_day and soon < at_local(local(at).date(), CLOSING):
            return soon
        day = self.calendar.due_date(local(at).date(), 1 + case.number % 2)
        return at_local(day, time(9)) + timedelta(minutes=case.number % 120)


def _typed(person: Person, home: str, case: Case) -> CitizenInput:
    typed = as_typed(person, home)
    if not case.group:
        return typed
    claim = ClaimInput(case.group, f"MINH-HOA-{case.number:04d}", case.submitted_at.date().replace(year=2024, day=1))
    return CitizenInput(**{name: getattr(typed, name) for name in typed.__slots__} | {"claims": (claim,)})


def _ref(case: Case) -> UUID:
    return uuid5(_STORY, f"case-{case.number}")


def _filing(case: Case, citizen_id: UUID, home: str, work: str, at: datetime) -> SubmissionInput:
    procedure = get_procedure(case.procedure_code, local(at).date())
    papers = checklist(procedure, case.channel)
    return SubmissionInput(
        client_ref=_ref(case),
        citizen_id=citizen_id,
        procedure_code=case.procedure_code,
        channel=case.channel,
        result_choice="home",
        place=PlaceChoice(commune_code=home),
        delivery=DeliveryAddress(street="Phòng hành chính, nơi làm việc", commune_code=work) if work else None,
        documents=tuple(DocumentRef(paper.code) for paper in papers if paper.is_required),
        copies=1 + case.number % 2 if case.procedure_code == "2.000635" else 1,
        priority_group=case.group,
    )
