"""Who may be the person that is being registered. Other outlets' people are shown as far as they are alike, no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from intake.entries import CheckedCitizen
from intake.models.citizens import BirthPrecision, Citizen
from intake.rules.likeness import FAINT, Likeness, Traits, likeness
from shared.actors import Actor
from shared.formatting import mask_phone
from shared.text import fold

MOST: Final = 6
CONSIDERED: Final = 40


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody who may be the same person. Outside the actor's own scope names and phones are cut to what was typed."""

    id: UUID
    likeness: Likeness
    is_ours: bool
    full_name: str
    birth: date | None
    is_year_only: bool
    national_id: str
    phone: str
    commune: str
    street: str

    @property
    def may_open(self) -> bool:
        """Ours; or somebody whose birth and telephone the person at the counter both knew."""
        return self.is_ours or (self.likeness.has_same_birth and self.likeness.has_same_phone)


def traits_of(checked: CheckedCitizen) -> Traits:
    birth, number = checked.birth, checked.national_id
    is_year_only = birth is not None and birth.is_year_only
    return Traits(fold(checked.full_name), birth.day if birth else None, is_year_only, phone=checked.phone,
                  number_masked=number.masked if number else "")


def near_duplicates(checked: CheckedCitizen, actor: Actor, *, beside: Iterable[UUID] = ()) -> list[Near]:
    """People with a like name and the same birth or telephone, the likest first; `beside` are known to be others."""
    typed = traits_of(checked)
    wanted = _same_birth(typed) | (Q(phone=typed.phone) if typed.phone else Q(pk=None))
    alike = Citizen.objects.filter(wanted).exclude(id__in=list(beside)).select_related("commune__province").annotate(
        name_likeness=TrigramSimilarity("search_key", typed.name_key)).filter(name_likeness__gte=FAINT)
    likest = alike.order_by("-name_likeness", "id")[:CONSIDERED]
    found = [(likeness(typed, _traits(person)), person) for person in likest]
    near = [(how, person) for how, person in found if how.is_near][:MOST]
    ours = set(Citizen.objects.seen_by(actor).filter(id__in=[person.id for _how, person in near]).values_list(
        "id", flat=True)) if near else set()
    return [_shown(how, person, is_ours=person.id in ours) for how, person in near]


def _same_birth(typed: Traits) -> Q:
    """Born on the same day; a year alone is alike to every day of it."""
    if typed.birth is None:
        return Q(pk=None)
    year = typed.birth.year
    if typed.is_year_only:
        return Q(birth_date__range=(date(year, 1, 1), date(year, 12, 31)))
    return Q(birth_date=typed.birth) | Q(birth_date=date(year, 1, 1), birth_precision=BirthPrecision.YEAR)


def _traits(person: Citizen) -> Traits:
    return Traits(person.search_key, person.birth_date, person.birth_precision == BirthPrecision.YEAR, person.phone,
                  person.national_id_masked)


def _shown(how: Likeness, person: Citizen, *, is_ours: bool) -> Near:
    is_year_only = person.birth_precision == BirthPrecision.YEAR
    if is_ours:
        return Near(person.id, how, is_ours, person.full_name, person.birth_date, is_year_only,
                    person.national_id_masked, mask_phone(person.phone), person.commune.full_name, person.street)
    return Near(
        person.id, how, is_ours, veiled(person.full_name), person.birth_date if how.has_same_birth else None,
        is_year_only, person.national_id_masked, mask_phone(person.phone) if how.has_same_phone else "", "", "")


def veiled(name: str) -> str:
    """A name of which only the last word is told: "N. T. Hạnh"."""
    *before, last = name.split() or [""]
    return " ".join([*(f"{word[:1]}." for word in before), last])


def as_facts(near: Iterable[Near]) -> list[dict[str, Any]]:
    """For machines, in the refusal."""
    return [{
        "id": str(each.id), "full_name": each.full_name, "national_id": each.national_id, "phone": each.phone,
        "birth": (str(each.birth.year) if each.is_year_only else each.birth.isoformat()) if each.birth else "",
        "commune": each.commune, "street": each.street, "same": list(each.likeness.same),
        "is_of_this_outlet": each.is_ours,
        "may_open": each.may_open}
        for each in near]
