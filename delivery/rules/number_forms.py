"""How each operator's parcel numbers look: checked here, never repaired.

Vietnam Post numbers domestic items like UPU S10. Viettel Post gives numbers of its own; that they are letters and nine
or more digits without a check digit is assumed from what its public interface shows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.identifiers import is_s10, s10_number

S10: Final = "s10"
VIETTEL: Final = "viettel"

_OWN_NUMBER = re.compile(r"[A-Z]{0,4}[0-9]{9,13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One way to number parcels. `prefix` replaces the service letters; empty: UPU S10."""

    code: str
    example: str
    prefix: str = ""

    def number(self, service: str, serial: int) -> str:
        """The number of a serial from 0 to 99,999,999."""
        return f"{self.prefix}{serial:09d}" if self.prefix else s10_number(service, serial)

    def fits(self, number: str) -> bool:
        """Whether `number` can be one of the operator's."""
        return _OWN_NUMBER.fullmatch(number) is not None if self.prefix else is_s10(number)


FORMS: Final[Mapping[str, NumberForm]] = MappingProxyType({
    S10: NumberForm(S10, "RR473124829VN"),
    VIETTEL: NumberForm(VIETTEL, "VTP095000017", prefix="VTP"),
})
_FORM_OF: Final[Mapping[str, str]] = MappingProxyType({"VTPOST": VIETTEL})


def form_of(operator_code: str) -> NumberForm:
    """The form of an operator's numbers; S10 for all that have none of their own."""
    return FORMS[_FORM_OF.get(operator_code, S10)]


def typed_number(typed: str) -> str:
    """A number as it was typed or scanned, without the blanks that print and eye put in."""
    return "".join(typed.split()).replace("-", "").upper()
