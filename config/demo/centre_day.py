"""A centre at work on the last working day: a team with an absence, dossiers passed on, extended, stopped."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password

from agents.models.people import StaffAccount
from config.demo.citizens import as_typed, registered
from config.demo.people import Person, people
from config.demo.timeline import Timeline
from intake import apologies
from intake.models.dossiers import Dossier
from intake.operations import (
    absences,
    assignment,
    corrections,
    counter_reception,
    extensions,
    handling,
    interim,
    resolution,
    withdrawal,
)
from intake.operations.counter_reception import CounterInput
from shared.actors import Actor
from shared.calendar import local
from shared.roles import Role

_STORY: Final = UUID("2f3a5a08-6a4f-4a6b-9d0e-4f8a1c1b7d31")
BUSINESS: Final = "1.001612"
PERMIT: Final = "1.013225"
COLLEAGUES: Final = (("lan.hue", "Hoàng Thị Lan"), ("son.hue", "Đặng Ngọc Sơn"))
"""The rest of the team of Phong Dinh; they have no log-in."""
STORY: Final = (
    (BUSINESS, "drafted"),
    (BUSINESS, "extended"),
    (PERMIT, "passed-on"),
    (BUSINESS, "stopped"),
    (BUSINESS, "corrected"),
    (PERMIT, "two-steps-on"),
    (PERMIT, "released"),
    (BUSINESS, "to-fetch"),
    (PERMIT, "covered"),
)


def plan(timeline: Timeline, opening: datetime, now: datetime) -> None:
    """Put the centre's day on the timeline, from `opening` of the last working day; absences lie around `now`."""
    team = _Team()
    crowd = people("centre-day", "046")
    for number, (procedure, outcome) in enumerate(STORY):
        at = opening + timedelta(minutes=25 + 11 * number)
        client_ref = uuid5(_STORY, f"dossier-{number}")
        timeline.plan(at, partial(team.take, client_ref, next(crowd), (procedure, outcome), timeline))
    timeline.plan(opening + timedelta(hours=5), partial(team.go_away, now))
    timeline.plan(now, lambda then: apologies.draft_apologies(at=then))


def _colleague(username: str, name: str, centre_id: UUID | None) -> Actor:
    account, _is_new = StaffAccount.objects.get_or_create(
        username=username,
        defaults={
            "display_name": name,
            "role": Role.CENTRE_OFFICER,
            "centre_id": centre_id,
            "password": make_password(None),
        },
    )
    return _actor(account.username)


def _actor(username: str) -> Actor:
    return StaffAccount.objects.select_related("outlet", "centre").get(username=username).actor


class _Team:
    """The people of one centre, who take each dossier as far as the story says."""

    def __init__(self) -> None:
        self.officer, self.manager = _actor("canbo.hue"), _actor("truongtrungtam.hue")
        self.lan, self.son = (_colleague(*person, self.officer.centre_id) for person in COLLEAGUES)
        centre = StaffAccount.objects.select_related("centre").get(username="canbo.hue").centre
        assert centre is not None  # noqa: S101  # an officer's
        assert centre.commune_id is not None  # noqa: S101  # a commune's centre
        self.commune = centre.commune_id

    def take(
        self, client_ref: UUID, person: Person, what: tuple[str, str], timeline: Timeline, at: datetime
    ) -> None:
        procedure, outcome = what
        if Dossier.objects.filter(client_ref=client_ref).exists():
            return
        who = {"passed-on": self.lan, "covered": self.son}.get(outcome, self.officer)
        citizen_id = registered(as_typed(person, self.commune), who, at)
        counter = CounterInput(client_ref, citizen_id, procedure, collect_reason="Người dân muốn nhận tại trung tâm")
        dossier = counter_reception.receive_at_counter(counter, by=who, at=at)
        handling.start(dossier_id=dossier.id, by=who, at=at + timedelta(minutes=5))
        timeline.plan(at + timedelta(minutes=90), partial(self.go_on, dossier.id, outcome))

    def go_on(self, dossier_id: UUID, outcome: str, at: datetime) -> None:
        match outcome:
            case "extended":
                apology = extensions.Apology("site-visit", "Mưa lớn, chưa kiểm tra được địa điểm kinh doanh.")
                extensions.apologise(dossier_id=dossier_id, apology=apology, by=self.officer, at=at)
            case "passed-on":
                note = "Đã đối chiếu giấy tờ, còn chờ bản vẽ móng."
                assignment.pass_on(
                    dossier_id=dossier_id, officer_id=UUID(self.officer.id), note=note, by=self.lan, at=at
                )
            case "stopped":
                withdrawal.stop(
                    dossier_id=dossier_id,
                    cause="citizen-asked",
                    reason="Người nộp đề nghị dừng để đổi địa điểm kinh doanh.",
                    legal_basis=withdrawal.BASIS,
                    papers_back=("other",),
                    by=self.officer,
                    at=at,
                )
            case "corrected":
                name = Dossier.objects.select_related("citizen").get(id=dossier_id).citizen.full_name
                corrections.propose(
                    dossier_id=dossier_id,
                    values={"citizen_name": f"{name} Anh", "citizen_street": "Tổ dân phố 3"},
                    reason="Thẻ căn cước ghi đủ họ tên và địa chỉ.",
                    by=self.officer,
                    at=at,
                )
            case "two-steps-on":
                interim.hand_on(dossier_id=dossier_id, officer_id=UUID(self.lan.id), by=self.officer, at=at)
            case "released":
                assignment.release(dossier_id=dossier_id, note="Cần người rành về đất đai.", by=self.officer, at=at)
            case "to-fetch":
                resolution.resolve(
                    dossier_id=dossier_id,
                    decision_number="218/GCN-HKD",
                    summary="Cấp giấy chứng nhận đăng ký hộ kinh doanh",
                    by=self.officer,
                    at=at,
                )

    def go_away(self, now: datetime, at: datetime) -> None:
        """Sơn is away for three days and covered; Lan next week, and nobody stands in yet."""
        today = local(now).date()
        planned = (
            (self.son, today, today + timedelta(days=2), UUID(self.officer.id)),
            (self.lan, today + timedelta(days=7), today + timedelta(days=9), None),
        )
        for who, first, last, cover in planned:
            absence = absences.AbsenceInput(UUID(who.id), first, last, cover)
            absences.plan_absence(absence, by=self.manager, at=at)
