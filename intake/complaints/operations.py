"""A complaint is said, explained, found right or not, and answered; each step once and dated."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.complaints.errors import ComplaintDecided, ComplaintNotFound, ComplaintNotPossible, ComplaintRefused
from intake.complaints.models import Complaint
from intake.complaints.rules import (
    ANSWERED_WITHIN,
    COMPLAINT,
    LONGEST,
    MOST_OF_A_DOSSIER,
    SUBJECTS,
    ComplaintState,
    ComplaintStep,
)
from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier
from intake.rules.states import Handling
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.masking import without_national_ids
from shared.roles import Role
from shared.text import clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

COMPLAINED: Final = "complaint"
CITIZEN: Final = Actor(ActorKind.CITIZEN, "citizen")


@operation
def complain(*, dossier_id: UUID, subject: str, text: str, at: datetime) -> Complaint:
    """Take a complaint about the outlet that took the dossier. Whoever calls has seen that the dossier is hers.

    Raises:
        DossierNotFound: unknown.
        ComplaintNotPossible: no outlet took it, one is open already, or there were enough.
        ComplaintRefused: no subject, or nothing said.
    """
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    if not may_complain(dossier) or dossier.outlet_id is None or dossier.operator_id is None:
        raise ComplaintNotPossible
    said = _said("/text", text, _("Say what happened."), subject)
    made = Complaint.objects.create(
        dossier=dossier, province_code=dossier.province_code, outlet_id=dossier.outlet_id,
        operator_id=dossier.operator_id, subject=subject, text=said, said_at=at,
        due_at=work_calendar().add_working_minutes(at, ANSWERED_WITHIN))
    work.open_item(kind=COMPLAINED, reference=str(made.id), owner_role=Role.PROGRAMME_OFFICER,
                   owner_place=made.province_code, at=at, due_at=made.due_at)
    audit.record(actor=CITIZEN, action="complaint.say", object_type="complaint", object_id=made.id, at=at,
                 after={"dossier": str(dossier.id), "state": made.state})
    return made


def may_complain(dossier: Dossier) -> bool:
    """An outlet took it, nothing is open, and it is not the fourth."""
    if dossier.outlet_id is None or dossier.handling == Handling.DRAFT:
        return False
    states = list(Complaint.objects.filter(dossier=dossier).values_list("state", flat=True))
    return ComplaintState.OPEN not in states and len(states) < MOST_OF_A_DOSSIER


def _said(pointer: str, text: str, missing: object, subject: str = "other") -> str:
    said, wrong = without_national_ids(clean_lines(text))[0].strip(), ErrorCollector()
    if subject not in SUBJECTS:
        wrong.add("/subject", "missing", _("Choose what it is about."))
    if not said:
        wrong.add(pointer, "missing", missing)  # type: ignore[arg-type]  # a lazy text
    if len(said) > LONGEST:
        wrong.add(pointer, "too-long", _("At most 1,000 characters."))
    wrong.raise_if_any(ComplaintRefused)
    return said


@operation
def explain(*, complaint_id: UUID, text: str, by: Actor, at: datetime) -> Complaint:
    """The outlet says its side, once more if need be, until it is decided.

    Raises:
        ComplaintNotFound, ComplaintDecided, ComplaintRefused.
    """
    found = _locked(complaint_id, by, ComplaintStep.EXPLAIN)
    found.explanation, found.explained_at = _said("/text", text, _("Say what happened.")), at
    found.explained_by_name = by.name
    found.save(update_fields=["explanation", "explained_at", "explained_by_name"])
    audit.record(actor=by, action="complaint.explain", object_type="complaint", object_id=found.id, at=at)
    return found


@operation
def decide(*, complaint_id: UUID, is_founded: bool, answer: str, by: Actor, at: datetime) -> Complaint:
    """Find it right or not, and answer the citizen.

    Raises:
        ComplaintNotFound, ComplaintDecided, ComplaintRefused.
    """
    step = ComplaintStep.UPHOLD if is_founded else ComplaintStep.DISMISS
    found = _locked(complaint_id, by, step)
    before = ComplaintState(found.state)
    found.answer = _said("/answer", answer, _("Answer the citizen: what was found and done."))
    found.state, found.decided_at, found.decided_by_name = COMPLAINT[before, step], at, by.name
    found.save(update_fields=["state", "answer", "decided_at", "decided_by_name"])
    work.close_item(kind=COMPLAINED, reference=str(found.id), by=by.id, at=at, outcome=found.state)
    audit.record(actor=by, action=f"complaint.{step}", object_type="complaint", object_id=found.id, at=at,
                 before={"state": before}, after={"state": found.state})
    return found


def _locked(complaint_id: UUID, by: Actor, step: ComplaintStep) -> Complaint:
    found = Complaint.objects.seen_by(by).select_for_update(of=("self",)).filter(id=complaint_id).first()
    if found is None:
        raise ComplaintNotFound
    if (ComplaintState(found.state), step) not in COMPLAINT:
        raise ComplaintDecided
    return found
