"""What a postman's phone is given to work without a signal: her parcels, their rules, and the words to ask by."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from delivery.door.models import DeliveryChange, DeliveryRound, RoundStop
from delivery.door.queries import door_of, latest_changes, stops_of
from delivery.door.rules import Change, Plan, ReleaseRule, needs_of, plan_of
from delivery.door.wording import REASONS, RELATIONS, RULES
from delivery.models.parcels import Parcel
from delivery.rules import Direction
from delivery.rules.summaries import from_data
from shared.calendar import WorkCalendar
from shared.places import places_of_province
from shared.schemas import Out
from shared.working_days import work_calendar


class ReceiverOut(Out):
    """Who may receive it, and what she must show beside her ID."""

    relation: str
    words: str
    paper: str


class RoundStopOut(Out):
    number: str
    position: int
    is_result: bool
    recipient_name: str
    recipient_phone: str
    address: str
    commune: str
    commune_code: str
    note: str
    """What the addressee has asked for: another day, or an outlet."""
    is_not_today: bool
    rule: str
    rule_words: str
    receivers: list[ReceiverOut]
    collects: list[str]
    """Originals to be taken back in exchange, by name."""
    contents: list[str]
    invitations: int
    is_too_early: bool
    """An attempt today would not count as the second invitation."""
    state: str
    is_answered: bool


class DoorChoiceOut(Out):
    code: str
    words: str


class PhoneList(Out):
    round_id: UUID
    postman_name: str
    round_date: date
    expires_at: datetime
    send_until: datetime
    now: Annotated[datetime, Field(description="Our clock, to compare the phone's with.")]
    stops: list[RoundStopOut]
    reasons: list[DoorChoiceOut]
    communes: list[DoorChoiceOut]
    """Of the round's province, for what is handed over elsewhere."""
    next_sequence: int


GRACE = timedelta(days=3)


def phone_list(found: DeliveryRound, now: datetime) -> PhoneList:
    """Everything of a round; the caller has opened the scope."""
    stops, calendar = list(stops_of(found.id)), work_calendar()
    changes = latest_changes([stop.parcel_id for stop in stops])
    return PhoneList(
        round_id=found.id, postman_name=found.postman_name, round_date=found.round_date, expires_at=found.expires_at,
        send_until=found.expires_at + GRACE, now=now, next_sequence=found.last_sequence + 1,
        stops=[_stop(stop, changes.get(stop.parcel_id), found.round_date, calendar) for stop in stops],
        reasons=[DoorChoiceOut(code=code, words=str(words)) for code, words in REASONS.items()],
        communes=[DoorChoiceOut(code=place.code, words=place.full_name)
                  for place in places_of_province(found.province_code)])


def _stop(stop: RoundStop, change: DeliveryChange | None, today: date, calendar: WorkCalendar) -> RoundStopOut:
    parcel = stop.parcel
    release = getattr(parcel, "release", None)
    rule = ReleaseRule(release.rule) if release is not None else ReleaseRule.AUTHORISED
    address, commune = door_of(parcel, change)
    plan = invitations(parcel, calendar)
    return RoundStopOut(
        number=parcel.number, position=stop.position, is_result=parcel.direction == Direction.RESULT,
        recipient_name=parcel.recipient_name, recipient_phone=parcel.recipient_phone, address=address, commune=commune,
        commune_code=(change.commune_id if change and change.kind == Change.ADDRESS else None)
        or parcel.recipient_commune_id,
        note=change.wanted_date.isoformat() if change and change.wanted_date else "",
        is_not_today=bool(change and change.wanted_date and change.wanted_date != today),
        rule=rule, rule_words=str(RULES[rule]), state=parcel.state, is_answered=stop.answered_at is not None,
        receivers=[ReceiverOut(relation=relation, words=str(RELATIONS[relation]), paper=paper)
                   for relation, paper in needs_of(rule, Direction(parcel.direction)).items()],
        collects=[each["name"] for each in (release.collects if release is not None else [])],
        contents=[line for row in parcel.contents.all() for line in row.contents],
        invitations=plan.invitations, is_too_early=plan.next_from is not None and today < plan.next_from)


def invitations(parcel: Parcel, calendar: WorkCalendar) -> Plan:
    """What the failed attempts of a parcel amount to."""
    return plan_of((date.fromisoformat(day) for day in from_data(parcel.summary).attempt_days), calendar)
