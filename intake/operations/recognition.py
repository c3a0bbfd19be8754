"""A person was taken for new and is known: the known one is used, and better entries are taken over."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from intake import entries
from intake.entries import CheckedCitizen
from intake.errors import CitizenMaybeKnown, CitizenNotFound
from intake.models.citizens import BirthPrecision, Citizen, CitizenRevision
from intake.queries.likeness import as_facts, near_duplicates
from intake.records import CitizenInput
from shared import audit, crypto
from shared.actors import Actor
from shared.calendar import local
from shared.text import fold
from shared.transactions import operation

COLUMN: Final = "citizen.revision"
KEPT: Final = ("full_name", "birth_date", "birth_precision", "sex", "phone", "email", "commune_id",
               "former_commune_id", "street", "national_id_masked")
TAKEN: Final = ("birth", "sex", "phone", "email", "residence", "full_name")
"""Entries that may be taken over from what was typed; a number is only ever added through a correction."""


def must_be_new(checked: CheckedCitizen, by: Actor, beside: Collection[UUID]) -> None:
    """Raises CitizenMaybeKnown unless everybody alike is known to be somebody else."""
    near = near_duplicates(checked, by, beside=beside)
    if near:
        raise CitizenMaybeKnown(candidates=as_facts(near))


def note_distinct(citizen_id: UUID, beside: Iterable[UUID], *, by: Actor, at: datetime) -> None:
    """Write down that a person compared the two and says they are different."""
    for other in beside:
        audit.record(actor=by, action="citizen.distinct", object_type="citizen", object_id=citizen_id, at=at,
                     after={"from": str(other)})


def note_comparison(candidates: Iterable[object], *, by: Actor, at: datetime) -> None:
    """Somebody was shown beside what was typed: looking is written down."""
    audit.record_all([audit.Entry(by, "citizen.compare", "citizen", candidate, at) for candidate in candidates])


def keep_revision(citizen: Citizen, changed: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Seal the entries of the locked citizen as they are, before they are replaced."""
    old = Citizen.objects.values(*KEPT).get(id=citizen.id)
    text = json.dumps({name: str(value) if value is not None else None for name, value in old.items()},
                      ensure_ascii=False)
    CitizenRevision.objects.create(citizen=citizen, version=citizen.version, fields=sorted(changed),
                                   sealed=crypto.encrypt(text, bound_to=COLUMN), replaced_by=by.id, replaced_at=at)


def entries_before(revision: CitizenRevision) -> dict[str, str | None]:
    """What the citizen's entries were, in clear; for whoever may see the citizen."""
    opened: dict[str, str | None] = json.loads(crypto.decrypt(bytes(revision.sealed), bound_to=COLUMN))
    return opened


@operation
def recognise_citizen(*, citizen_id: UUID, typed: CitizenInput, take_over: Collection[str], by: Actor,
                      at: datetime) -> Citizen:
    """Use somebody known instead of registering her again; entries named in `take_over` replace the old ones.

    Raises:
        CitizenRefused, CitizenDoubtful: what was typed is wrong.
        CitizenNotFound: she is not among those alike, or of another outlet and not alike enough.
    """
    checked = entries.check_citizen(typed, local(at).date())
    near = {each.id: each for each in near_duplicates(checked, by)}
    if citizen_id not in near or not near[citizen_id].may_open:
        raise CitizenNotFound
    citizen = Citizen.objects.select_for_update(of=("self",)).get(id=citizen_id)
    taken = [name for name in TAKEN if name in take_over]
    if taken:
        _take_over(citizen, checked, taken, by=by, at=at)
    audit.record(actor=by, action="citizen.find", object_type="citizen", object_id=citizen.id, at=at,
                 reason="near-duplicate", after={"found": True, "taken_over": taken})
    return citizen


def _take_over(citizen: Citizen, checked: CheckedCitizen, taken: list[str], *, by: Actor, at: datetime) -> None:
    keep_revision(citizen, taken, by=by, at=at)
    if "full_name" in taken:
        citizen.full_name, citizen.search_key = checked.full_name, fold(checked.full_name)
    if "birth" in taken and checked.birth is not None:
        citizen.birth_date = checked.birth.day
        citizen.birth_precision = BirthPrecision.YEAR if checked.birth.is_year_only else BirthPrecision.DAY
    for name in {"sex", "phone", "email"} & set(taken):
        setattr(citizen, name, getattr(checked, name))
    if "residence" in taken:
        citizen.commune_id, citizen.street = checked.commune.code, checked.street
        citizen.former_commune_id = checked.former_commune.code if checked.former_commune else None
    citizen.version += 1
    citizen.save()
