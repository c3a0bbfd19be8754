"""What goes wrong with the post in Huế, and who sees to it: each trouble of a parcel that the day has packed.

Nobody at home, an address that does not exist, a citizen who fetches hers elsewhere, a carrier that says two things at
once, a parcel nobody has seen since, one that is lost and paid for, a carrier that was silent for a while, and the bag
that was handed over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import orjson

from agents.models.people import StaffAccount
from config.demo import kept_promises
from config.demo.hue_figures import PROVINCE as HUE
from config.demo.timeline import Timeline
from delivery.carriers.messages import CarrierEvent, read_message
from delivery.dispatch.models import Dispatch
from delivery.dispatch.operations import collecting, packing
from delivery.door.errors import ChangeClosed
from delivery.door.operations import changes
from delivery.door.operations.changes import ChangeInput
from delivery.door.queries import pick_up_outlets
from delivery.indemnities import operations as indemnities
from delivery.indemnities.models import Indemnity
from delivery.indemnities.rules import IndemnityKind, IndemnityState
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.operations import ingest, lines
from delivery.rules import Direction, ParcelState
from delivery.searches import operations as searches
from shared import scope
from shared.actors import Actor

SEAL: Final = "TTHC260519"
OUTAGE: Final = timedelta(minutes=24)
SILENT_CARRIER: Final = "vtpost"
_OURS: Final = "trouble-"
"""How the ids of these events begin."""
_DEPOT: Final = "Bưu cục phát Phong Điền"

type Said = tuple[str, int, str]
"""A carrier's code, minutes before now, and its note."""

_TO_THE_DOOR: Final[tuple[Said, ...]] = (("EMA", 300, ""), ("EMG", 120, ""), ("EDG", 90, ""))
_NOT_AT_HOME: Final[tuple[Said, ...]] = (
    *_TO_THE_DOOR, ("EMH", 40, "Không gặp người nhận, đã gửi giấy mời, hẹn phát lại"))
_NO_SUCH_ADDRESS: Final[tuple[Said, ...]] = (
    *_TO_THE_DOOR, ("EMH", 60, "Địa chỉ không có thật, số điện thoại không đúng"), ("X-RTN", 45, ""),
    ("X-RTA", 12, "Đã giao lại Trung tâm"))
_TWO_ENDS: Final[tuple[Said, ...]] = (*_TO_THE_DOOR, ("EMI", 50, ""), ("X-RTA", 20, "Chuyển trả"))
_TAKEN_ONLY: Final[tuple[Said, ...]] = (("EMA", 300, ""),)
_LOST: Final[tuple[Said, ...]] = (
    ("EMA", 300, ""), ("X-LOST", 35, "Xe thư bị cháy trên đường; bưu cục xác nhận thất lạc"))


def plan(timeline: Timeline, now: datetime) -> None:
    """The troubles, and, once everybody has been told of them, what was settled of them."""
    timeline.plan(now, tell)
    timeline.plan(now, settle)


def tell(at: datetime) -> None:
    """Everything through the operations that carriers, citizens and staff use; a trouble without a parcel is left out.

    The bag comes first: what is in it has left the centre when its troubles begin.
    """
    officer = StaffAccount.objects.select_related("centre").get(username="canbo.hue").actor
    _hand_over_a_bag(officer, at)
    if TrackingEvent.objects.filter(event_id__startswith=_OURS).exists():
        return  # a story that was cut short: the rest went on before
    _fall_silent(at)
    waiting = _results()
    for parcel, life in zip(waiting, (_NOT_AT_HOME, _NO_SUCH_ADDRESS, _TWO_ENDS, _TAKEN_ONLY), strict=False):
        _say(parcel, life, at)
    for parcel in waiting[3:4]:
        _miss(parcel, officer, at)
    for parcel in waiting[5:6]:
        _say(parcel, _LOST, at)
    for parcel in waiting[4:5] or waiting[:1]:  # on a day with few parcels, whoever was not at home fetches hers
        _fetch_elsewhere(parcel, at)


def settle(at: datetime) -> None:
    """The operator owes what the law gives for the lost parcel, and says so; then all promises are counted."""
    owed = Indemnity.objects.filter(kind=IndemnityKind.LOSS, state=IndemnityState.PROPOSED, province_code=HUE,
                                    operator_code="VNPOST")
    for indemnity_id in list(owed.values_list("id", flat=True)):
        operator = StaffAccount.objects.select_related("operator").get(username="dieuhanh.vnpost")
        indemnities.answer(indemnity_id=indemnity_id, by=operator.actor, at=at,
                           reply=indemnities.Reply(is_accepted=True, words="Đã xác minh: bưu gửi cháy cùng xe thư."))
    kept_promises.count_all(at)


def _results() -> Sequence[Parcel]:
    """Results of Huế that no carrier has told anything of, the oldest first."""
    booked = Parcel.objects.filter(
        province_code=HUE, carrier="vnpost", direction=Direction.RESULT, state=ParcelState.BOOKED)
    return list(booked.order_by("booked_at", "id")[:6])


def _hand_over_a_bag(officer: Actor, at: datetime) -> None:
    """What the centre has packed so far goes in one sealed bag; the collector signs for it."""
    waiting = packing.packed_here(officer).waiting().filter(operator_code="VNPOST")
    if Dispatch.objects.filter(centre_id=officer.centre_id).exists() or not waiting.exists():
        return
    packing.pack_all(operator_code="VNPOST", by=officer, at=at - timedelta(hours=6))
    dispatch = Dispatch.objects.get(centre_id=officer.centre_id, operator_code="VNPOST", state="open")
    packing.close_list(dispatch_id=dispatch.id, seals=[SEAL], by=officer, at=at - timedelta(hours=5, minutes=40))
    collecting.hand_over(dispatch_id=dispatch.id, gave_name=officer.name, taken_by_name="Nguyễn Văn Phát",
                         taken_by_badge="BT-0417", by=officer, at=at - timedelta(hours=5, minutes=20))


def _fall_silent(at: datetime) -> None:
    """The second carrier answers nobody for a while; its operator was asked, and it answers again."""
    for minutes in range(0, int(OUTAGE.total_seconds()) // 60 + 1, 4):
        moment = at - timedelta(hours=2) + timedelta(minutes=minutes)
        lines.note_answer(SILENT_CARRIER, is_answered=False, reason="timeout", at=moment)
    healed = at - timedelta(hours=2) + OUTAGE + timedelta(minutes=3)
    lines.note_answer(SILENT_CARRIER, is_answered=True, reason="", at=healed)


def _say(parcel: Parcel, life: Sequence[Said], at: datetime) -> None:
    """The carrier tells all of it in one message, as it does after a while without a line."""
    said = [_event(parcel, number, each, at) for number, each in enumerate(life)]
    message = {"events": said}
    body = orjson.dumps(message)
    read = [each for each in read_message(parcel.carrier, message, body, at) if isinstance(each, CarrierEvent)]
    ingest.ingest_events(message=ingest.Message(parcel.carrier, tuple(read), "demo", body, at))


def _event(parcel: Parcel, number: int, said: Said, at: datetime) -> dict[str, object]:
    code, minutes, note = said
    occurred_at = max(at - timedelta(minutes=minutes), parcel.booked_at + timedelta(minutes=number + 1))
    event: dict[str, object] = {
        "event_id": f"{_OURS}{parcel.number}-{number}", "number": parcel.number, "code": code,
        "occurred_at": occurred_at.isoformat(), "office": _DEPOT}
    if note:
        event["note"] = note
    if code == "EMI":
        event["receiver"] = {
            "name": parcel.recipient_name, "relation": "self", "id_kind": "cccd", "method": "signature"}
    return event


def _miss(parcel: Parcel, officer: Actor, at: datetime) -> None:
    search = searches.report_missing(
        parcel_id=parcel.id, by=officer, at=at - timedelta(minutes=30),
        words="Người dân gọi hỏi: bưu tá nói không có bưu gửi này trong chuyến, bưu cục cũng không thấy.")
    searches.note(search_id=search.id, by=officer, at=at - timedelta(minutes=18),
                  words="Đã gọi bưu cục Phong Điền: đang xem lại camera khâu chia chọn.")


def _fetch_elsewhere(parcel: Parcel, at: datetime) -> None:
    """The addressee has it brought to an outlet near her instead of her door."""
    with scope.everything():
        offers = pick_up_outlets(parcel, at)
        if not offers:
            return
        try:
            changes.change_by_citizen(
                parcel_id=parcel.id, given=ChangeInput("pick_up", outlet_id=offers[0].outlet.id), at=at)
        except ChangeClosed:
            return  # the carriers of this house live their own lives, and were faster
