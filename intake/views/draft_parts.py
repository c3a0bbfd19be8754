"""A draft that two people hold at once: who was first, and what is different now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from intake.errors import DossierChanged
from shared.errors import Text

FIELDS: Final[dict[str, Text]] = {
    "procedure_code": _("Procedure"), "channel": _("Way to file"), "place": _("Place"), "documents": _("Papers"),
    "result_choice": _("How the result comes"), "collect_reason": _("Why it is collected"),
    "delivery": _("Where the result goes"), "copies": _("Copies"), "pages": _("Pages"),
    "priority_group": _("Priority group"), "receiving_centre_id": _("Receiving centre"),
    "note": _("Note for the centre"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """`by` kept the draft at `at` in another way than this page shows it."""

    dossier_id: str
    by: str
    at: datetime | None
    fields: tuple[Text, ...]


def conflict_of(refusal: DossierChanged) -> Conflict:
    facts = refusal.facts
    at, fields = str(facts.get("at") or ""), facts.get("fields")
    return Conflict(
        dossier_id=str(facts.get("dossier_id", "")), by=str(facts.get("by", "")),
        at=datetime.fromisoformat(at) if at else None,
        fields=tuple(FIELDS[name] for name in fields if name in FIELDS) if isinstance(fields, list) else ())
