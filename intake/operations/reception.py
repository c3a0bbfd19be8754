"""A centre takes a dossier in, or says why it does not."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import DecisionRefused, NotForwardedYet
from intake.events import DossierReceived, DossierRefused
from intake.models.decisions import Refusal
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.papers.decisions import refusal_data
from intake.rules.catalogue import Channel
from intake.rules.reasons import REFUSAL_REASONS
from intake.rules.states import HandlingAction
from intake.rules.terms import due_moment, term_of
from intake.steps import take_step
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.identifiers import dossier_code
from shared.outbox.publishing import publish
from shared.transactions import operation

_NEXT_NUMBER = """
    INSERT INTO intake_dossiernumber AS n (agency_code, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (agency_code, day) DO UPDATE SET last = n.last + 1 RETURNING last
"""


@operation
def receive(*, dossier_id: UUID, by: Actor, at: datetime, version: int | None = None, checked: tuple[str, ...] = (),
            note: str = "") -> Dossier:
    """Accept a forwarded dossier for handling: its code is issued and the statutory clock runs.

    `checked` names the papers that the officer ticked off. A paper dossier's clock starts with the signed hand-over
    minutes (Decision 45/2016/QĐ-TTg, Article 7.4), any other with the reception.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        DossierChanged: it is no longer at `version`.
        NotYourCentre: another centre receives it.
        NotForwardedYet: the outlet still has it.
        IllegalTransition: it was received, refused or withdrawn before.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_receiving(dossier, by)
    if dossier.forwarded_at is None and dossier.outlet_id is not None:
        raise NotForwardedYet
    take_in(dossier, by=by, at=at, checked=checked, note=note)
    return dossier


def take_in(dossier: Dossier, *, by: Actor, at: datetime, checked: tuple[str, ...] = (), note: str = "") -> None:
    """Number the dossier, start its clock, record and tell; for operations that hold its lock."""
    assert dossier.receiving_centre_id is not None  # noqa: S101  # the caller saw that its centre receives it
    centre = agents.get_centre(dossier.receiving_centre_id)
    dossier.code = next_code(centre.agency_code, at)
    dossier.received_at = at
    dossier.officer_id = desk.officer_id(by)
    clock_columns = start_clock(dossier, at)
    take_step(dossier, HandlingAction.RECEIVE, by=by, at=at, place=centre.name, note=note,
              data={"code": dossier.code, "checked": list(checked)},
              also=("code", "received_at", "officer", *clock_columns))
    publish(DossierReceived(
        dossier.id, dossier.code, dossier.outlet_id, _operator_code(dossier), dossier.province_code,
        dossier.procedure_code, dossier.channel, at))


def next_code(agency_code: str, at: datetime) -> str:
    """The agency's next dossier code of the local day; its number row stays locked until the transaction ends."""
    day = local(at).date()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [agency_code, day])
        (sequence,) = cursor.fetchone()
    return dossier_code(agency_code, day, sequence)


def start_clock(dossier: Dossier, received_at: datetime) -> tuple[str, ...]:
    """Set start, due moment and whole term; returns the changed columns."""
    started_at = dossier.handed_over_at if dossier.channel == Channel.POST else None
    dossier.clock_started_at = started_at or received_at
    term = term_of(dossier.procedure.terms, dossier.channel)
    if term is not None:
        calendar = desk.calendar_of(dossier)
        dossier.due_at = due_moment(term, dossier.clock_started_at, dossier.procedure.has_same_day_cutoff, calendar)
        dossier.term_minutes = max(calendar.working_minutes_between(dossier.clock_started_at, dossier.due_at), 0)
    return ("clock_started_at", "due_at", "term_minutes")


def _operator_code(dossier: Dossier) -> str:
    return agents.get_outlet(dossier.outlet_id).operator.code if dossier.outlet_id is not None else ""


@operation
def refuse(*, dossier_id: UUID, reason: str, explanation: str, legal_basis: str, by: Actor, at: datetime,
           version: int | None = None) -> Refusal:
    """Do not take the dossier in; the citizen is told why and by which law (form 03).

    Raises:
        DecisionRefused: the reason is unknown, or explanation or legal basis are missing.
        DossierNotFound, DossierChanged, NotYourCentre, IllegalTransition: as for `receive`.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_receiving(dossier, by)
    _check_refusal(reason, explanation, legal_basis)
    dossier.closed_at = at
    take_step(dossier, HandlingAction.REFUSE, by=by, at=at, place=_place(by), note=reason,
              data={"legal_basis": legal_basis}, also=("closed_at",))
    refusal = Refusal(
        dossier=dossier, reason=reason, explanation=explanation, legal_basis=legal_basis, refused_by=desk.signer_id(by),
        refused_by_name=by.name, refused_at=at)
    refusal.paper = refusal_data(dossier, refusal)
    refusal.save()
    publish(DossierRefused(dossier.id, at))
    return refusal


def _check_refusal(reason: str, explanation: str, legal_basis: str) -> None:
    wrong = ErrorCollector()
    if reason not in REFUSAL_REASONS:
        wrong.add("/reason", "unknown-reason", _("Choose one of the reasons."))
    if not explanation.strip():
        wrong.add("/explanation", "missing", _("Explain the reason to the citizen in a sentence."))
    if not legal_basis.strip():
        wrong.add("/legal_basis", "missing", _("Name the law that the refusal rests on."))
    wrong.raise_if_any(DecisionRefused)


def _place(by: Actor) -> str:
    return agents.get_centre(by.centre_id).name if by.centre_id is not None else ""
