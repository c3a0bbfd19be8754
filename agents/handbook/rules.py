"""Who writes the handbook, which words are searched, which fields of the counter lead into it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared.roles import Role
from shared.text import clean, clean_lines, fold

EDITORS: Final = frozenset({Role.OPERATIONS_OFFICER, Role.PROGRAMME_OFFICER})
"""They answer, propose and approve, never the same person one version."""
PROPOSERS: Final = EDITORS | {Role.CENTRE_MANAGER}
ANSWER_MINUTES: Final = 8 * 60
"""Working minutes until a question is somebody's overdue work."""
REVIEW_AFTER: Final = timedelta(days=182)
KEEPS_MISSES: Final = timedelta(days=180)
MOST_WORDS: Final = 12
PROVINCE_WIDE: Final = ""

FIELDS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "take.citizen": _("Take a dossier: citizen and mandate"),
    "take.procedure": _("Take a dossier: procedure"),
    "take.papers": _("Take a dossier: papers"),
    "take.place": _("Take a dossier: place"),
    "take.channel": _("Take a dossier: online or paper"),
    "take.result": _("Take a dossier: result"),
    "take.fee": _("Take a dossier: fee and postage"),
    "receipts": _("Receipts"),
    "hand-over": _("Hand-over"),
    "incident.network": _("Incident: network"),
    "incident.software": _("Incident: software"),
    "incident.equipment": _("Incident: equipment"),
    "incident.procedure": _("Incident: procedure"),
    "incident.people": _("Incident: people"),
})
"""Places in the software that an entry may explain; of incidents, their kinds."""

# Words so frequent in questions that they tell answers apart by nothing.
_EMPTY: Final = frozenset(re.findall(
    r"\w+",
    "a ai an and bi can cho co cua do does duoc gi hay how i is khong khi la lam ma mot nao neu nhu nhung of on or sao "
    "the thi to toi ta va ve what when where who with"))
_LONG_NUMBER: Final = re.compile(r"\d(?:[ .-]?\d){8,}")


class Standing(StrEnum):
    """What a reader may make of an answer on a day."""

    VALID = "valid"
    STALE = "stale"
    """Valid, but its day of review has passed."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody proposes; days are local, `valid_until` is the first day on which it holds no more."""

    question_vi: str
    answer_vi: str
    legal_source: str
    valid_from: date
    review_on: date
    question_en: str = ""
    answer_en: str = ""
    valid_until: date | None = None
    procedure_code: str = ""
    field_key: str = ""


def standing(*, valid_until: date | None, review_on: date, day: date) -> Standing:
    """What the answer is worth on `day`."""
    if valid_until is not None and valid_until <= day:
        return Standing.EXPIRED
    return Standing.STALE if review_on <= day else Standing.VALID


def words_of(text: str) -> tuple[str, ...]:
    """The words of a question that matter: folded, without digits, each once, at most twelve."""
    found = re.findall(r"[a-z]+", re.sub(r"\S*\d\S*", " ", fold(text)))
    return tuple(dict.fromkeys(word for word in found if word not in _EMPTY and len(word) > 1))[:MOST_WORDS]


def covered(text: str) -> str:
    """`text` with ID, phone and account numbers (nine digits and more) covered: the handbook names nobody."""
    return _LONG_NUMBER.sub("•••", clean_lines(text))


def search_key(draft: Draft) -> str:
    """Everything of an entry that is searched, folded."""
    parts = (draft.question_vi, draft.question_en, draft.answer_vi, draft.answer_en, draft.legal_source,
             draft.procedure_code)
    return fold(clean(" ".join(parts)))
