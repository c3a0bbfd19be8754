"""What the carriers call what happens: our events in their own words, as their webhooks and traces have them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zlib import crc32

from delivery.carriers.adapters.viettel_post import MOMENT
from shared.calendar import LOCAL_ZONE


def in_own_words(carrier: str, event: Mapping[str, Any], *, renumbers: bool) -> dict[str, Any]:
    """The webhook's message that tells of `event`; carriers that have no words of their own use ours."""
    if carrier == "vnpost":
        return trace_of(event)
    if carrier == "vtpost":
        return {"DATA": status_of(event, renumbers=renumbers), "TOKEN": "a-token-of-the-simulator"}
    return dict(event)


def trace_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as the LGSP passes it on."""
    receiver = event.get("receiver") or {}
    return {
        "TraceId": event["event_id"], "ItemCode": event["number"], "TraceCode": event["code"],
        "TraceDate": event["occurred_at"], "POName": event.get("office", ""), "Note": event.get("note", ""),
        "ReceiverName": receiver.get("name"), "Relation": receiver.get("relation"),
        "IdKind": receiver.get("id_kind"), "Method": receiver.get("method")}  # fmt: skip


def own_number(number: str) -> str:
    """The number that Viettel Post gives the order of the parcel `number`."""
    return f"1{crc32(number.encode()):010d}"


def status_of(event: Mapping[str, Any], *, renumbers: bool) -> dict[str, Any]:
    """An event as its webhook tells it. With renumbering it keeps our number to itself."""
    receiver = event.get("receiver") or {}
    moment = datetime.fromisoformat(event["occurred_at"]).astimezone(LOCAL_ZONE)
    return {
        "ORDER_NUMBER": event["number"] if renumbers else own_number(event["number"]),
        "ORDER_REFERENCE": "" if renumbers else event["number"], "ORDER_STATUS": event["code"],
        "ORDER_STATUSDATE": moment.strftime(MOMENT), "LOCALION_CURRENTLY": event.get("office", ""),
        "NOTE": event.get("note", ""), "RECEIVER_FULLNAME": receiver.get("name"),
        "RECEIVER_RELATION": receiver.get("relation"), "RECEIVER_ID_KIND": receiver.get("id_kind"),
        "RECEIVER_METHOD": receiver.get("method")}  # fmt: skip
