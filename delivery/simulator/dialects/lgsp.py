"""Vietnam Post behind an LGSP: see delivery/carriers/adapters/vietnam_post.py, which speaks it."""

from typing import Final

from delivery.simulator.desk import Answer, Booked, Simulator
from delivery.simulator.dialects import UNREADABLE, Asked
from delivery.simulator.words import trace_of

_DIRECTIONS: Final = {"HS": "dossier", "KQ": "result"}
_KINDS: Final = {"CANCEL": "cancel", "CHANGE_RECEIVER": "redirect", "CHANGE_DATE": "reschedule", "RETURN": "return"}
_ABSENT: Final[Answer] = (200, {"Status": "104", "Code": "unknown"})
_REFUSED: Final[Answer] = (200, {"Status": "101", "Code": "refused"})


def answer(simulator: Simulator, asked: Asked) -> Answer | None:
    """None for an address that is none of these."""
    match asked.method, *asked.path:
        case "POST", "orders":
            return _order(simulator, asked)
        case "GET", "orders", code:
            return _taken(simulator.find(asked.carrier, code))
        case "POST", "orders", code, "changes":
            return _change(simulator, asked, code)
        case "GET", "orders", _, "changes", key:
            state = simulator.store.instruction(key)
            return _ABSENT if state is None else _REFUSED if state == "refused" else (200, {"Status": "100"})
        case "POST", "traces":
            events = simulator.happened(asked.carrier, [str(code) for code in asked.told.get("ItemCodes", [])])
            return 200, {"Status": "100", "Data": [trace_of(event) for event in events]}
    return None


def _order(simulator: Simulator, asked: Asked) -> Answer:
    told = asked.told
    try:
        booked = simulator.book(asked.carrier, str(told["ItemCode"]), {
            "direction": _DIRECTIONS.get(told["FlagConfig"], told["FlagConfig"]), "booked_at": told["OrderDate"],
            "sender": {"commune": told["Sender"]["Commune"]},
            "receiver": {"name": told["Receiver"]["Name"], "commune": told["Receiver"]["Commune"]}})  # fmt: skip
    except UNREADABLE:
        return _REFUSED
    return _taken(booked)


def _change(simulator: Simulator, asked: Asked, code: str) -> Answer:
    told, receiver = asked.told, asked.told.get("Receiver") or {}
    details = {"day": told.get("Date"), "commune": receiver.get("Commune"), "address": receiver.get("Address")}
    state = simulator.instruct(asked.carrier, code, str(told.get("RequestId")), {
        "kind": _KINDS.get(str(told.get("Type")), ""), "details": details})  # fmt: skip
    return {"taken": (200, {"Status": "100"}), "refused": _REFUSED}.get(state, _ABSENT)


def _taken(booked: Booked | None) -> Answer:
    return _ABSENT if booked is None else (200, {"Status": "100", "Data": {"OwnCodes": list(booked.own_numbers)}})
