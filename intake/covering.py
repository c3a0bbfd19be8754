"""Who stands in for whom today. What a colleague does for an absent officer shows both names."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet

from intake.models.desk import Absence
from shared.actors import Actor, ActorKind
from shared.calendar import local

LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Covered:
    """The absent officer whose dossier a colleague handles."""

    officer_id: UUID
    name: str

    def as_data(self) -> dict[str, object]:
        """What the trace of a step keeps."""
        return {"covers": str(self.officer_id)}


def absences_on(day: date) -> QuerySet[Absence]:
    """Absences in force on a day."""
    return Absence.objects.filter(cancelled_at=None, from_day__lte=day, until_day__gte=day)


def covered_by(account_id: UUID, day: date) -> QuerySet[Absence, UUID]:
    """Ids of the officers for whom this colleague stands in on a day."""
    return absences_on(day).filter(covered_by_id=account_id).values_list("officer_id", flat=True)


def covered_officer(officer_id: UUID | None, *, by: Actor, at: datetime) -> Covered | None:
    """The dossier's officer when `by` stands in for her on that day; asks the database only for another's dossier."""
    if officer_id is None or by.kind != ActorKind.PERSON or by.centre_id is None or str(officer_id) == by.id:
        return None
    standing_in = absences_on(local(at).date()).filter(officer_id=officer_id, covered_by_id=UUID(by.id))
    name = standing_in.values_list("officer__display_name", flat=True).first()
    return None if name is None else Covered(officer_id, name)


def away_today(officer_id: UUID | None, at: datetime) -> Absence | None:
    """The officer's absence on that day, with who stands in."""
    if officer_id is None:
        return None
    hers = absences_on(local(at).date()).filter(officer_id=officer_id)
    return hers.annotate(cover_name=F("covered_by__display_name")).first()


def both_names(by: Actor, covered: Covered | None) -> str:
    """`Trần Văn A (thay Lê Thị B)`: a trace is read in Vietnamese wherever it is printed."""
    return by.name if covered is None else f"{by.name} (thay {covered.name})"[:LONGEST_NAME]
