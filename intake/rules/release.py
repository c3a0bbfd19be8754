"""Into whose hands a result may be given, by the procedure's rule of authorisation; what is given up for it.

An authorised receiver shows a written authorisation and her own ID (Decision 45/2016/QĐ-TTg, Circular
22/2017/TT-BTTTT). Where the law asks for the citizen's presence, nobody receives for her; in civil status a written
authorisation need be certified unless the receiver is close family (Circular 04/2020/TT-BTP, Article 2).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_RULES: Final[Mapping[str, str]] = MappingProxyType({
    "in_person_only": "in_person",
    "civil_status_certified_unless_family": "certified",
})
EXCHANGED: Final = frozenset({"giay_chung_nhan"})
"""A certificate of land use is replaced by the new one: the old original is given up for it (Decree 101/2024/NĐ-CP)."""


def release_rule(authorisation_rule: str) -> str:
    """A rule of delivery.door.rules.ReleaseRule; procedures without a stricter one go by authorisation."""
    return _RULES.get(authorisation_rule, "authorised")


def is_exchanged(component: str) -> bool:
    return component in EXCHANGED
