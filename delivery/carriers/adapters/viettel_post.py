"""Viettel Post: its REST interface and its status numbers 100 to 550, as public clients of it use them.

It gives every order a number of its own and keeps ours as the reference. A token is fetched with the account's name and
password. Looking an order up by reference and asking for many orders' tracking in one go are not published; they are
asked for here in the same manner. Its webhook names a status and a moment in local time, and no id: the event's id is
made of what it says, so that the same status told again is the same event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

import httpx

from delivery.carriers.adapter import Adapter, Message
from delivery.carriers.http import ask, data_of, unsaid
from delivery.carriers.known import KnownCarrier
from delivery.carriers.protocol import Answer, Consignment, Instruction, Outcome, Party, Polled
from delivery.errors import EventsMalformed
from delivery.rules.carrier_requests import RequestKind
from shared.calendar import LOCAL_ZONE

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {str(code): "X-PICK" for code in range(100, 108)}
    | {"200": "EMA", "201": "X-CANC", "202": "X-EDIT"}
    | {str(code): "EDE" for code in range(300, 304)}
    | {str(code): "EDD" for code in range(400, 404)}
    | {"500": "EDG", "501": "EMI", "502": "X-RTN", "503": "X-CANC", "504": "X-RTA", "505": "X-RTN", "506": "EMH",
       "507": "EDH", "508": "EDG", "509": "EDE", "510": "EDF", "515": "X-RTN", "550": "EDF"}
)  # fmt: skip
TYPES: Final[Mapping[RequestKind, int]] = {RequestKind.RETURN: 2, RequestKind.RESCHEDULE: 3, RequestKind.CANCEL: 4}
"""Of an order's update; another address is an edit of the order."""
DONE: Final[Mapping[RequestKind, frozenset[str]]] = {
    RequestKind.CANCEL: frozenset({"201", "503"}),
    RequestKind.RETURN: frozenset({"502", "504", "505", "515"}),
}
"""Statuses that say that an update was taken. The others may be told again without harm."""
MOMENT: Final = "%d/%m/%Y %H:%M:%S"
_RECEIVER: Final[Mapping[str, str]] = {
    "name": "RECEIVER_FULLNAME", "relation": "RECEIVER_RELATION", "id_kind": "RECEIVER_ID_KIND",
    "method": "RECEIVER_METHOD"}  # fmt: skip
_tokens: dict[str, str] = {}
_lock: Final = Lock()


@dataclass(frozen=True, slots=True)
class ViettelPost:
    carrier: KnownCarrier

    def book(self, consignment: Consignment) -> Answer:
        order = {
            "ORDER_NUMBER": consignment.number, "ORDER_REFERENCE": consignment.number,
            "PRODUCT_NAME": ", ".join(consignment.references)[:100], "PRODUCT_QUANTITY": 1,
            "PRODUCT_WEIGHT": consignment.weight_grams, "PRODUCT_TYPE": "TH", "ORDER_PAYMENT": 1,
            "MONEY_COLLECTION": 0, "ORDER_NOTE": consignment.direction,
            "DELIVERY_DATE": consignment.booked_at.astimezone(LOCAL_ZONE).strftime(MOMENT),
            **_party("SENDER", consignment.sender), **_party("RECEIVER", consignment.receiver)}  # fmt: skip
        return self._asked("/v2/order/createOrder", consignment.number, order)

    def find(self, number: str) -> Answer:
        return self._asked("/v2/order/find", number, {"ORDER_REFERENCE": number})

    def instruct(self, instruction: Instruction) -> Answer:
        number, details = instruction.number, instruction.details
        told: dict[str, Any] = {"ORDER_REFERENCE": number, "REQUEST_ID": str(instruction.id),
                                "NOTE": " ".join((instruction.reason, details.get("day", ""))).strip()}  # fmt: skip
        if instruction.kind is RequestKind.REDIRECT:
            place = ", ".join(filter(None, (details.get("address"), details.get("commune"))))
            told["RECEIVER_ADDRESS"] = place or details.get("point", "")
            told |= {"RECEIVER_FULLNAME": details.get("name", ""), "RECEIVER_PHONE": details.get("phone", "")}
            return self._asked("/v2/order/edit", number, told)
        return self._asked("/v2/order/UpdateOrder", number, told | {"TYPE": TYPES[instruction.kind]})

    def find_instruction(self, instruction: Instruction) -> Answer:
        """It knows orders, not requests: whether the order has come to a status that says so."""
        polled = self.poll([instruction.number])
        if not polled.is_answered:
            return Answer(Outcome.UNKNOWN, polled.reason)
        said = {str(each.get("ORDER_STATUS")) for each in polled.events}
        return Answer(Outcome.BOOKED if said & DONE.get(instruction.kind, frozenset()) else Outcome.ABSENT)

    def poll(self, numbers: Sequence[str]) -> Polled:
        answer = self._post("/v2/order/tracking", "tracking", {"ORDER_REFERENCES": list(numbers)})
        if isinstance(answer, Answer):
            return Polled(is_answered=False, reason=answer.reason)
        told = data_of(answer)
        if told.get("error") is not False or not isinstance(told.get("data"), list):
            return Polled(is_answered=False, reason=f"HTTP {answer.status_code}")
        return Polled(is_answered=True, events=[each for each in told["data"] if isinstance(each, dict)])

    def _asked(self, path: str, number: str, content: Mapping[str, Any]) -> Answer:
        answer = self._post(path, number, content)
        return answer if isinstance(answer, Answer) else _judged(answer)

    def _post(self, path: str, subject: str, content: Mapping[str, Any]) -> httpx.Response | Answer:
        """With the token; once more with a new one when the old one is not taken any longer."""
        answer = self._with_token(path, subject, content)
        if isinstance(answer, httpx.Response) and answer.status_code == httpx.codes.UNAUTHORIZED:
            _tokens.pop(self.carrier.booking_url, None)
            answer = self._with_token(path, subject, content)
        return answer

    def _with_token(self, path: str, subject: str, content: Mapping[str, Any]) -> httpx.Response | Answer:
        token = self._token()
        if isinstance(token, Answer):
            return token
        return ask(self.carrier, "POST", path, subject, content=content, headers={"Token": token})

    def _token(self) -> str | Answer:
        with _lock:
            if self.carrier.booking_url in _tokens:
                return _tokens[self.carrier.booking_url]
        account = self.carrier.account
        content = {"USERNAME": account.get("username", ""), "PASSWORD": account.get("password", "")}
        answer = ask(self.carrier, "POST", "/v2/user/Login", "login", content=content)
        if isinstance(answer, Answer):
            return answer
        token = (data_of(answer).get("data") or {}).get("token")
        if not token:
            return Answer(Outcome.UNKNOWN, f"HTTP {answer.status_code}: no token")
        with _lock:
            _tokens[self.carrier.booking_url] = str(token)
        return str(token)


def _judged(answer: httpx.Response) -> Answer:
    """The status is 200 also for what it refuses: the body says."""
    told = data_of(answer)
    if answer.status_code != httpx.codes.OK or not isinstance(told.get("error"), bool):
        return unsaid(answer) if answer.status_code != httpx.codes.OK else Answer(Outcome.UNKNOWN, "no answer in it")
    data = told.get("data") if isinstance(told.get("data"), dict) else {}
    if not told["error"]:
        own = data.get("ORDER_NUMBER") if data else None
        return Answer(Outcome.BOOKED, own_numbers=(str(own),) if own else ())
    is_absent = told.get("status") == httpx.codes.NOT_FOUND
    return Answer(Outcome.ABSENT if is_absent else Outcome.REFUSED, f"status {told.get('status')}"[:60])


def _party(whose: str, party: Party) -> dict[str, str]:
    return {f"{whose}_FULLNAME": party.name, f"{whose}_PHONE": party.phone,
            f"{whose}_ADDRESS": f"{party.address}, {party.commune}", f"{whose}_COMMUNE": party.commune}  # fmt: skip


def translate(message: Message) -> Sequence[Message] | None:
    """What its webhook tells, one order at a time, and a line of its daily file."""
    data = message.get("DATA", message if "ORDER_STATUS" in message else None)
    if data is None:
        return None
    if not isinstance(data, dict):
        raise EventsMalformed
    return [_event(data)]


def _event(data: Mapping[str, Any]) -> dict[str, Any]:
    number = str(data.get("ORDER_REFERENCE") or data.get("ORDER_NUMBER") or "")
    status, moment = str(data.get("ORDER_STATUS", "")), str(data.get("ORDER_STATUSDATE", ""))
    office = str(data.get("LOCALION_CURRENTLY") or "")[:120]
    event: dict[str, Any] = {
        "event_id": f"vt:{sha256(f'{number}|{status}|{moment}|{office}'.encode()).hexdigest()[:40]}",
        "number": number, "code": status, "occurred_at": _moment(moment),
        "office": office, "note": str(data.get("NOTE") or "")[:300]}  # fmt: skip
    receiver = {ours: str(data[theirs]) for ours, theirs in _RECEIVER.items() if data.get(theirs)}
    return event | ({"receiver": receiver} if receiver.get("name") else {})


def _moment(text: str) -> str:
    """Left as it is where it cannot be read; the event is refused for it then."""
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=LOCAL_ZONE).isoformat()
    except ValueError:
        return text


ADAPTER: Final = Adapter(
    carriers=("vtpost",), connect=ViettelPost, codes=CODES, translate=translate, poll_size=100,
    file_columns=("ORDER_NUMBER", "ORDER_REFERENCE", "ORDER_STATUS", "ORDER_STATUSDATE", "LOCALION_CURRENTLY", "NOTE",
                  *_RECEIVER.values()))  # fmt: skip
