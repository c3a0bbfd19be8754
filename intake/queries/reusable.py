"""Papers of a citizen's earlier dossiers that may be used again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from intake import antivirus
from intake.models.documents import Document
from intake.queries.documents import documents_seen_by
from intake.rules.document_states import DocumentState
from intake.rules.papers import Opening, opening
from intake.rules.precheck.language import add_months
from shared.actors import Actor
from shared.calendar import local

MOST_OFFERED: Final = 2


def reusable_papers(citizen_id: UUID, components: Mapping[str, int | None], *, by: Actor,
                    on: date) -> dict[str, Sequence[Document]]:
    """For each component the newest papers of the same kind within the actor's reach that still hold.

    `components` maps a code to the months for which such a paper is valid; it is counted from the upload, because the
    paper itself can only be older. One statement.
    """
    found: dict[str, list[Document]] = {}
    for document in _kept(citizen_id, list(components), by):
        months = components[document.component]
        taken_on = local(document.uploaded_at).date()
        of_kind = found.setdefault(document.component, [])
        is_known = any(each.sha256 == document.sha256 for each in of_kind)
        if not is_known and len(of_kind) < MOST_OFFERED and (months is None or on <= add_months(taken_on, months)):
            of_kind.append(document)
    return {component: tuple(papers) for component, papers in found.items() if papers}


def _kept(citizen_id: UUID, components: Sequence[str], by: Actor) -> QuerySet[Document]:
    shown = [state for state in DocumentState if opening(state, has_engine=antivirus.is_configured()) == Opening.VIEW]
    earlier = documents_seen_by(by).filter(citizen_id=citizen_id, component__in=components, state__in=shown)
    return earlier.exclude(dossier=None).select_related("dossier").order_by("-uploaded_at", "id")
