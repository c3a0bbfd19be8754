"""Procedures as they are offered for choice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from intake.models.procedures import Procedure
from intake.rules.wording import Words

FIELD_NAMES: Final = {
    "civil_status": _("Civil status"), "certification": _("Certification"),
    "identity_residence": _("Identity and residence"), "household_business": _("Household business"),
    "land": _("Land"), "construction": _("Construction"), "social": _("Social protection"),
}


@dataclass(frozen=True, slots=True)
class ProcedureName:
    code: str
    name: Words
    field: str
    agent_modes: tuple[str, ...]


def in_force(on: date) -> QuerySet[Procedure]:
    return Procedure.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


def versions_began(codes: Collection[str], on: date) -> Mapping[str, date]:
    """Since when each procedure's version of a day holds; one question."""
    return dict(in_force(on).filter(code__in=codes).values_list("code", "valid_from"))


def names_by_field(on: date) -> list[tuple[str, Sequence[ProcedureName]]]:
    """What may be asked for on a day, grouped as people look for it."""
    rows = in_force(on).values_list("field", "code", "name_vi", "name_en", "agent_modes")
    order = list(FIELD_NAMES)
    named = sorted((ProcedureName(code, Words(vi, en), field, tuple(modes)) for field, code, vi, en, modes in rows),
                   key=lambda p: (order.index(p.field) if p.field in order else len(order), str(p.name)))
    groups = groupby(named, key=lambda p: p.field)
    return [(str(FIELD_NAMES.get(field, field)), tuple(group)) for field, group in groups]
