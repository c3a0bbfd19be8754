"""Our own form: see delivery/carriers/adapters/signed.py, which speaks it."""

from delivery.simulator.desk import Answer, Booked, Simulator
from delivery.simulator.dialects import NOT_UNDERSTOOD, UNREADABLE, Asked


def answer(simulator: Simulator, asked: Asked) -> Answer | None:
    """None for an address that is none of these."""
    match asked.method, *asked.path:
        case "PUT", "parcels", number:
            return _booked(simulator, asked, number)
        case "GET", "parcels", number:
            found = simulator.find(asked.carrier, number)
            return (404, {"code": "parcel-unknown"}) if found is None else (200, _shown(number, found))
        case "PUT", "parcels", number, "requests", key:
            state = simulator.instruct(asked.carrier, number, key, dict(asked.told))
            return _STATES[state]
        case "GET", "parcels", _, "requests", key:
            state = simulator.store.instruction(key) or "unknown"
            return (404, {"code": "request-unknown"}) if state == "unknown" else (200, {"state": state})
        case "POST", "tracking":
            return 200, {"events": simulator.happened(asked.carrier, [str(n) for n in asked.told.get("numbers", [])])}
    return None


_STATES: dict[str, Answer] = {
    "taken": (201, {"state": "taken"}), "refused": (409, {"code": "too-late", "state": "refused"}),
    "unknown": (404, {"code": "parcel-unknown"})}  # fmt: skip


def _booked(simulator: Simulator, asked: Asked, number: str) -> Answer:
    try:
        booked = simulator.book(asked.carrier, number, dict(asked.told))
    except UNREADABLE:
        return NOT_UNDERSTOOD
    return 201 if booked.is_new else 200, _shown(number, booked)


def _shown(number: str, booked: Booked) -> dict[str, object]:
    shown: dict[str, object] = {"number": number, "state": "booked" if booked.is_new else "known"}
    return shown | ({"own_numbers": list(booked.own_numbers)} if booked.own_numbers else {})
