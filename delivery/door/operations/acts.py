"""What happened at a door: checked against who may receive this document, kept whole, told as events of the parcel."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from delivery.door import codes, photos
from delivery.door.errors import ActDiffers, ActRefused, AlreadyEnded, NotOnThisRound
from delivery.door.events import OriginalsCollected
from delivery.door.models import DeliveryChange, DeliveryRound, DoorAct, PickUp, RoundStop
from delivery.door.operations import elsewhere, own_events
from delivery.door.operations.releases import release_of
from delivery.door.operations.rounds import office_name, postman, rounds_of
from delivery.door.records import Act, HandOver, Kept
from delivery.door.rules import REASONS, Change, Moment, Paper, Receipt, moment_of, refusals
from delivery.models.parcels import Parcel
from delivery.operations.telling import open_item
from delivery.rules import FINAL_PARCEL_STATES, Direction
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector, Text
from shared.identifiers import NationalId
from shared.outbox.publishing import publish
from shared.places import get_place
from shared.text import clean
from shared.transactions import operation

LONGEST_DRAWING: Final = 20_000
_DRAWING: Final = re.compile(r"(?:[ML]\d{1,4} \d{1,4} ?)*", re.ASCII)
_CODE: Final = re.compile(r"\d{6}", re.ASCII)
DELIVERED, FAILED = "delivered", "failed"

WHY_NOT: Final[Mapping[str, tuple[str, Text]]] = {
    "not-entitled": ("/relation", _("This person may not receive this document.")),
    "id-missing": ("/id_kind", _("Compare an ID and say which kind it was.")),
    "paper-missing": ("/paper", _("The paper that this person needs was not shown.")),
    "originals-missing": ("/collected", _("The originals due in exchange must be handed over first.")),
}


def keep_from_phone(*, keys: Sequence[str], act: Act, photo: bytes | None, at: datetime) -> Kept:
    """Keep what a postman's phone sends, perhaps hours later and more than once.

    `keys` are those of the phone's rounds, the newest first: what happened yesterday may be sent today.

    Raises:
        RoundClosed: the phone's rounds are unknown, taken back, or over for longer than three days.
        NotOnThisRound: the parcel is on none of them.
        ActRefused: what is wrong stands in its errors.
        ActDiffers: the id was used for something else.
        AlreadyEnded: the parcel was handed over or sent back before.
    """
    open_rounds = rounds_of(keys, at=at, may_send=True)
    known = _known(act, photo)
    if known is not None:
        return known
    on_it = set(RoundStop.objects.filter(round__in=open_rounds, parcel__number=act.number, removed_at=None).values_list(
        "round_id", flat=True))
    found = next((each for each in open_rounds if each.id in on_it), None)
    if found is None:
        raise NotOnThisRound(number=act.number)
    return _keep_drawn(found, act, photo, at)


def _keep_drawn(found: DeliveryRound, act: Act, photo: bytes | None, at: datetime) -> Kept:
    picture = None
    if photo is not None:
        picture = photos.drawn_anew(photo)
        if picture is None:
            raise ActRefused(errors=_one("/photo", "unreadable", _("The photo cannot be read; take another.")))
    return _keep(round_id=found.id, act=act, photo=photo, picture=picture, at=at)


@operation
def _keep(*, round_id: UUID, act: Act, photo: bytes | None, picture: bytes | None, at: datetime) -> Kept:
    found = DeliveryRound.objects.select_for_update().get(id=round_id)
    known = _known(act, photo)  # another copy may have been kept while this one waited
    if known is not None:
        return known
    stop = RoundStop.objects.select_related("parcel").filter(
        round=found, parcel__number=act.number, removed_at=None).first()
    if stop is None:
        raise NotOnThisRound(number=act.number)
    moment = moment_of(device_at=act.device_at, device_sent_at=act.device_sent_at, server_at=at,
                       not_before=max(found.claimed_at or found.opened_at, stop.added_at))
    doubts = _write(stop.parcel, act, photo, picture, moment, by=postman(found), at_round=found,
                    office=office_name(found))
    RoundStop.objects.filter(id=stop.id).update(answered_at=at)
    DeliveryRound.objects.filter(id=found.id).update(
        last_seen_at=at, last_sequence=Greatest(F("last_sequence"), act.sequence))
    return _kept(act, doubts, is_new=True)


def keep_at_counter(parcel: Parcel, act: Act, *, outlet_id: UUID, office: str, by: Actor, at: datetime) -> Kept:
    """Keep a hand-over at an outlet's counter, in the caller's transaction; raises as `keep_from_phone`."""
    known = _known(act, None)
    if known is not None:
        return known
    moment = Moment(at, at, at, is_doubtful=False)
    return _kept(act, _write(parcel, act, None, None, moment, by=by, outlet_id=outlet_id, office=office), is_new=True)


def _known(act: Act, photo: bytes | None) -> Kept | None:
    kept = DoorAct.objects.filter(id=act.id).values_list("digest", flat=True).first()
    if kept is None:
        return None
    if bytes(kept) != _digest(act, photo):
        raise ActDiffers
    return _kept(act, (), is_new=False)


def _kept(act: Act, doubts: Sequence[str], *, is_new: bool) -> Kept:
    state = Parcel.objects.values_list("state", flat=True).get(number=act.number)
    return Kept(act.id, act.number, state, is_new, tuple(doubts))


def _digest(act: Act, photo: bytes | None) -> bytes:
    """Of what happened; when it was sent does not count, for it may be sent again."""
    said: dict[str, Any] = asdict(act) | {"device_sent_at": None, "photo": sha256(photo or b"").hexdigest()}
    return sha256(orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS)).digest()


# --- writing it down -------------------------------------------------------------------------------------------------


def _write(parcel: Parcel, act: Act, photo: bytes | None, picture: bytes | None, moment: Moment, *, by: Actor,
           office: str, at_round: DeliveryRound | None = None, outlet_id: UUID | None = None) -> list[str]:
    """Check the act, keep it and tell it; returns what is doubtful about it."""
    locked = Parcel.objects.select_for_update(of=("self",)).get(id=parcel.id)
    if locked.state in FINAL_PARCEL_STATES:
        raise AlreadyEnded(number=locked.number, state=locked.state)
    _rule, due = release_of(locked.id)
    given = act.hand_over
    _check(locked, act, due)
    blob, digest = photos.keep(picture) if picture is not None else ("", "")
    kept = DoorAct(
        id=act.id, parcel=locked, round=at_round, outlet_id=outlet_id, what=DELIVERED if given else FAILED,
        sequence=act.sequence, digest=_digest(act, photo), device_at=moment.device_at,
        corrected_at=moment.corrected_at, server_at=moment.server_at, is_clock_doubtful=moment.is_doubtful,
        reason="" if given else act.reason, note=_tidy(act.note), photo=blob, photo_sha256=digest)
    if given is not None:
        _fill_hand_over(kept, given, due)
    kept.save(force_insert=True)
    doubts = _doubts(kept, locked)
    audit.record(actor=by, action=f"door.{kept.what}", object_type="parcel", object_id=locked.id,
                 at=moment.corrected_at, after={"act": str(kept.id), "relation": kept.relation, "reason": kept.reason},
                 reason=",".join(doubts))
    _tell(kept, locked, office)
    for doubt in doubts:
        if doubt == elsewhere.KIND:
            elsewhere.doubt_place(locked, kept.commune_code, {"act": str(kept.id)}, moment.server_at)
        else:
            open_item(doubt, locked.number, locked.operator_code, moment.server_at, {"act": str(kept.id)})
    PickUp.objects.filter(parcel=locked, ended_at=None).update(ended_at=moment.server_at) if given else None
    return doubts


def _fill_hand_over(kept: DoorAct, given: HandOver, due: Sequence[Mapping[str, str]]) -> None:
    kept.receiver_name, kept.relation = clean(given.receiver_name), given.relation
    kept.id_kind, kept.paper, kept.signature = given.id_kind, given.paper, given.signature.strip()
    kept.is_code_right = codes.is_right(kept.parcel_id, given.code) if given.code else None
    kept.method = "otp" if kept.is_code_right and not kept.signature else "signature"
    kept.commune_code = given.commune_code
    kept.collected = [{**due[each.position], "sheets": each.sheets} for each in given.collected]


def _check(parcel: Parcel, act: Act, due: Sequence[Mapping[str, str]]) -> None:
    wrong = ErrorCollector()
    if act.hand_over is None:
        if act.reason not in REASONS:
            wrong.add("/reason", "unknown", _("Say why it was not handed over."))
    else:
        _check_hand_over(parcel, act.hand_over, due, wrong)
    if NationalId.parse(clean(act.note).replace(" ", "")) is not None:
        wrong.add("/note", "a-persons-number", _("Never write an ID number down."))
    wrong.raise_if_any(ActRefused)


def _check_hand_over(parcel: Parcel, given: HandOver, due: Sequence[Mapping[str, str]], wrong: ErrorCollector) -> None:
    name = clean(given.receiver_name)
    if not 2 <= len(name) <= 160 or any(letter.isdigit() for letter in name):
        wrong.add("/receiver_name", "missing", _("Write the full name of who received it."))
    rule, _due = release_of(parcel.id)
    positions = {each.position for each in given.collected if 0 <= each.position < len(due)}
    if len(positions) != len(given.collected):
        wrong.add("/collected", "unknown", _("This original is not due in exchange."))
    receipt = Receipt(given.relation, given.id_kind, given.paper, len(positions))
    for refusal in refusals(rule, Direction(parcel.direction), receipt, to_collect=len(due)):
        pointer, message = WHY_NOT[refusal]
        wrong.add(pointer, refusal, message)
    if given.paper not in Paper:
        wrong.add("/paper", "unknown", _("Choose a paper of the list."))
    drawing = given.signature.strip()
    if len(drawing) > LONGEST_DRAWING or _DRAWING.fullmatch(drawing) is None:
        wrong.add("/signature", "not-a-drawing", _("The drawn signature cannot be read; draw it again."))
    elif not drawing and not _CODE.fullmatch(given.code.strip()):
        wrong.add("/signature", "missing", _("Let the receiver sign, or type the six digits that she reads out."))
    if given.commune_code and get_place(given.commune_code) is None:
        wrong.add("/commune_code", "unknown", _("Choose a commune that exists today."))


def _one(pointer: str, code: str, message: Text) -> Any:
    collected = ErrorCollector()
    collected.add(pointer, code, message)
    return tuple(collected.errors)


def _tidy(note: str) -> str:
    return clean(note)[:300]


def _doubts(kept: DoorAct, parcel: Parcel) -> list[str]:
    """What a person must look at, as kinds of work items; none of it stops the hand-over."""
    found = []
    if kept.is_code_right is False and not kept.signature:
        found.append("parcel-proof-doubtful")
    if kept.commune_code and kept.commune_code != parcel.recipient_commune_id and not _is_ordered(kept, parcel):
        found.append("parcel-wrong-commune")
    if kept.reason == "wrong_commune":
        found.append("parcel-misrouted")
    return found


def _is_ordered(kept: DoorAct, parcel: Parcel) -> bool:
    """Whether somebody ordered that it goes to this commune."""
    orders = DeliveryChange.objects.filter(parcel=parcel, kind__in=[Change.ADDRESS, Change.PICK_UP])
    return orders.filter(commune_id=kept.commune_code).exists()


def _tell(kept: DoorAct, parcel: Parcel, office: str) -> None:
    """The act as events of the parcel; originals taken in exchange are told first."""
    said, at = [], kept.corrected_at
    if kept.what == DELIVERED:
        receiver = {"name": kept.receiver_name, "relation": kept.relation, "id_kind": kept.id_kind,
                    "method": kept.method if parcel.direction == Direction.RESULT else "joint_minutes"}
        if kept.collected:
            said.append(own_events.Told(parcel.number, "X-ORIG", f"door:{kept.id}:originals", at, office))
        said.append(own_events.Told(parcel.number, "EMI", f"door:{kept.id}", at, office, receiver=receiver))
    else:
        said.append(own_events.Told(parcel.number, REASONS[kept.reason].code, f"door:{kept.id}", at, office,
                                    note=kept.reason))
    own_events.tell(parcel.carrier, said, at=kept.server_at)
    if kept.collected:
        publish(OriginalsCollected(parcel.id, kept.id, parcel.number, at))
