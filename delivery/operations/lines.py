"""Whether carriers answer: noted after each question, so that an outage costs one question a minute."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from agents import public as agents
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.lines import CarrierLine
from delivery.models.parcels import Parcel
from delivery.rules.carrier_requests import RequestState
from delivery.rules.lines import LONGEST_PAUSE, PATIENCE, is_down, pause_after
from shared import audit, work
from shared.actors import job
from shared.calendar import CLOSING, at_local, local
from shared.roles import Role
from shared.working_days import work_calendar

US: Final = job("delivery.lines")
DOWN: Final = "carrier-down"
FRESH: Final = timedelta(seconds=30)


def may_ask(carrier: str, at: datetime) -> bool:
    """Whether a question may go out now. While the carrier is down, one caller in a while gets a yes."""
    line = CarrierLine.objects.filter(carrier=carrier).first()
    if line is None or not is_down(line.failures):
        return True
    # A probe is claimed before it is made: of several workers one asks.
    due = CarrierLine.objects.filter(Q(next_try_at__lte=at), carrier=carrier, failures=line.failures)
    return bool(due.update(next_try_at=at + LONGEST_PAUSE))


def note_answer(carrier: str, *, is_answered: bool, reason: str, at: datetime) -> None:
    """Remember that the carrier answered, or did not; on its return everything that waits for it is due."""
    if is_answered:
        if not _was_up_lately(carrier, at):
            _note_up(carrier, at)
    else:
        _note_silence(carrier, reason, at)


def _was_up_lately(carrier: str, at: datetime) -> bool:
    """Whether there is nothing to write: hundreds of questions a minute must not rewrite one row."""
    return CarrierLine.objects.filter(carrier=carrier, failures=0, answered_at__gt=at - FRESH).exists()


@transaction.atomic
def _note_up(carrier: str, at: datetime) -> None:
    line, _ = CarrierLine.objects.select_for_update().get_or_create(carrier=carrier)
    since, was_down = line.failing_since, is_down(line.failures)
    line.answered_at, line.failures, line.failing_since, line.next_try_at, line.error = at, 0, None, None, ""
    line.save()
    if not was_down:
        return
    # What was put off because nobody answered; what the carrier refused waits for its day.
    soon = Q(send_next_at__gt=at, send_next_at__lte=at + 60 * LONGEST_PAUSE)
    Parcel.objects.filter(soon, carrier=carrier, is_sent_to_carrier=False).update(send_next_at=at)
    CarrierRequest.objects.filter(
        parcel__carrier=carrier, state__in=[RequestState.WAITING, RequestState.UNKNOWN], next_at__gt=at
    ).update(next_at=at)
    audit.record(actor=US, action="carrier.up", object_type="carrier", object_id=carrier, at=at,
                 after={"down_since": since.isoformat() if since else ""})  # fmt: skip
    work.close_item(kind=DOWN, reference=carrier, by=US.id, at=at, outcome="it answers again")


@transaction.atomic
def _note_silence(carrier: str, reason: str, at: datetime) -> None:
    line, _ = CarrierLine.objects.select_for_update().get_or_create(carrier=carrier)
    line.failures += 1
    line.failing_since, line.error = line.failing_since or at, reason[:120]
    line.next_try_at = at + pause_after(line.failures)
    line.save()
    if is_down(line.failures) and at - line.failing_since >= PATIENCE:
        _tell_people(line, at)


def _tell_people(line: CarrierLine, at: datetime) -> None:
    """Its operator's headquarters ask it; everybody else goes on."""
    operators = [each.code for each in agents.operators() if each.carrier_code == line.carrier]
    role, place = (Role.OPERATOR_HQ, operators[0]) if operators else (Role.ADMINISTRATOR, "")
    due_at = at_local(work_calendar().next_working(local(at).date()), CLOSING)
    since = line.failing_since.isoformat() if line.failing_since else ""
    work.open_item(kind=DOWN, reference=line.carrier, owner_role=role, owner_place=place, at=at, due_at=due_at,
                   detail={"since": since, "error": line.error})  # fmt: skip
