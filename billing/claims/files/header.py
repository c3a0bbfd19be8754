"""Which column says what: found by the words of the header, in any order, in Vietnamese or English."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.text import fold

_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "parcel_number": ("so hieu buu gui", "ma buu gui", "ma bg", "so hieu", "ma van don", "ma e1", "buu gui", "parcel",
                      "parcel number", "item number", "item code", "tracking number", "barcode"),
    "dossier_code": ("ma ho so", "so ho so", "ho so", "ma hs", "dossier", "dossier code", "dossier number"),
    "item": ("khoan", "noi dung", "loai", "hang muc", "khoan muc", "item", "kind", "task"),
    "direction": ("chieu", "chieu di ve", "direction", "way"),
    "claimed": ("so tien", "so tien de nghi", "so tien de nghi thanh toan", "de nghi thanh toan", "de nghi",
                "thanh tien", "cuoc de nghi", "amount", "amount vnd", "claimed", "claimed vnd"),
    "weight_grams": ("khoi luong", "trong luong", "khoi luong gram", "khoi luong g", "weight", "weight grams",
                     "weight g"),
    "accepted_on": ("ngay chap nhan", "ngay nhan gui", "ngay gui", "accepted", "accepted on", "date accepted"),
    "delivered_on": ("ngay phat", "ngay phat thanh cong", "delivered", "delivered on", "date delivered"),
    "beneficiary_class": ("doi tuong", "ma doi tuong", "dien", "beneficiary class", "class"),
    "note": ("ghi chu", "note", "notes"),
})
_FIELD_OF: Final = {words: name for name, every in _SYNONYMS.items() for words in every}
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_UNIT: Final = re.compile(r" (vnd|dong|d|vat|gom vat)$")


@dataclass(frozen=True, slots=True)
class Header:
    """`columns` maps our field to a position; `titles` are the file's own words, `ignored` those of no use to us."""

    index: int
    """Position of the header among the first rows, from 0."""
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    ignored: tuple[str, ...]
    twice: tuple[str, ...] = ()


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The row among `rows` that names an amount and what it is for; None when none does."""
    best = max(((len(_fields(row)), -at) for at, row in enumerate(rows)), default=(0, 0))
    if not best[0]:
        return None
    index = -best[1]
    named = _fields(rows[index])
    if "claimed" not in named or not {"parcel_number", "dossier_code"} & named.keys():
        return None
    titles = [str(value).strip()[:60] for value in rows[index]]
    known = {at for every in named.values() for at in every}
    return Header(index, {name: every[0] for name, every in named.items()},
                  {name: titles[every[0]] for name, every in named.items()},
                  tuple(title for at, title in enumerate(titles) if title and at not in known)[:20],
                  tuple(name for name, every in named.items() if len(every) > 1))


def _fields(row: Sequence[object]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, value in enumerate(row):
        if isinstance(value, str) and (name := _FIELD_OF.get(_words(value))):
            found.setdefault(name, []).append(at)
    return found


def _words(title: str) -> str:
    words = _NO_WORD.sub(" ", fold(title)).strip()
    return words if words in _FIELD_OF else _UNIT.sub("", words)
