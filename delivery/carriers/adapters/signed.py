"""A carrier that speaks Wardpost's own form: the pattern for carriers that have no interface yet.

`PUT {base}/parcels/{number}` with the consignment is idempotent by the number; `GET` of the same address says whether
the carrier has it. `PUT` and `GET` of `…/parcels/{number}/requests/{id}` do the same for instructions, and
`POST {base}/tracking` with `{"numbers": […]}` is answered by the events so far. Everything is signed, both ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from delivery.carriers.adapter import Adapter
from delivery.carriers.http import ask, data_of, unsaid
from delivery.carriers.known import KnownCarrier
from delivery.carriers.protocol import Answer, Consignment, Instruction, Outcome, Polled

_TAKEN: Final = frozenset({200, 201})


@dataclass(frozen=True, slots=True)
class SignedCarrier:
    carrier: KnownCarrier

    def book(self, consignment: Consignment) -> Answer:
        number = consignment.number
        return _taken(ask(self.carrier, "PUT", f"/parcels/{number}", number, content=consignment))

    def find(self, number: str) -> Answer:
        return _found(ask(self.carrier, "GET", f"/parcels/{number}", number))

    def instruct(self, instruction: Instruction) -> Answer:
        told = {"kind": instruction.kind, "details": dict(instruction.details), "reason": instruction.reason}
        return _taken(ask(self.carrier, "PUT", _path(instruction), instruction.number, content=told))

    def find_instruction(self, instruction: Instruction) -> Answer:
        answer = ask(self.carrier, "GET", _path(instruction), instruction.number)
        if isinstance(answer, httpx.Response) and data_of(answer).get("state") == "refused":
            return Answer(Outcome.REFUSED, str(data_of(answer).get("code", ""))[:60])
        return _found(answer)

    def poll(self, numbers: Sequence[str]) -> Polled:
        answer = ask(self.carrier, "POST", "/tracking", "tracking", content={"numbers": list(numbers)})
        if isinstance(answer, Answer):
            return Polled(is_answered=False, reason=answer.reason)
        events = data_of(answer).get("events")
        if answer.status_code != httpx.codes.OK or not isinstance(events, list):
            return Polled(is_answered=False, reason=f"HTTP {answer.status_code}")
        return Polled(is_answered=True, events=[each for each in events if isinstance(each, dict)])


def _taken(answer: httpx.Response | Answer) -> Answer:
    if isinstance(answer, Answer):
        return answer
    return _has(answer) or unsaid(answer)


def _found(answer: httpx.Response | Answer) -> Answer:
    if isinstance(answer, Answer):
        return answer
    is_absent = answer.status_code == httpx.codes.NOT_FOUND
    return _has(answer) or Answer(Outcome.ABSENT if is_absent else Outcome.UNKNOWN, f"HTTP {answer.status_code}")


def _has(answer: httpx.Response) -> Answer | None:
    """A yes is a status and a JSON object: the page of a gateway that answers for everybody is none."""
    if answer.status_code not in _TAKEN or not data_of(answer):
        return None
    return Answer(Outcome.BOOKED, own_numbers=_own_numbers(answer))


def _own_numbers(answer: httpx.Response) -> tuple[str, ...]:
    told = data_of(answer).get("own_numbers")
    return tuple(str(each) for each in told) if isinstance(told, list) else ()


def _path(instruction: Instruction) -> str:
    return f"/parcels/{instruction.number}/requests/{instruction.id}"


ADAPTER: Final = Adapter(carriers=("",), connect=SignedCarrier)
