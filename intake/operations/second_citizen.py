"""A second citizen's paper in a session: everything stops until the clerk has said what it is, and that is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from intake.errors import NoOpenSession, StopNotFound, StopRefused
from intake.mandates import hashes_of_others
from intake.models.citizens import ActingSession
from intake.models.documents import Document
from intake.models.mandates import SecondCitizenStop
from intake.operations.citizens import COLUMN as CITIZEN_NUMBER
from intake.operations.citizens import seal_number
from intake.rules import names
from intake.rules.card_qr import read_card
from intake.rules.faults import Fault
from intake.rules.mandates import Relation
from intake.rules.second_citizen import StopCause, StopDecision, choices_of
from intake.wording import field_error
from shared import audit, crypto
from shared.actors import Actor, ActorKind
from shared.identifiers import NationalId
from shared.text import fold
from shared.transactions import operation

COLUMN: Final = "second_citizen.number"


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """What the clerk says of the paper. A relation names who the other person is to the citizen."""

    decision: str
    relation: str = ""
    note: str = ""


@operation
def note_card(*, session_id: UUID, text: str, by: Actor, at: datetime) -> SecondCitizenStop | None:
    """A card was scanned, or a number typed, while a citizen is acted for: hers, or a stop.

    None: it is the citizen's own, or no ID number at all.

    Raises:
        NoOpenSession: this session is not open at the actor's outlet.
    """
    session = open_session(session_id, by)
    card = read_card(text)
    number = NationalId.parse(card.national_id if card else text)
    if number is None:
        return None
    index = crypto.blind_index(number.digits, bound_to=CITIZEN_NUMBER)
    if _is_her_own(session, index, card.full_name if card else ""):
        return None
    sealed, masked = seal_number(number, COLUMN)
    stop, is_new = SecondCitizenStop.objects.get_or_create(
        session=session, cause=StopCause.CARD, number_index=index,
        defaults={"number_sealed": sealed, "number_masked": masked, "found_at": at,
                  "other_name": _kept_name(card.full_name if card else "")})
    _record(stop, is_new=is_new, by=by, at=at)
    return stop if not stop.decision else None


def _is_her_own(session: ActingSession, index: bytes, name: str) -> bool:
    """Her number; or, of somebody registered without one, her name on the card."""
    known = session.citizen.national_id_index
    if known is not None:
        return bytes(known) == index
    return sorted(fold(name).split()) == sorted(session.citizen.search_key.split())


def _kept_name(name: str) -> str:
    checked = names.check_name(name) if name else ""
    return "" if isinstance(checked, Fault) else checked


@operation
def note_document(*, session_id: UUID, document_id: UUID, by: Actor, at: datetime) -> SecondCitizenStop | None:
    """A file was added: a stop when the very same file stands in another citizen's dossier; else None.

    Raises:
        NoOpenSession: this session is not open at the actor's outlet.
    """
    session = open_session(session_id, by)
    document = Document.objects.filter(id=document_id, outlet_id=session.outlet_id).first()
    if document is None or not hashes_of_others(session, [document.sha256]):
        return None
    stop, is_new = SecondCitizenStop.objects.get_or_create(
        session=session, cause=StopCause.DOCUMENT, document_sha256=document.sha256,
        defaults={"document": document, "found_at": at})
    _record(stop, is_new=is_new, by=by, at=at)
    return stop if not stop.decision else None


def _record(stop: SecondCitizenStop, *, is_new: bool, by: Actor, at: datetime) -> None:
    if is_new:
        audit.record(actor=by, action="second_citizen.stop", object_type="session", object_id=stop.session_id, at=at,
                     after={"stop": str(stop.id), "cause": stop.cause})


def open_session(session_id: UUID, by: Actor) -> ActingSession:
    """The actor's open session, locked; raises NoOpenSession."""
    sessions = ActingSession.objects.select_for_update(of=("self",)).select_related("citizen")
    sessions = sessions.filter(id=session_id, closed_at=None)
    if by.outlet_id is None:
        raise NoOpenSession
    if by.kind == ActorKind.PERSON:
        sessions = sessions.filter(clerk_id=UUID(by.id))
    session = sessions.filter(outlet_id=by.outlet_id).first()
    if session is None:
        raise NoOpenSession
    return session


@operation
def decide_stop(*, stop_id: UUID, answer: StopAnswer, by: Actor, at: datetime) -> SecondCitizenStop:
    """Record what the second citizen's paper is. Switching or recording a mandate are steps of their own afterwards.

    Raises:
        StopNotFound: nothing waits here under this id, in a session of the actor.
        StopRefused: the decision does not fit the cause, or lacks its relation.
    """
    stop = SecondCitizenStop.objects.select_for_update(of=("self",)).filter(id=stop_id, decision="").first()
    if stop is None:
        raise StopNotFound
    try:
        open_session(stop.session_id, by)
    except NoOpenSession:
        raise StopNotFound from None
    note = _checked(stop, answer)
    stop.decision, stop.relation, stop.note = answer.decision, answer.relation, note
    stop.decided_by, stop.decided_at = by.id, at
    stop.save(update_fields=["decision", "relation", "note", "decided_by", "decided_at"])
    audit.record(actor=by, action="second_citizen.decide", object_type="session", object_id=stop.session_id, at=at,
                 after={"stop": str(stop.id), "decision": stop.decision, "relation": stop.relation})
    return stop


def _checked(stop: SecondCitizenStop, answer: StopAnswer) -> str:
    """The note in its kept form; raises StopRefused."""
    faults = []
    if answer.decision not in choices_of(stop.cause):
        faults.append(field_error("/decision", Fault("not-a-choice-here")))
    needs_relation = answer.decision == StopDecision.RELATION and stop.cause == StopCause.CARD
    if answer.relation not in {"", *Relation} or (needs_relation and not answer.relation):
        faults.append(field_error("/relation", Fault("relation-needed")))
    note = names.check_text(answer.note, 200)
    if isinstance(note, Fault):
        faults.append(field_error("/note", note))
    if faults:
        raise StopRefused(errors=tuple(faults), data_kept=True)
    return names.mask_numbers(str(note))


def number_of(stop: SecondCitizenStop) -> str:
    """The scanned number in clear, to go on with the other person; for the next operation only, never for a page."""
    return crypto.decrypt(bytes(stop.number_sealed), bound_to=COLUMN) if stop.number_sealed is not None else ""
