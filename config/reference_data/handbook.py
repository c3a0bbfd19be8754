"""Entries of the handbook that every city begins with. Who changes the files approves them, as with every rule."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Final, Self
from uuid import UUID, uuid5

from django.db.models import Max, Q
from pydantic import Field, model_validator

from agents.handbook.models import HandbookEntry, HandbookVersion
from agents.handbook.rules import FIELDS, Draft, search_key
from config.reference_data.reading import read_rows
from config.reference_data.rules import Day, LegalBasis, Strict
from config.reference_data.storing import Outcome
from shared.calendar import at_local

FILE: Final = "handbook.json"
BY: Final = "reference-data"
NAME: Final = "Wardpost"
_NAMESPACE: Final = UUID("6b1b5b0e-6f0f-4c0e-9d5e-1d2f3a4b5c6d")
_MORNING: Final = time(8)


class EntryRow(Strict):
    """A new answer to the same question is another row with the same code and a later day."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=60)]
    question_vi: Annotated[str, Field(min_length=10, max_length=300)]
    answer_vi: Annotated[str, Field(min_length=20, max_length=3000)]
    question_en: Annotated[str, Field(min_length=10, max_length=300)]
    answer_en: Annotated[str, Field(min_length=20, max_length=3000)]
    legal_source: LegalBasis
    field_key: Annotated[str, Field(max_length=40)] = ""
    valid_from: Day
    review_on: Day

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.field_key and self.field_key not in FIELDS:
            raise ValueError("field_key: no such place in the software")
        if self.review_on <= self.valid_from:
            raise ValueError("review_on: after valid_from")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the entries; the answer adds the new ones. What is there already is the operations room's to change."""
    rows = [sourced.row for sourced in read_rows(EntryRow, folder, [FILE])]
    return lambda: _store(rows)


def _store(rows: Sequence[EntryRow]) -> Outcome:
    ids = {row: uuid5(_NAMESPACE, f"{row.code} {row.valid_from}") for row in rows}
    known = set(HandbookVersion.objects.filter(id__in=ids.values()).values_list("id", flat=True))
    new = sorted((row for row in rows if ids[row] not in known), key=lambda row: (row.code, row.valid_from))
    if new:
        _add(new, ids)
    return Outcome(rows=len(rows), added=len(new))


def _add(new: Sequence[EntryRow], ids: Mapping[EntryRow, UUID]) -> None:
    """A few statements, whatever the number of rows; an entry that rows are added to ends where they begin."""
    HandbookEntry.objects.bulk_create(
        [HandbookEntry(code=row.code, made_at=_moment(row.valid_from)) for row in new], ignore_conflicts=True)
    entries = {entry.code: entry for entry in HandbookEntry.objects.filter(code__in={row.code for row in new})}
    numbers = dict(HandbookVersion.objects.filter(entry__in=entries.values()).order_by().values("entry_id")
                   .annotate(last=Max("number")).values_list("entry_id", "last"))
    made: list[HandbookVersion] = []
    for row in new:
        entry = entries[row.code]
        numbers[entry.id] = numbers.get(entry.id, 0) + 1
        made.append(_version(row, entry, numbers[entry.id], ids[row]))
    for number, version in enumerate(made):  # sorted by entry and day
        later = made[number + 1] if number + 1 < len(made) else None
        version.valid_until = later.valid_from if later is not None and later.entry_id == version.entry_id else None
    first = {version.entry_id: version.valid_from for version in reversed(made)}
    for entry_id in first.keys() & set(HandbookVersion.objects.filter(entry__in=first).values_list("entry", flat=True)):
        HandbookVersion.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=first[entry_id]), entry=entry_id, is_approved=True,
            valid_from__lt=first[entry_id]).update(valid_until=first[entry_id])
    HandbookVersion.objects.bulk_create(made)


def _version(row: EntryRow, entry: HandbookEntry, number: int, version_id: UUID) -> HandbookVersion:
    at = _moment(row.valid_from)
    facts = row.model_dump(exclude={"code"})
    return HandbookVersion(
        id=version_id, entry=entry, number=number, proposed_at=at, proposed_by=BY, proposed_by_name=NAME,
        decided_at=at, decided_by_name=NAME, is_approved=True, search_key=search_key(Draft(**facts)), **facts)


def _moment(day: date) -> datetime:
    return at_local(day, _MORNING)
