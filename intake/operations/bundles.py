"""One visit, several dossiers: all of an event's filings are submitted together, or none is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from intake import client_refs
from intake.errors import BundleRefused, ClientRefReused, NotAnOutlet, SubmissionRefused
from intake.filing import tidied
from intake.models.counter import EventBundle
from intake.models.dossiers import Dossier
from intake.operations.submission import submit_one
from intake.plain_data import filing_as_data
from intake.queries.life_events import get_event
from intake.records import BundleInput, SubmissionInput
from intake.rules.faults import Fault, fault
from intake.wording import field_error
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.errors import FieldError
from shared.transactions import operation

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class SubmittedBundle:
    """The bundle and its dossiers, in the order in which they were handed in."""

    bundle: EventBundle
    dossiers: tuple[Dossier, ...]


@operation
def submit_bundle(asked: BundleInput, *, by: Actor, at: datetime,
                  opened_at: datetime | None = None) -> SubmittedBundle:
    """Submit every filing in one transaction. The same `client_ref` and content again is the same bundle again.

    Raises:
        ClientRefReused: this client_ref is a bundle with other content, or of somebody else.
        BundleRefused: filings are wrong, all of them named with their place in the list.
        And what submit_dossier raises.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    client_refs.hold(asked.client_ref)
    filings = _prepared(asked, at)
    content = {"event": asked.event_code, "filings": [filing_as_data(filing) for filing in filings]}
    bundle = EventBundle.objects.filter(client_ref=asked.client_ref).first()
    if bundle is not None and (bundle.outlet_id != by.outlet_id or bundle.request != content):
        raise ClientRefReused
    if bundle is None:
        with client_refs.one_client_ref():
            bundle = EventBundle.objects.create(
                client_ref=asked.client_ref, event_code=asked.event_code, outlet_id=by.outlet_id,
                citizen_id=filings[0].citizen_id, request=content, created_at=at, created_by=by.id)
        audit.record(actor=by, action="bundle.submit", object_type="bundle", object_id=bundle.id, at=at,
                     after={"event": asked.event_code, "dossiers": len(filings)})
    return SubmittedBundle(bundle, _submitted(filings, bundle, by=by, at=at, opened_at=opened_at))


def _prepared(asked: BundleInput, at: datetime) -> list[SubmissionInput]:
    """The filings with their own client_refs; raises BundleRefused for what no bundle can be."""
    event = get_event(asked.event_code, local(at).date())
    known = {step.procedure.code for step in event.steps} if event is not None else set()
    codes = [filing.procedure_code for filing in asked.filings]
    errors = [field_error("/event_code", Fault("not-a-choice"))] if event is None else []
    if not 1 <= len(codes) <= MOST:
        errors.append(field_error("/filings", Fault("bundle-empty")))
    if len({filing.citizen_id for filing in asked.filings}) > 1:
        errors.append(field_error("/filings", Fault("bundle-one-citizen")))
    if event is not None:
        errors += [field_error(f"/filings/{index}/procedure_code", fault("bundle-procedure", procedure=code))
                   for index, code in enumerate(codes) if code not in known or codes.count(code) > 1]
    if errors:
        raise BundleRefused(errors=tuple(errors), data_kept=True)
    return [replace(tidied(filing), client_ref=asked.ref_of(filing.procedure_code)) for filing in asked.filings]


def _submitted(filings: Sequence[SubmissionInput], bundle: EventBundle, *, by: Actor, at: datetime,
               opened_at: datetime | None) -> tuple[Dossier, ...]:
    """Each filing entered; what is wrong in any is told for all at once, and nothing stays of the others."""
    entered, errors = [], list[FieldError]()
    for index, filing in enumerate(filings):
        try:
            entered.append(submit_one(filing, by=by, at=at, opened_at=None if index else opened_at, bundle=bundle))
        except SubmissionRefused as refusal:
            errors += [FieldError(f"/filings/{index}{each.pointer}", each.code, each.message)
                       for each in refusal.errors]
    if errors:
        raise BundleRefused(errors=tuple(errors), data_kept=True)
    return tuple(entered)
