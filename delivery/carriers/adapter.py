"""An adapter: how one carrier speaks. A carrier with a secret and no module of its own speaks our own form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final

from delivery.carriers import adapters
from delivery.carriers.known import KnownCarrier
from delivery.carriers.protocol import Carrier

type Message = Mapping[str, Any]
NO_CODES: Final[Mapping[str, str]] = MappingProxyType({})


def as_they_are(message: Message) -> Sequence[Message] | None:
    """For carriers that speak our own form: nothing to translate."""
    return None


@dataclass(frozen=True, slots=True)
class Adapter:
    carriers: tuple[str, ...]
    """Codes of the carriers that speak like this, as in WARDPOST_CARRIER_SECRETS."""
    connect: Callable[[KnownCarrier], Carrier]
    """A line to one that has an interface."""
    codes: Mapping[str, str] = NO_CODES
    """Its own status numbers → EMSEVT codes and our additions."""
    translate: Callable[[Message], Sequence[Message] | None] = as_they_are
    """A message in its own form as events in ours; None when it is in our form already. Raises EventsMalformed."""
    file_columns: tuple[str, ...] = ()
    """The first line of its own daily file; a line is translated like a message with these names."""
    poll_size: int = 100
    """How many parcels one question may be about."""
    polls_a_minute: int = 60
    """How many questions it bears."""


@cache
def adapter_of(code: str) -> Adapter:
    """The adapter of the carrier `code`."""
    found = {each: adapter for adapter in _all() for each in adapter.carriers}
    return found.get(code) or found[""]


def _all() -> list[Adapter]:
    names = [each.name for each in iter_modules(adapters.__path__)]
    return [import_module(f"{adapters.__name__}.{name}").ADAPTER for name in sorted(names)]


def line_to(carrier: KnownCarrier) -> Carrier | None:
    """A line to the carrier; None when it has no interface and is told by paper and file."""
    return adapter_of(carrier.code).connect(carrier) if carrier.booking_url else None
