"""What a postman's phone asks and tells, known by its round's key. Its page uses these routes itself.

A carrier's own handheld can do what the page does: the key comes as a header instead of a cookie.
"""

from typing import Annotated, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime, Field, ValidationError

from delivery.door import photos
from delivery.door.errors import RoundClosed
from delivery.door.operations import acts, rounds
from delivery.door.phone_list import PhoneList, phone_list
from delivery.door.records import Act, Collected, HandOver
from shared import json_body, scope
from shared.schemas import In, Out
from shared.validation import invalid_request

router = Router()

ROUND_COOKIE: Final = "wardpost_round"
ROUND_HEADER: Final = "Wardpost-Round"
LONGEST_KEY: Final = 80
BETWEEN_KEYS: Final = "."
MOST_KEYS: Final = 4
"""A phone may still hold what happened on the rounds of the days before."""
LONGEST_KEYS: Final = 400
LONGEST_ACT: Final = 60_000

type Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{4,20}$")]
type Moment = Annotated[AwareDatetime, Field(description="By the phone's own clock.")]



class RoundClaimIn(In):
    token: Annotated[str, Field(max_length=LONGEST_KEY, description="The last part of the round's link.")]


class RoundClaimOut(Out):
    round_id: UUID
    key: str
    """Sent from now on as the header Wardpost-Round. Told once."""


@router.post("/door/claims", response={201: RoundClaimOut}, auth=None, summary="Open a round on a phone",
             operation_id="claim_round")
def claim(request: HttpRequest, body: RoundClaimIn) -> Status[RoundClaimOut]:
    """The first phone that asks gets the key; the link is dead for every other."""
    with scope.everything():
        found, key = rounds.claim_round(token=body.token, at=timezone.now())
    return Status(201, RoundClaimOut(round_id=found.id, key=key))


@router.get("/door/round", response=PhoneList, auth=None, summary="What is on the postman's phone",
            operation_id="door_round")
def door_round(request: HttpRequest, response: HttpResponse) -> PhoneList:
    """All that the phone needs to work without a signal; nothing of it is in an address."""
    now = timezone.now()
    response["Cache-Control"] = "no-store"
    with scope.everything():
        return phone_list(rounds.rounds_of(keys_of(request), at=now)[0], now)


def keys_of(request: HttpRequest) -> list[str]:
    """The keys of the phone's rounds, the newest first.

    Raises:
        RoundClosed: none came.
    """
    said = request.headers.get(ROUND_HEADER, "") or request.COOKIES.get(ROUND_COOKIE, "")
    keys = [key for key in said[:LONGEST_KEYS].split(BETWEEN_KEYS) if 0 < len(key) <= LONGEST_KEY]
    if not keys:
        raise RoundClosed
    return keys[:MOST_KEYS]


class CollectedIn(In):
    position: Annotated[int, Field(ge=0, le=200)]
    sheets: Annotated[int, Field(ge=1, le=500)] = 1


class HandOverIn(In):
    """Who received it. The kind of an ID is told, never its number."""

    receiver_name: Annotated[str, Field(max_length=160)]
    relation: Annotated[str, Field(max_length=24)]
    id_kind: Annotated[str, Field(max_length=12)]
    paper: Annotated[str, Field(max_length=20)] = ""
    signature: Annotated[str, Field(max_length=20_000, description="SVG path in a field of 600 × 200.")] = ""
    code: Annotated[str, Field(max_length=6, description="Six digits that the citizen reads out.")] = ""
    collected: Annotated[list[CollectedIn], Field(max_length=200)] = []
    commune_code: Annotated[str, Field(max_length=5)] = ""

    def record(self) -> HandOver:
        return HandOver(self.receiver_name, self.relation, self.id_kind, self.paper, self.signature, self.code,
                        tuple(Collected(each.position, each.sheets) for each in self.collected), self.commune_code)


class ActIn(In):
    """One thing that happened at a door; either handed over, or the reason why not."""

    id: UUID
    number: Number
    sequence: Annotated[int, Field(ge=0, le=100_000)]
    device_at: Moment
    device_sent_at: Moment
    hand_over: HandOverIn | None = None
    reason: Annotated[str, Field(max_length=20)] = ""
    note: Annotated[str, Field(max_length=300)] = ""

    def record(self) -> Act:
        return Act(self.id, self.number.upper(), self.sequence, self.device_at, self.device_sent_at,
                   self.hand_over.record() if self.hand_over is not None else None, self.reason, self.note)


class ActForm(In):
    act: Annotated[str, Field(max_length=LONGEST_ACT, description="ActIn as JSON.")]


class KeptOut(Out):
    act_id: UUID
    number: str
    state: str
    is_new: bool
    """False: it had come before, and nothing changed."""
    doubts: list[str]
    """Work items that a person must look at."""


@router.post("/door/acts", response={201: KeptOut}, auth=None, summary="Tell what happened at a door",
             operation_id="keep_door_act")
def keep_act(request: HttpRequest, form: Form[ActForm], photo: File[UploadedFile | None] = None) -> Status[KeptOut]:
    """The act's own id makes repeats harmless; `photo` is a JPEG, PNG or WebP of at most 4 MB."""
    keys, told = keys_of(request), _read_act(form.act)
    content = None if photo is None else photo.read(photos.LARGEST_BYTES + 1)
    with scope.everything():
        kept = acts.keep_from_phone(keys=keys, act=told, photo=content, at=timezone.now())
    return Status(201, KeptOut(act_id=kept.act_id, number=kept.number, state=kept.state, is_new=kept.is_new,
                               doubts=list(kept.doubts)))


def _read_act(text: str) -> Act:
    try:
        return ActIn.model_validate(json_body.read(text.encode())).record()
    except ValidationError as error:
        found = [{**each, "loc": ("body", "act", *each["loc"])} for each in error.errors(include_url=False)]
        raise invalid_request(found) from error
