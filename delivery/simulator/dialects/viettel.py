"""Viettel Post's REST interface: see delivery/carriers/adapters/viettel_post.py, which speaks it."""

from datetime import datetime
from typing import Final

from delivery.carriers.adapters.viettel_post import MOMENT
from delivery.simulator.desk import Answer, Booked, Simulator
from delivery.simulator.dialects import UNREADABLE, Asked
from delivery.simulator.words import own_number, status_of
from shared.calendar import LOCAL_ZONE

_TOKEN: Final = "a-token-of-the-simulator"  # noqa: S105  # of nobody's
_TYPES: Final = {2: "return", 3: "reschedule", 4: "cancel"}
_ABSENT: Final[Answer] = (200, {"status": 404, "error": True, "data": None})
_REFUSED: Final[Answer] = (200, {"status": 409, "error": True, "data": None})


def answer(simulator: Simulator, asked: Asked) -> Answer | None:
    """None for an address that is none of these."""
    match asked.method, *asked.path:
        case "POST", "v2", "user", "Login":
            return 200, {"status": 200, "error": False, "data": {"token": _TOKEN}}
        case "POST", "v2", "order", what if asked.headers.get("Token") == _TOKEN:
            return _order(simulator, asked, what)
        case "POST", "v2", "order", _:
            return 401, {"status": 401, "error": True}
    return None


def _order(simulator: Simulator, asked: Asked, what: str) -> Answer | None:
    told, number = asked.told, str(asked.told.get("ORDER_REFERENCE"))
    match what:
        case "createOrder":
            return _created(simulator, asked, number)
        case "find":
            return _taken(number, simulator.find(asked.carrier, number))
        case "edit":
            return _changed(simulator, asked, "redirect")
        case "UpdateOrder":
            return _changed(simulator, asked, _TYPES.get(told.get("TYPE", 0), ""))
        case "tracking":
            events = simulator.happened(asked.carrier, [str(each) for each in told.get("ORDER_REFERENCES", [])])
            data = [status_of(event, renumbers=simulator.faults.renumbers) for event in events]
            return 200, {"status": 200, "error": False, "data": data}
    return None


def _created(simulator: Simulator, asked: Asked, number: str) -> Answer:
    told = asked.told
    try:
        booked_at = datetime.strptime(told["DELIVERY_DATE"], MOMENT).replace(tzinfo=LOCAL_ZONE)
        booked = simulator.book(asked.carrier, number, {
            "direction": told["ORDER_NOTE"], "booked_at": booked_at.isoformat(),
            "sender": {"commune": told["SENDER_COMMUNE"]},
            "receiver": {"name": told["RECEIVER_FULLNAME"], "commune": told["RECEIVER_COMMUNE"]}})  # fmt: skip
    except UNREADABLE:
        return _REFUSED
    return _taken(number, booked)


def _changed(simulator: Simulator, asked: Asked, kind: str) -> Answer:
    told = asked.told
    state = simulator.instruct(asked.carrier, str(told.get("ORDER_REFERENCE")), str(told.get("REQUEST_ID")), {
        "kind": kind, "details": {"address": told.get("RECEIVER_ADDRESS")}})  # fmt: skip
    return {"taken": (200, {"status": 200, "error": False}), "refused": _REFUSED}.get(state, _ABSENT)


def _taken(number: str, booked: Booked | None) -> Answer:
    """It has a number of its own for every order."""
    if booked is None:
        return _ABSENT
    own = booked.own_numbers[0] if booked.own_numbers else own_number(number)
    return 200, {"status": 200, "error": False, "data": {"ORDER_NUMBER": own}}
