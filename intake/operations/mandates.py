"""Under what somebody acts for a citizen: recorded in the session, withdrawn at any time."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from intake.errors import MandateNotFound, MandateRefused, NoOpenSession
from intake.models.citizens import ActingSession
from intake.models.documents import Document
from intake.models.mandates import Mandate, SecondCitizenStop
from intake.operations import second_citizen
from intake.operations.citizens import seal_number
from intake.rules import mandates as rules
from intake.rules import names, people
from intake.rules.faults import Fault, fault
from intake.rules.mandates import MandateKind, Relation
from intake.wording import field_error
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.crypto import blind_index
from shared.errors import FieldError
from shared.identifiers import NationalId
from shared.transactions import operation

COLUMN: Final = "mandate.representative_id"
RECORDED: Final = (MandateKind.WRITTEN, MandateKind.CERTIFIED, MandateKind.SERVICE_CONTRACT,
                   MandateKind.LEGAL_REPRESENTATIVE)
"""Kinds that a clerk records; the others come into being by filing itself."""
OF_A_PERSON: Final = frozenset({MandateKind.WRITTEN, MandateKind.CERTIFIED, MandateKind.LEGAL_REPRESENTATIVE})
LONGEST_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class MandateInput:
    """A mandate as typed. `national_id` is the representative's; what a kind needs is checked here."""

    kind: str
    relation: str = ""
    representative_name: str = ""
    national_id: str = ""
    reference: str = ""
    introduction: str = ""
    certified_by: str = ""
    valid_to: date | None = None
    document_id: UUID | None = None
    stop_id: UUID | None = None
    """The scanned card of this person, when that is how she was met; its number is taken where none is typed."""


@operation
def record_mandate(*, session_id: UUID, typed: MandateInput, by: Actor, at: datetime) -> Mandate:
    """Record under what the citizen is acted for. The same words again are the same mandate.

    Raises:
        NoOpenSession: this session is not open at the actor's outlet.
        MandateRefused: entries are wrong or missing, all of them named.
    """
    session = _open(session_id, by)
    typed = _with_scanned_number(typed, session)
    checked = _Checked(typed, session, by, local(at).date())
    checked.raise_if_any()
    mandate = Mandate(citizen_id=session.citizen_id, session=session, kind=typed.kind, relation=typed.relation,
                      representative_name=checked.name, reference=checked.texts["reference"],
                      introduction=checked.texts["introduction"], certified_by=checked.texts["certified_by"],
                      valid_from=local(at).date(), valid_to=typed.valid_to, document_id=typed.document_id,
                      recorded_by=by.id, recorded_at=at)
    if checked.number is not None:
        mandate.representative_id_sealed, mandate.representative_id_masked = seal_number(checked.number, COLUMN)
        mandate.representative_id_index = blind_index(checked.number.digits, bound_to=COLUMN)
    twin = _twin(mandate)
    if twin is not None:
        return twin
    mandate.save()
    audit.record(actor=by, action="mandate.record", object_type="citizen", object_id=session.citizen_id, at=at,
                 after={"mandate": str(mandate.id), "kind": mandate.kind, "relation": mandate.relation})
    return mandate


def _open(session_id: UUID, by: Actor) -> ActingSession:
    sessions = ActingSession.objects.select_for_update().filter(id=session_id, closed_at=None)
    if by.outlet_id is None:
        raise NoOpenSession
    if by.kind == ActorKind.PERSON:
        sessions = sessions.filter(clerk_id=UUID(by.id))
    session = sessions.filter(outlet_id=by.outlet_id).first()
    if session is None:
        raise NoOpenSession
    return session


def _with_scanned_number(typed: MandateInput, session: ActingSession) -> MandateInput:
    if typed.national_id.strip() or typed.stop_id is None:
        return typed
    stop = SecondCitizenStop.objects.filter(id=typed.stop_id, session=session).first()
    return replace(typed, national_id=second_citizen.number_of(stop)) if stop is not None else typed


def _twin(mandate: Mandate) -> Mandate | None:
    same = Mandate.objects.filter(
        session=mandate.session, kind=mandate.kind, relation=mandate.relation, withdrawn_at=None,
        representative_name=mandate.representative_name, representative_id_masked=mandate.representative_id_masked,
        reference=mandate.reference, valid_to=mandate.valid_to)
    return next((each for each in same if each.document_id == mandate.document_id), None)


class _Checked:
    """The entries in their kept form, with everything that is wrong."""

    def __init__(self, typed: MandateInput, session: ActingSession, by: Actor, today: date) -> None:
        self.faults: list[FieldError] = []
        self.texts = {"reference": "", "introduction": "", "certified_by": ""}
        if typed.kind not in RECORDED:
            self._wrong("/kind", Fault("not-a-choice"))
            self.name, self.number = "", None
            return
        kind = MandateKind(typed.kind)
        self._read_texts(typed, kind)
        self.name = self._name(typed, kind)
        self.number = self._number(typed, kind)
        self._check_relation(typed, kind)
        self._check_term(typed.valid_to, today)
        self._check_document(typed, by)

    def raise_if_any(self) -> None:
        if self.faults:
            raise MandateRefused(errors=tuple(self.faults), data_kept=True)

    def _wrong(self, pointer: str, what: Fault) -> None:
        self.faults.append(field_error(pointer, what))

    def _read_texts(self, typed: MandateInput, kind: MandateKind) -> None:
        for field in self.texts:
            text = names.check_text(getattr(typed, field), 160 if field == "certified_by" else 120)
            if isinstance(text, Fault):
                self._wrong(f"/{field}", text)
            else:
                self.texts[field] = names.mask_numbers(text)
        needed = {MandateKind.SERVICE_CONTRACT: ("reference", "introduction"),
                  MandateKind.CERTIFIED: ("certified_by",)}.get(kind, ())
        for field in needed:
            if not self.texts[field]:
                self._wrong(f"/{field}", Fault("required"))
        if not self.texts["reference"] and typed.document_id is None and kind != MandateKind.SERVICE_CONTRACT:
            self._wrong("/reference", Fault("evidence-needed"))

    def _name(self, typed: MandateInput, kind: MandateKind) -> str:
        if kind not in OF_A_PERSON and not typed.representative_name.strip():
            return ""
        name = names.check_name(typed.representative_name)
        if isinstance(name, Fault):
            self._wrong("/representative_name", name)
            return ""
        return name

    def _number(self, typed: MandateInput, kind: MandateKind) -> NationalId | None:
        if kind not in OF_A_PERSON and not typed.national_id.strip():
            return None
        number = people.check_national_id(typed.national_id)
        if isinstance(number, Fault):
            self._wrong("/national_id", number)
            return None
        return number

    def _check_relation(self, typed: MandateInput, kind: MandateKind) -> None:
        if typed.relation not in {"", *Relation}:
            self._wrong("/relation", Fault("not-a-choice"))
        elif kind in OF_A_PERSON and not typed.relation:
            self._wrong("/relation", Fault("required"))
        elif kind == MandateKind.LEGAL_REPRESENTATIVE and typed.relation not in rules.GUARDIANS:
            self._wrong("/relation", Fault("not-a-guardian"))

    def _check_term(self, until: date | None, today: date) -> None:
        if until is None:
            return
        if until <= today:
            self._wrong("/valid_to", Fault("mandate-expired"))
        elif until.year > today.year + LONGEST_YEARS:
            self._wrong("/valid_to", fault("mandate-too-long", years=LONGEST_YEARS))

    def _check_document(self, typed: MandateInput, by: Actor) -> None:
        if typed.document_id is None or by.outlet_id is None:
            return
        if not Document.objects.filter(id=typed.document_id, outlet_id=by.outlet_id).exists():
            self._wrong("/document_id", Fault("unknown-document"))


@operation
def withdraw_mandate(*, mandate_id: UUID, by: Actor, at: datetime) -> Mandate:
    """Record that the citizen takes the mandate back: from now on nothing is filed under it.

    Raises:
        MandateNotFound: unknown, of another outlet, or withdrawn before.
    """
    mandates = Mandate.objects.select_for_update(of=("self",)).filter(id=mandate_id, withdrawn_at=None)
    mandate = mandates.filter(session__outlet_id=by.outlet_id).first() if by.outlet_id is not None else None
    if mandate is None:
        raise MandateNotFound
    mandate.withdrawn_at, mandate.withdrawn_by = at, by.id
    mandate.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(actor=by, action="mandate.withdraw", object_type="citizen", object_id=mandate.citizen_id, at=at,
                 after={"mandate": str(mandate.id)})
    return mandate

