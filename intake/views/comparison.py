"""Somebody known beside what was typed, entry by entry, so that a person can decide whether it is one person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from intake.errors import CitizenMaybeKnown
from intake.views.citizen_entries import CitizenEntries
from shared.formatting import mask_phone
from shared.identifiers import NationalId


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: as typed, as known, whether they are alike, and the field's name to take the typed one over."""

    label: str
    typed: str
    known: str
    is_same: bool
    take: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`may_open`: whether the known one can be used from here without her ID number."""

    id: UUID
    rows: tuple[Row, ...]
    is_ours: bool
    may_open: bool
    earlier: tuple[UUID, ...] = ()
    """People already said to be somebody else."""


def comparisons(refusal: CitizenMaybeKnown, entries: CitizenEntries,
                distinct: Iterable[UUID]) -> tuple[Comparison, ...]:
    candidates = refusal.facts["candidates"]
    earlier = tuple(distinct)
    known = candidates if isinstance(candidates, list) else []
    return tuple(Comparison(UUID(each["id"]), tuple(_rows(each, entries)), each["is_of_this_outlet"], each["may_open"],
                            earlier) for each in known)


def _rows(known: Mapping[str, Any], entries: CitizenEntries) -> Iterable[Row]:
    number = NationalId.parse(entries.national_id)
    chosen = entries.commune.chosen
    commune = chosen.place.full_name if chosen is not None and chosen.place is not None else ""
    home = ", ".join(part for part in (entries.street, commune) if part)
    known_home = ", ".join(part for part in (known["street"], known["commune"]) if part)
    same = set(known["same"])
    masked = number.masked if number is not None else ""
    yield _row(_("Full name"), entries.full_name, known["full_name"], is_same="full_name" in same, take="full_name",
               is_ours=known["is_of_this_outlet"])
    yield _row(_("Born"), entries.birth, _day(known["birth"]), is_same="birth" in same, take="birth",
               is_ours=known["is_of_this_outlet"])
    yield Row(_("ID number"), masked, known["national_id"], is_same=bool(masked) and masked == known["national_id"])
    yield _row(_("Phone"), mask_phone(entries.phone), known["phone"], is_same="phone" in same, take="phone",
               is_ours=known["is_of_this_outlet"])
    if known["is_of_this_outlet"]:
        yield _row(_("Residence"), home, known_home, is_same=home.casefold() == known_home.casefold(),
                   take="residence", is_ours=True)


def _row(label: str, typed: str, known: str, *, is_same: bool, take: str, is_ours: bool) -> Row:
    is_whole = is_same and typed.casefold() == known.casefold()
    is_takeable = bool(typed) and is_ours and not is_whole and not (is_same and take == "phone")
    return Row(label, typed, known, is_same=is_same, take=take if is_takeable else "")


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-"))) if "-" in iso else iso
