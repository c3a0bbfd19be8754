"""What a carrier means by its codes: its adapter's table first, then the codes that all of us know."""

from functools import lru_cache

from delivery.carriers.adapter import adapter_of
from delivery.rules.codes import EVENT_CODES, OURS, EventCode


@lru_cache(maxsize=4096)
def code_of(carrier: str, said: str) -> EventCode | None:
    """What `carrier` means by `said`: its own status number, or an EMSEVT or X- code; None when we do not know it."""
    meant = adapter_of(carrier).codes.get(said, said)
    return None if meant in OURS else EVENT_CODES.get(meant)
