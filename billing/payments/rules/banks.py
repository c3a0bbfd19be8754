"""Banks by their BIN in NAPAS's network; the ones that citizens of these cities use most."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

BANKS: Final[Mapping[str, str]] = MappingProxyType({
    "970405": "Agribank", "970415": "VietinBank", "970418": "BIDV", "970422": "MB", "970432": "VPBank",
    "970436": "Vietcombank",
})
