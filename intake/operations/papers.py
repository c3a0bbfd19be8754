"""Papers are issued once, from committed rows, and may be printed again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from intake.errors import DossierNotFound, PaperNotReady
from intake.models.dossiers import Dossier
from intake.models.papers import IssuedPaper, PaperKind
from intake.papers.control import control_data
from intake.papers.receipt import receipt_data
from intake.papers.slip import slip_data
from intake.rules.forms import form_of
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.transactions import operation

_WRITTEN: Final[Mapping[str, Callable[[Dossier], dict[str, Any]]]] = {
    PaperKind.RECEIPT: receipt_data, PaperKind.SLIP: slip_data, PaperKind.CONTROL: control_data}
GROWING: Final = frozenset({PaperKind.CONTROL})
"""Papers that tell what has happened so far: one edition for each version of the dossier."""


@operation
def issue_paper(*, dossier_id: UUID, kind: str, by: Actor, at: datetime) -> IssuedPaper:
    """The paper of a dossier; the first call fixes what it says, every later one gives the same.

    A growing paper (the control slip) is fixed for as long as nothing happens to the dossier.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        PaperNotReady: what the paper tells has not happened yet.
    """
    whole = Dossier.objects.seen_by(by).select_for_update(of=("self",)).select_related(
        "procedure", "citizen", "outlet", "clerk", "receiving_centre", "authority_centre")
    dossier = whole.filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    dated, edition = _date_of(dossier, kind), dossier.version if kind in GROWING else 0
    issued = IssuedPaper.objects.filter(dossier=dossier, kind=kind, edition=edition).first()
    audit.record(actor=by, action="paper.issue" if issued is None else "paper.reprint", object_type="dossier",
                 object_id=dossier.id, at=at, after={"kind": str(kind)})
    if issued is not None:
        return issued
    form = form_of(kind, local(dated).date())
    return IssuedPaper.objects.create(
        dossier=dossier, kind=kind, edition=edition, circular=form.circular if form else "",
        form_number=form.number if form else "", dated=dated, data=_WRITTEN[kind](dossier), issued_at=at,
        issued_by=by.id)


def _date_of(dossier: Dossier, kind: str) -> datetime:
    """The moment that the paper witnesses; raises PaperNotReady."""
    moment = dossier.submitted_at if kind == PaperKind.SLIP else dossier.received_at
    if moment is None or (kind == PaperKind.SLIP and dossier.outlet_id is None):
        raise PaperNotReady(kind=str(kind))
    return moment
