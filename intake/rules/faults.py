"""What is wrong with something typed, as a code and its facts; intake.wording says it to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_FACTS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    facts: Mapping[str, object] = field(default=NO_FACTS)


def fault(code: str, **facts: object) -> Fault:
    return Fault(code, facts)
