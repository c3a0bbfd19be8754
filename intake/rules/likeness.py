"""Whether two entries may be one person: name, birth and telephone, without accents and in any order of the words.

A person decides; this only says who is worth a look, and which entries are alike.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

ALIKE: Final = 0.6
"""From here on two names are alike; "Nguyễn Thị Hạnh" and "Hạnh Nguyen Thi" are 1.0."""
NEARLY_SAME: Final = 0.8
FAINT: Final = 0.3
"""With birth and telephone the same, a name may have been changed altogether but for a word."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared. `name_key` is folded (shared.text.fold); `number_masked` as shown, "046•••••4127"."""

    name_key: str
    birth: date | None = None
    is_year_only: bool = False
    phone: str = ""
    number_masked: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two people are alike; what one of them lacks is neither alike nor different."""

    name: float
    has_same_birth: bool
    has_same_phone: bool
    has_other_number: bool
    """Both have a number, and they differ."""
    is_number_a_slip_away: bool = False
    """The visible digits of two different numbers differ in one place, or in none."""

    @property
    def is_near(self) -> bool:
        """Worth a look by a person. Different numbers are different people, unless one looks mistyped."""
        if self.has_other_number:
            is_whole = self.has_same_birth and self.name >= NEARLY_SAME
            return is_whole and (self.has_same_phone or self.is_number_a_slip_away)
        if self.has_same_birth and self.has_same_phone:
            return self.name >= FAINT
        return self.name >= ALIKE and (self.has_same_birth or self.has_same_phone)

    @property
    def same(self) -> tuple[str, ...]:
        """Names of the entries that are alike, for the page and for machines."""
        found = {"full_name": self.name >= ALIKE, "birth": self.has_same_birth, "phone": self.has_same_phone}
        return tuple(name for name, is_alike in found.items() if is_alike)


def likeness(one: Traits, other: Traits) -> Likeness:
    has_other_number = bool(one.number_masked and other.number_masked)
    return Likeness(
        name=name_likeness(one.name_key, other.name_key), has_same_birth=_same_birth(one, other),
        has_same_phone=bool(one.phone) and one.phone == other.phone, has_other_number=has_other_number,
        is_number_a_slip_away=has_other_number and _differs_once(one.number_masked, other.number_masked))


def name_likeness(one: str, other: str) -> float:
    """Shared trigrams of all, word by word: 0 to 1 whatever the order of the words, as PostgreSQL's pg_trgm counts."""
    mine, theirs = _trigrams(one), _trigrams(other)
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def _trigrams(key: str) -> frozenset[str]:
    words = "".join(letter if letter.isalnum() else " " for letter in key).split()
    padded = [f"  {word} " for word in words]
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))


def _same_birth(one: Traits, other: Traits) -> bool:
    if one.birth is None or other.birth is None:
        return False
    if one.is_year_only or other.is_year_only:
        return one.birth.year == other.birth.year
    return one.birth == other.birth


def _differs_once(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    places = [place for place in range(len(one)) if one[place] != other[place]]
    if len(places) == 2 and places[1] == places[0] + 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) <= 1
