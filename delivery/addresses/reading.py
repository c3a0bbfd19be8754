"""What somebody typed or pasted as an address: its commune of before or after 1 July 2025, the rest, and a pin.

Senders go on writing the names of dissolved communes and districts, so both are understood, also mixed in one line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from geopy.point import Point

from shared import places
from shared.places import FormerPlace, Place
from shared.text import clean, fold

MOST_GUESSES: Final = 8
_MANY: Final = 60
_KINDS: Final = ("thi tran", "dac khu", "phuong", "xa", "thi xa", "thanh pho", "quan", "huyen", "tinh", "tp", "tx",
                 "tt", "p", "x", "h", "q")  # fmt: skip
_IN_LINK: Final = re.compile(r"[@=/:](-?\d{1,2}\.\d{2,})[,;]\s*(-?\d{1,3}\.\d{2,})")
_PAIR: Final = re.compile(r"\(?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*\)?")
_DECIMAL_PAIR: Final = re.compile(r"\(?\s*(-?\d{1,3}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*\)?")


@dataclass(frozen=True, slots=True)
class PlaceGuess:
    """One reading of the commune in an address."""

    place: Place
    former: FormerPlace | None = None
    """The dissolved unit that was named; of a split one, `place` is one of its parts."""

    @property
    def value(self) -> str:
        """Code of the commune, and that of the former one after a slash."""
        return f"{self.place.code}/{self.former.code}" if self.former else self.place.code


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands before the commune, and what the commune may be: one guess is certain, several are to be asked."""

    street: str
    guesses: tuple[PlaceGuess, ...]

    @property
    def is_certain(self) -> bool:
        return len(self.guesses) == 1


def read_address(text: str, *, province_code: str = "") -> Reading:
    """Read one line such as "Thôn 1, xã Phong Chương, huyện Phong Điền, tỉnh Thừa Thiên Huế".

    `province_code` prefers places of one's own province where the line names none.
    """
    parts = [part for part in (clean(part) for part in re.split(r"[,;\n]| - ", text)) if part]
    for index in range(len(parts) - 1, -1, -1):
        guesses = tuple(_guesses(parts, index, province_code))
        if guesses:
            return Reading(", ".join(parts[:_first_named(parts, index, guesses)]), guesses)
    return Reading(clean(text), ())


def _guesses(parts: Sequence[str], index: int, province_code: str) -> Iterator[PlaceGuess]:
    """What parts[index] may name, judged by the parts that follow it."""
    name, context = bare_name(parts[index]), [fold(bare_name(part)) for part in parts[index + 1:]]
    if len(name) < 2 or (index == 0 and len(parts) > 1 and not _says_kind(parts[0])):
        return
    found = places.search_places(name, limit=_MANY)
    key = fold(name)
    present = [PlaceGuess(place) for place in found.present if fold(place.name) == key]
    former = [PlaceGuess(s.place, unit) for unit in found.former if fold(unit.name) == key for s in unit.successors]
    scored = [(_score(guess, context, province_code), guess) for guess in (*present, *former)]
    # The last parts name districts and provinces: without a word that fits them it is no commune.
    if context and not any(score > 1 for score, _guess in scored):
        return
    if not context and not _says_kind(parts[index]):
        scored = [each for each in scored if each[0] > 0]
    best = max((score for score, _guess in scored), default=0)
    yield from [guess for score, guess in scored if score == best][:MOST_GUESSES]


def _score(guess: PlaceGuess, context: Sequence[str], province_code: str) -> int:
    """How well the words behind the name fit: district and province as they were, province as it is."""
    score = 1 if guess.place.province_code == province_code else 0
    names = [fold(guess.place.province_name)]
    if guess.former is not None:
        names += [fold(bare_name(guess.former.district_name)), fold(guess.former.province_name)]
        if fold(bare_name(guess.former.district_name)) in context:
            score += 4
    if any(_is_said(name, context) for name in names):
        score += 2
    if guess.former is not None and fold(guess.place.name) in context:
        score += 3  # old and new name in one line: they belong together
    return score


def _is_said(name: str, context: Sequence[str]) -> bool:
    return any(name == said or (len(said) > 3 and (said in name or name in said)) for said in context)


def _first_named(parts: Sequence[str], index: int, guesses: Sequence[PlaceGuess]) -> int:
    """Where the street ends: before the commune, or before its former name that stands in front of it."""
    before = fold(bare_name(parts[index - 1])) if index else ""
    is_former = bool(before) and any(
        before == fold(former.name) for former in places.search_places(before, limit=_MANY).former
        for s in former.successors if any(s.place.code == guess.place.code for guess in guesses))
    return index - 1 if is_former and _says_kind(parts[index - 1]) else index


def bare_name(text: str) -> str:
    """Without the kind that stands in front: "xã Phong Chương" is "Phong Chương"."""
    words = clean(text).split(" ")
    for kind in _KINDS:
        length = len(kind.split(" "))
        if len(words) > length and fold(" ".join(words[:length])).rstrip(".") == kind:
            return " ".join(words[length:])
    return clean(text)


def _says_kind(text: str) -> bool:
    return bare_name(text) != clean(text)


def read_pin(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in what was pasted: "16.46, 107.59", degrees and minutes, a map's link; None: no pin."""
    typed = clean(text)[:500]
    linked = _IN_LINK.search(typed) or _DECIMAL_PAIR.fullmatch(typed) or _PAIR.fullmatch(typed)
    if linked is not None:
        return _plausible(float(linked[1].replace(",", ".")), float(linked[2].replace(",", ".")))
    if not any(sign in typed for sign in "°'\"′″NSEWnsew"):
        return None
    try:
        point = Point.from_string(typed)
    except ValueError:
        return None
    return _plausible(point.latitude, point.longitude)


def _plausible(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Kept only where Việt Nam is, islands included; figures the other way round are turned."""
    if 5 <= longitude <= 24 and 101 <= latitude <= 118:
        latitude, longitude = longitude, latitude
    return (latitude, longitude) if 5 <= latitude <= 24 and 101 <= longitude <= 118 else None
