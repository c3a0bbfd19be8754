"""The communes that a carrier's words name: "Bưu cục phát phường Kim Long" names one, "Bưu cục Kim Long" an office.

An office serves several communes and is called after one of them, so only a name with its kind says where something
happened. Carriers still write names of before 1 July 2025: such a name means what became of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SHORT: Final = ((re.compile(r"\bp\."), "phuong "), (re.compile(r"\bx\."), "xa "), (re.compile(r"\btt\."), "thi tran "))
_KIND: Final = re.compile(r"\b(phuong|xa|dac khu|thi tran|p\.|x\.|tt\.)")


@dataclass(frozen=True, slots=True)
class Named:
    """A folded full name such as "phuong kim long", and the codes of the present communes that it may mean."""

    name: str
    codes: frozenset[str]


def names_a_commune(folded: str) -> bool:
    """Whether a name of a commune may stand in `folded` text at all."""
    return bool(_KIND.search(folded))


def claimed_in(folded: str, names: Iterable[Named]) -> frozenset[str]:
    """Codes of the communes that `folded` text may mean; empty when it names none. A longer name wins."""
    text = folded
    for short, whole in _SHORT:
        text = short.sub(whole, text)
    text = " ".join(text.split())
    found = [each for each in names if re.search(rf"\b{re.escape(each.name)}\b", text)]
    told = {each.name for each in found}
    whole_names = {name for name in told if not any(name != other and name in other for other in told)}
    return frozenset(code for each in found if each.name in whole_names for code in each.codes)
