"""The practice house's half: who comes in by a link gets a made-up counterpart at a practice outlet of her own.

Each trainee has an outlet to herself, so nobody's exercise disturbs another's, and a fresh world is a new outlet.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction

from agents.models.organisations import Centre, CentreLevel, OpeningHours, Operator, OperatorClass, Outlet, Phase, Task
from agents.models.people import StaffAccount
from agents.practice import exercises, sealing
from agents.practice.errors import PracticeLinkRefused, PracticeNotThere
from agents.practice.models import PracticeEntry, PracticeRun, Trainee
from agents.practice.people import made_up
from shared import practice, scope
from shared.actors import job
from shared.audit import record
from shared.models.places import Commune
from shared.roles import OUTLET_ROLES
from shared.transactions import operation

AGENCY: Final = "Z99"
"""Begins the dossier codes of practice. No body has this identifier (Decision 20/2020/QĐ-TTg)."""
OPERATORS: Final = {OperatorClass.PUBLIC_POST: ("LTBD", "Bưu điện Luyện Tập"),
                    OperatorClass.OTHER_POST: ("LTBC", "Bưu chính Luyện Tập"),
                    OperatorClass.OTHER: ("LTDN", "Doanh nghiệp Luyện Tập")}
_FROM: Final = date(2025, 7, 1)
_GUIDE: Final = job("practice")


def must_be_practice() -> None:
    """Raises PracticeNotThere: this is the live house."""
    if not practice.is_on():
        raise PracticeNotThere


@dataclass(frozen=True, slots=True)
class _Entry:
    ticket_id: UUID
    subject: str
    issuer: str
    role: str
    commune_code: str
    operator_class: str
    exercise_code: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who came in, and the exercise she came for; empty: any."""

    trainee: Trainee
    exercise_code: str


def enter(*, token: str, at: datetime) -> Welcome:
    """Let somebody in by her link, once.

    Raises:
        PracticeNotThere: this is the live house.
        PracticeLinkRefused: altered, too old, used before, or meant for another house.
    """
    must_be_practice()
    entry = _read(token, at)
    with scope.everything():
        try:
            trainee = _let_in(entry=entry, at=at)
        except IntegrityError as error:  # the same link twice at the same moment
            raise PracticeLinkRefused from error
        exercises.furnish(_outlet_of(trainee), at)
    return Welcome(trainee, entry.exercise_code)


def fresh(*, account_id: UUID, at: datetime) -> Trainee:
    """A new counterpart at a new outlet; what was there before is left behind until it is wiped at night.

    Raises:
        PracticeNotThere: this is the live house, or nobody practises as this account.
    """
    must_be_practice()
    with scope.everything():
        trainee = _renewed(account_id=account_id, at=at)
        exercises.furnish(_outlet_of(trainee), at)
    return trainee


def _read(token: str, at: datetime) -> _Entry:
    try:
        said = sealing.unseal(token, purpose=sealing.ENTRY, reader=settings.WARDPOST_PUBLIC_URL,
                              key=settings.WARDPOST_PRACTICE_KEY)
        entry = _Entry(UUID(said["jti"]), str(said["sub"])[:64], str(said["iss"])[:200], str(said["role"]),
                       str(said["commune"]), str(said["operator_class"]), str(said["exercise"])[:40])
        is_late = int(said["exp"]) <= at.timestamp()
    except (sealing.Unsealed, KeyError, TypeError, ValueError, AttributeError) as error:
        raise PracticeLinkRefused from error
    if is_late or entry.role not in OUTLET_ROLES or entry.operator_class not in OPERATORS:
        raise PracticeLinkRefused
    return entry


@operation
def _let_in(*, entry: _Entry, at: datetime) -> Trainee:
    if PracticeEntry.objects.filter(ticket_id=entry.ticket_id).exists():
        raise PracticeLinkRefused
    PracticeEntry.objects.create(ticket_id=entry.ticket_id, subject=entry.subject, used_at=at)
    commune = Commune.objects.filter(code=entry.commune_code).first()
    if commune is None:
        raise PracticeLinkRefused
    trainee = Trainee.objects.select_for_update(of=("self",)).select_related("account").filter(
        subject=entry.subject).first()
    if trainee is None:
        trainee = Trainee(subject=entry.subject, account=_counterpart(entry, commune, entry.ticket_id.hex, at))
    elif (trainee.commune_id, trainee.operator_class, trainee.account.role) != (
            commune.code, entry.operator_class, entry.role):
        _leave(trainee, at)  # she works elsewhere by now, or as somebody else
        trainee.account, trainee.worlds = _counterpart(entry, commune, entry.ticket_id.hex, at), trainee.worlds + 1
    trainee.commune, trainee.operator_class = commune, entry.operator_class
    trainee.ticket_id, trainee.issuer, trainee.entered_at = entry.ticket_id, entry.issuer, at
    trainee.save()
    record(actor=_GUIDE, action="practice.enter", object_type="trainee", object_id=trainee.id, at=at)
    return trainee


@operation
def _renewed(*, account_id: UUID, at: datetime) -> Trainee:
    trainee = Trainee.objects.select_for_update(of=("self",)).select_related("account", "commune").filter(
        account_id=account_id).first()
    if trainee is None:
        raise PracticeNotThere
    entry = _Entry(trainee.ticket_id, trainee.subject, trainee.issuer, trainee.account.role, trainee.commune_id,
                   trainee.operator_class, "")
    _leave(trainee, at)
    trainee.worlds += 1
    trainee.account = _counterpart(entry, trainee.commune, f"{trainee.id.hex}{trainee.worlds}", at)
    trainee.save()
    record(actor=_GUIDE, action="practice.fresh_world", object_type="trainee", object_id=trainee.id, at=at)
    return trainee


def _leave(trainee: Trainee, at: datetime) -> None:
    """The former counterpart works no more, and her open try is left."""
    PracticeRun.objects.filter(trainee=trainee, ended_at=None).update(ended_at=at)
    StaffAccount.objects.filter(id=trainee.account_id).update(is_active=False)


def _outlet_of(trainee: Trainee) -> UUID:
    assert trainee.account.outlet_id is not None  # noqa: S101  # every counterpart works at one
    return trainee.account.outlet_id


def _counterpart(entry: _Entry, commune: Commune, seed: str, at: datetime) -> StaffAccount:
    _centre_of(commune)
    outlet = _new_outlet(_operator(entry.operator_class), commune, at)
    person = made_up(seed, 99)
    return StaffAccount.objects.create(username=f"luyentap.{outlet.code.lower()}", display_name=person.full_name,
                                       role=entry.role, outlet=outlet, password=make_password(None))


def _operator(operator_class: str) -> Operator:
    code, name = OPERATORS[OperatorClass(operator_class)]
    return Operator.objects.get_or_create(code=code, defaults={
        "name": name, "operator_class": operator_class, "carrier_code": "vnpost"})[0]


def _new_outlet(operator: Operator, commune: Commune, at: datetime) -> Outlet:
    """The next one of the series LT-…, open day and night: people practise when they can, a whole class at once."""
    with connection.cursor() as cursor:  # whoever comes at the same moment waits for the next number
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('practice-outlet', 0))")
    number = Outlet.objects.filter(code__startswith="LT-").count() + 1
    outlet = Outlet.objects.create(
        operator=operator, code=f"LT-{number:05d}", name=f"Điểm luyện tập {number}", commune=commune,
        address="1 đường Luyện Tập", latitude=commune.latitude, longitude=commune.longitude, phase=Phase.CITY_WIDE,
        tasks=[task.value for task in Task], agreement_from=min(_FROM, at.date()))
    OpeningHours.objects.bulk_create([
        OpeningHours(outlet=outlet, weekday=day, opens=time(0), closes=time(23, 59)) for day in range(7)])
    return outlet


def _centre_of(commune: Commune) -> None:
    """The centre of the commune and that of its city, made up as well: their codes are of no body that exists."""
    facts: dict[str, Any] = {"province_id": commune.province_id, "latitude": commune.latitude,
                             "longitude": commune.longitude, "open_from": _FROM}
    with transaction.atomic():
        Centre.objects.get_or_create(agency_code=f"{AGENCY}.{commune.code[:3]}.{commune.code[3:] or '0'}", defaults={
            **facts, "name": f"Trung tâm PVHCC luyện tập {commune.full_name}", "level": CentreLevel.COMMUNE,
            "authority_name": f"UBND luyện tập {commune.full_name}", "commune": commune})
        Centre.objects.get_or_create(agency_code=f"{AGENCY}.{commune.province_id}", defaults={
            **facts, "name": f"Trung tâm PVHCC luyện tập {commune.province.name}", "level": CentreLevel.PROVINCE,
            "authority_name": f"UBND luyện tập {commune.province.name}"})
