"""Vietnam Post through a province's LGSP: orders under item codes from a pool that was allotted beforehand.

Published by provinces that use it: the order's fields (CustomerCode, ItemCode, OrderNumber, CODAmount, Sender,
Receiver, FlagConfig) and its answer, Status 100 for taken and 101 for refused. Looking an order up, changing it and its
traces are not published; they are asked for here in the same manner, to be agreed with the province's LGSP. Its events
are UPU EMSEVT codes; what `FlagConfig` means is assumed: "HS" for a dossier on its way in, "KQ" for a result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import httpx

from delivery.carriers.adapter import Adapter, Message
from delivery.carriers.http import ask, data_of, unsaid
from delivery.carriers.known import KnownCarrier
from delivery.carriers.protocol import Answer, Consignment, Instruction, Outcome, Party, Polled
from delivery.errors import EventsMalformed
from delivery.rules.carrier_requests import RequestKind

TAKEN, REFUSED, ABSENT = "100", "101", "104"
FLAGS: Final[Mapping[str, str]] = {"dossier": "HS", "result": "KQ"}
CHANGES: Final[Mapping[RequestKind, str]] = {
    RequestKind.CANCEL: "CANCEL", RequestKind.REDIRECT: "CHANGE_RECEIVER", RequestKind.RESCHEDULE: "CHANGE_DATE",
    RequestKind.RETURN: "RETURN"}  # fmt: skip
_RECEIVER: Final[Mapping[str, str]] = {
    "name": "ReceiverName", "relation": "Relation", "id_kind": "IdKind", "method": "Method"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VietnamPost:
    carrier: KnownCarrier

    def book(self, consignment: Consignment) -> Answer:
        order = {
            "CustomerCode": self.carrier.account.get("customer_code", ""), "ItemCode": consignment.number,
            "OrderNumber": ", ".join(consignment.references)[:100], "CODAmount": 0,
            "Weight": consignment.weight_grams, "OrderDate": consignment.booked_at.isoformat(),
            "Sender": _party(consignment.sender), "Receiver": _party(consignment.receiver),
            "FlagConfig": FLAGS.get(consignment.direction, consignment.direction)}  # fmt: skip
        return _judged(ask(self.carrier, "POST", "/orders", consignment.number, content=order, headers=self._key()))

    def find(self, number: str) -> Answer:
        return _judged(ask(self.carrier, "GET", f"/orders/{number}", number, headers=self._key()))

    def instruct(self, instruction: Instruction) -> Answer:
        details = instruction.details
        change = {
            "RequestId": str(instruction.id), "ItemCode": instruction.number, "Type": CHANGES[instruction.kind],
            "Date": details.get("day", ""), "Part": details.get("part", ""), "Note": instruction.reason,
            "Receiver": {"Name": details.get("name", ""), "Tel": details.get("phone", ""),
                         "Address": details.get("address", ""), "Commune": details.get("commune", ""),
                         "Point": details.get("point", "")}}  # fmt: skip
        path = f"/orders/{instruction.number}/changes"
        return _judged(ask(self.carrier, "POST", path, instruction.number, content=change, headers=self._key()))

    def find_instruction(self, instruction: Instruction) -> Answer:
        path = f"/orders/{instruction.number}/changes/{instruction.id}"
        return _judged(ask(self.carrier, "GET", path, instruction.number, headers=self._key()))

    def poll(self, numbers: Sequence[str]) -> Polled:
        answer = ask(self.carrier, "POST", "/traces", "traces", content={"ItemCodes": list(numbers)},
                     headers=self._key())  # fmt: skip
        if isinstance(answer, Answer):
            return Polled(is_answered=False, reason=answer.reason)
        told = data_of(answer)
        if str(told.get("Status")) != TAKEN or not isinstance(told.get("Data"), list):
            return Polled(is_answered=False, reason=f"HTTP {answer.status_code}, Status {told.get('Status')}"[:120])
        return Polled(is_answered=True, events=[each for each in told["Data"] if isinstance(each, dict)])

    def _key(self) -> dict[str, str]:
        """LGSP lets an agency in by a key of its own, besides our signature."""
        key = self.carrier.account.get("lgsp_key", "")
        return {"Authorization": f"Bearer {key}"} if key else {}


def _judged(answer: httpx.Response | Answer) -> Answer:
    if isinstance(answer, Answer):
        return answer
    told = data_of(answer)
    status = str(told.get("Status", ""))
    if answer.status_code >= httpx.codes.BAD_REQUEST and not status:
        return unsaid(answer)
    outcome = {TAKEN: Outcome.BOOKED, REFUSED: Outcome.REFUSED, ABSENT: Outcome.ABSENT}.get(status, Outcome.UNKNOWN)
    own = told.get("Data", {}).get("OwnCodes", []) if isinstance(told.get("Data"), dict) else []
    reason = "" if outcome is Outcome.BOOKED else f"Status {status or '?'}: {str(told.get('Code', ''))[:60]}"
    return Answer(outcome, reason, tuple(str(each) for each in own) if isinstance(own, list) else ())


def _party(party: Party) -> dict[str, str]:
    """There are no districts any more; the commune stands in the address, as on the label."""
    commune, _, province = party.commune.partition(", ")
    return {"Name": party.name, "Tel": party.phone, "Email": "", "Address": f"{party.address}, {commune}",
            "District": "", "Province": province, "Commune": party.commune, "Desc": ""}  # fmt: skip


def translate(message: Message) -> Sequence[Message] | None:
    """Traces, pushed one by one, in a list, or as a line of the daily file."""
    traces = message.get("Traces", [message] if "TraceCode" in message else None)
    if traces is None:
        return None
    if not isinstance(traces, list) or not all(isinstance(each, dict) for each in traces):
        raise EventsMalformed
    return [_event({"ItemCode": message.get("ItemCode"), **each}) for each in traces]


def _event(trace: Mapping[str, Any]) -> dict[str, Any]:
    said = [str(trace.get(name) or "") for name in ("ItemCode", "TraceCode", "TraceDate", "POName")]
    event: dict[str, Any] = {
        "event_id": str(trace.get("TraceId") or "") or f"vn:{sha256('|'.join(said).encode()).hexdigest()[:40]}",
        "number": said[0], "code": said[1], "occurred_at": said[2], "office": said[3][:120],
        "note": str(trace.get("Note") or "")[:300]}  # fmt: skip
    receiver = {ours: str(trace[theirs]) for ours, theirs in _RECEIVER.items() if trace.get(theirs)}
    return event | ({"receiver": receiver} if receiver.get("name") else {})


ADAPTER: Final = Adapter(
    carriers=("vnpost",), connect=VietnamPost, translate=translate, poll_size=200,
    file_columns=("TraceId", "ItemCode", "TraceCode", "TraceDate", "POName", "Note", *_RECEIVER.values()))  # fmt: skip
