"""Drafts: kept while the clerk types, resumed at any counter of the outlet, by her or by a colleague."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from intake import client_refs
from intake.errors import ClientRefReused, DossierChanged
from intake.filing import acting_outlet, citizen_of, clerk_of, draft_findings, tidied
from intake.models.citizens import ActingSession
from intake.models.counter import Taking
from intake.models.dossiers import Dossier
from intake.operations import takings
from intake.plain_data import filing_as_data, filing_from_data
from intake.queries.catalogue import get_procedure
from intake.records import SubmissionInput
from intake.rules.states import Handling
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.identifiers import spoken_code
from shared.transactions import operation

# Fields of a filing in which two people's versions of a draft may differ, as the page calls them.
COMPARED = ("procedure_code", "channel", "place", "documents", "result_choice", "collect_reason", "delivery", "copies",
            "pages", "priority_group", "receiving_centre_id", "note")


@operation
def save_draft(filing: SubmissionInput, *, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Keep what was entered so far; only citizen and procedure must be known. Saving again replaces the draft.

    `version` is the one that the writer saw: with it, a draft that somebody else changed meanwhile is not overwritten.
    The same content again changes nothing.

    Raises:
        NotAnOutlet: only outlets keep drafts.
        CitizenNotFound, ProcedureNotFound: a draft is of somebody, about something.
        ClientRefReused: this client_ref is submitted already, or is somebody else's.
        DossierChanged: the draft has another version now; facts say by whom, when, and in which fields it differs.
    """
    asked = tidied(filing)
    outlet = acting_outlet(by)
    citizen = citizen_of(asked.citizen_id, by)
    procedure = get_procedure(asked.procedure_code, local(at).date())
    kept = client_refs.kept_dossier(asked.client_ref, by)
    if kept is not None and kept.handling != Handling.DRAFT:
        raise ClientRefReused(dossier_id=str(kept.id))
    if kept is not None and kept.filing and filing_from_data(kept.filing) == asked and kept.clerk_id == clerk_of(by):
        return kept
    if kept is not None and version is not None and kept.version != version:
        raise _changed(kept, asked)
    draft = kept or Dossier(client_ref=asked.client_ref, agent_ref=spoken_code(), created_at=at, version=0)
    action = "dossier.take_over_draft" if _is_taken_over(kept, by) else "dossier.save_draft"
    draft.citizen, draft.procedure, draft.procedure_code = citizen, procedure, procedure.code
    draft.province_code, draft.channel, draft.result_choice = outlet.province_code, asked.channel, asked.result_choice
    draft.outlet_id, draft.operator_id, draft.clerk_id = outlet.id, outlet.operator.id, clerk_of(by)
    draft.filing = filing_as_data(asked)
    draft.version += 1
    with client_refs.one_client_ref(), transaction.atomic():
        draft.save()
    findings = draft_findings(asked, citizen, procedure, by=by, on=local(at).date())
    takings.note_kept(draft, findings, by=by, at=at, session_id=_session_of(citizen.id, by))
    audit.record(actor=by, action=action, object_type="dossier", object_id=draft.id, at=at,
                 after={"version": draft.version})
    return draft


def _is_taken_over(kept: Dossier | None, by: Actor) -> bool:
    return kept is not None and kept.clerk_id is not None and kept.clerk_id != clerk_of(by)


def _session_of(citizen_id: UUID, by: Actor) -> UUID | None:
    if by.outlet_id is None:
        return None
    sessions = ActingSession.objects.filter(citizen_id=citizen_id, outlet_id=by.outlet_id, closed_at=None)
    mine = sessions.filter(clerk_id=clerk_of(by)).values_list("id", flat=True).first()
    return mine if mine is not None else sessions.values_list("id", flat=True).first()


def _changed(kept: Dossier, asked: SubmissionInput) -> DossierChanged:
    taking = Taking.objects.filter(dossier=kept).first()
    theirs = filing_from_data(kept.filing) if kept.filing else asked
    return DossierChanged(
        version=kept.version, by=taking.held_by_name if taking is not None else "",
        at=taking.saved_at.isoformat() if taking is not None and taking.saved_at is not None else "",
        fields=list(differences(theirs, asked)), dossier_id=str(kept.id))


def differences(one: SubmissionInput, other: SubmissionInput) -> Iterator[str]:
    """Names of the fields in which two filings differ."""
    return (name for name in COMPARED if getattr(one, name) != getattr(other, name))
