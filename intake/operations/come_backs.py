"""The come-back slip: what a citizen is to bring, so that the second visit is the last."""

from datetime import datetime
from typing import Any
from uuid import UUID

from intake.errors import DossierNotFound, PaperNotReady
from intake.filing import citizen_of, draft_findings
from intake.models.counter import ComeBackSlip
from intake.models.dossiers import Dossier
from intake.papers.come_back import come_back_data
from intake.plain_data import filing_from_data
from intake.rules.states import Handling
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.transactions import operation


@operation
def issue_slip(*, dossier_id: UUID, by: Actor, at: datetime) -> ComeBackSlip:
    """The slip of a draft as it stands; asked again while nothing has changed, it is the same slip.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        PaperNotReady: it is no draft any more.
    """
    draft = Dossier.objects.seen_by(by).select_related("procedure", "outlet", "citizen", "clerk").select_for_update(
        of=("self",)).filter(id=dossier_id).first()
    if draft is None:
        raise DossierNotFound
    if draft.handling != Handling.DRAFT or not draft.filing:
        raise PaperNotReady(kind="come_back")
    data = _data(draft, by, at)
    last = ComeBackSlip.objects.filter(dossier=draft).order_by("-number").first()
    if last is not None and _told(last.data) == _told(data):
        return last
    audit.record(actor=by, action="paper.issue", object_type="dossier", object_id=draft.id, at=at,
                 after={"kind": "come_back"})
    return ComeBackSlip.objects.create(dossier=draft, number=last.number + 1 if last is not None else 1, data=data,
                                       issued_at=at, issued_by=by.id)


def _data(draft: Dossier, by: Actor, at: datetime) -> dict[str, Any]:
    asked = filing_from_data(draft.filing)
    findings = draft_findings(asked, citizen_of(asked.citizen_id, by), draft.procedure, by=by, on=local(at).date())
    return come_back_data(draft, [found for found in findings if found.is_stop], by=by, at=at)


def _told(data: dict[str, Any]) -> object:
    """What the slip tells the citizen; when it was printed does not count."""
    return data["missing"], data["bring"]
