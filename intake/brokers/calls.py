"""Call-backs: a random sample that anybody can draw again, a script, what was heard. No number is stored here."""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from intake.brokers.cases import kept_text, locked, move, refuse_own_outlet
from intake.brokers.errors import BrokerCaseNotFound, BrokerStepImpossible, InvalidBrokerEntry, NobodyToCall
from intake.brokers.models import BrokerCall, BrokerCase, BrokerDraw
from intake.brokers.rules import (
    ANSWERS,
    CALLS,
    LEAST_SAMPLE,
    LOOKS_BACK_DAYS,
    MOST_SAMPLE,
    MOST_TRIES,
    SCRIPT,
    Call,
    CaseState,
    Heard,
    Step,
    next_state,
)
from intake.models.dossiers import Dossier
from shared import audit, scope
from shared.actors import Actor
from shared.calendar import at_local
from shared.errors import ErrorCollector
from shared.transactions import operation

SEED_BITS: Final = 62
LONGEST_NOTE: Final = 500


@operation
def draw(*, case_id: UUID, size: int, by: Actor, at: datetime, seed: int | None = None) -> BrokerDraw:
    """Draw citizens of the outlet at random, for a person to call; nobody is drawn twice for one case.

    `seed` is made up when left out, and kept either way: with it and the population the draw can be repeated.

    Raises:
        BrokerCaseNotFound, BrokerStepImpossible, OwnOutletCase: as for any step.
        InvalidBrokerEntry: fewer than 1 or more than 50.
        NobodyToCall: no dossier of these days has a phone number.
    """
    case = locked(case_id, by)
    after = next_state(CaseState(case.state), Step.ASK_CALLS)
    if after is None:
        raise BrokerStepImpossible
    refuse_own_outlet(case, by)
    wrong = ErrorCollector()
    if not LEAST_SAMPLE <= size <= MOST_SAMPLE:
        wrong.add("/size", "out-of-range", _("Between 1 and 50 people."))
    wrong.raise_if_any(InvalidBrokerEntry)
    population = _population(case, at)
    if not population:
        raise NobodyToCall
    chosen_seed = secrets.randbits(SEED_BITS) if seed is None else seed
    chosen = sample(population, size=size, seed=chosen_seed)
    made = BrokerDraw.objects.create(
        case=case, seed=chosen_seed, population=len(population), population_sha256=digest(population),
        size=len(chosen), drawn_at=at, drawn_by_name=by.name)
    BrokerCall.objects.bulk_create([BrokerCall(draw=made, case=case, dossier_id=dossier, place=place)
                                    for place, dossier in enumerate(chosen, 1)])
    move(case, after, by=by, at=at, step=Step.ASK_CALLS, reason="")
    return made


def sample(population: Sequence[UUID], *, size: int, seed: int) -> list[UUID]:
    """The same from the same seed and population, whatever order it comes in."""
    ordered = sorted(population)
    return random.Random(seed).sample(ordered, min(size, len(ordered)))  # noqa: S311  # repeatable, no secret


def digest(population: Sequence[UUID]) -> bytes:
    """SHA-256 of the sorted ids, one a line."""
    return sha256("\n".join(str(each) for each in sorted(population)).encode()).digest()


def _population(case: BrokerCase, at: datetime) -> list[UUID]:
    """One dossier of each citizen of the outlet with a phone, in the days of the signals, not drawn yet."""
    days = case.signals.aggregate(first=Min("from_day"), last=Max("until_day"))
    rows = Dossier.objects.filter(province_code=case.province_code, submitted_at__isnull=False).exclude(
        citizen__phone="")
    rows = rows.filter(outlet_id=case.outlet_id) if case.outlet_id else rows.filter(outlet_id__isnull=False)
    if days["first"] is not None:
        midnight = datetime.min.time()
        rows = rows.filter(submitted_at__gte=at_local(days["first"], midnight),
                           submitted_at__lt=at_local(days["last"], midnight))
    else:
        rows = rows.filter(submitted_at__gte=at - timedelta(days=LOOKS_BACK_DAYS), submitted_at__lt=at)
    called = BrokerCall.objects.filter(case=case).values("dossier__citizen_id")
    newest = rows.exclude(citizen_id__in=called).order_by("citizen_id", "-submitted_at", "-id").distinct("citizen_id")
    return list(newest.values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, for the one moment in which somebody calls."""

    name: str
    phone: str


@operation
def show_contact(*, call_id: UUID, by: Actor, at: datetime) -> Contact:
    """The name and number for one call; every look is in the audit.

    Raises:
        BrokerCaseNotFound: no call that `by` sees.
        BrokerStepImpossible: the call has ended, or its case is not at calling any more.
        OwnOutletCase: `by` works or worked at the outlet.
    """
    call = _locked(call_id, by)
    if call.state != Call.WAITING or call.case.state != CaseState.CALLING:
        raise BrokerStepImpossible
    refuse_own_outlet(call.case, by)
    with scope.everything():
        citizen = Dossier.objects.select_related("citizen").get(id=call.dossier_id).citizen
    audit.record(actor=by, action="broker-call.show_contact", object_type="broker-call", object_id=call.id, at=at,
                 after={"case": str(call.case_id)})
    return Contact(citizen.full_name, citizen.phone)


def _locked(call_id: UUID, by: Actor) -> BrokerCall:
    seen = BrokerCase.objects.seen_by(by)
    call = BrokerCall.objects.select_for_update(of=("self",)).select_related("case").filter(
        id=call_id, case__in=seen).first()
    if call is None:
        raise BrokerCaseNotFound
    return call


@operation
def record_call(*, call_id: UUID, heard: Heard, answers: Mapping[str, str], by: Actor, at: datetime,
                note: str = "") -> BrokerCall:
    """Write down what a try at calling came to. The third without an answer is the last.

    Raises:
        BrokerCaseNotFound: no such call in sight.
        BrokerStepImpossible: the call has ended, or its case is not at calling any more.
        OwnOutletCase: as for any step.
        InvalidBrokerEntry: a question of the script is not answered.
    """
    call = _locked(call_id, by)
    after = CALLS.get((Call(call.state), heard))
    if after is None or call.case.state != CaseState.CALLING:
        raise BrokerStepImpossible
    refuse_own_outlet(call.case, by)
    said = kept_text(note)
    _check(heard, answers, said)
    call.tries += 1
    call.state = Call.UNREACHED if after is Call.WAITING and call.tries >= MOST_TRIES else after
    call.answers = dict(answers) if heard is Heard.TALKED else {}
    call.note, call.last_at, call.last_by_name = said, at, by.name
    call.save()
    audit.record(actor=by, action=f"broker-call.{heard}", object_type="broker-call", object_id=call.id, at=at,
                 after={"state": call.state})
    return call


def _check(heard: Heard, answers: Mapping[str, str], note: str) -> None:
    wrong = ErrorCollector()
    if heard is Heard.TALKED:
        for question in SCRIPT:
            if answers.get(question.code) not in ANSWERS:
                wrong.add(f"/answers/{question.code}", "required", _("Choose what was answered."))
    if set(answers) - {question.code for question in SCRIPT}:
        wrong.add("/answers", "unknown", _("There is no such question."))
    if len(note) > LONGEST_NOTE:
        wrong.add("/note", "too-long", _("At most 500 characters."))
    wrong.raise_if_any(InvalidBrokerEntry)
