"""The short code by which a transfer is known again, and finding it in what a bank makes of a purpose.

Banks squeeze, prefix and re-space what the payer's app sent: "MBVCB.3482.WPUZ9ZXM7VK4.CT tu 0011…" is an ordinary line.
A check character keeps a mistyped code from meaning somebody else's payment.
"""

import re
from typing import Final

from shared.identifiers import is_spoken_code, spoken_code

PREFIX: Final = "WP"
LENGTH: Final = 10
"""Of the code after the prefix, its check character included."""
_NOISE: Final = re.compile(r"[^A-Z0-9]")
_LIKELY: Final = re.compile(rf"{PREFIX}(?=([A-Z0-9]{{{LENGTH}}}))")


def new_reference() -> str:
    """Twelve plain letters and digits, e.g. "WPUZ9ZXM7VK4"."""
    return PREFIX + spoken_code(LENGTH - 1)


def references_in(text: str) -> list[str]:
    """Our references in the purpose of a bank line, in order, each once; none that its check character denies."""
    squeezed = _NOISE.sub("", text.upper())
    found = (match[1] for match in _LIKELY.finditer(squeezed))
    return list(dict.fromkeys(PREFIX + code for code in found if is_spoken_code(code)))
