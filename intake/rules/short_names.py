"""Official names of procedures run over many lines; a list shows their beginning."""

import re
from typing import Final

from intake.rules.wording import Words

LONGEST: Final = 58
LONGEST_IN_QUEUE: Final = 36
_BREAKS: Final = re.compile(r"[,;:(]")


def shortened(text: str, longest: int = LONGEST) -> str:
    """The first clause, or as many whole words of it as fit."""
    clause = _BREAKS.split(text, maxsplit=1)[0].strip() or text
    if len(clause) <= longest:
        return clause
    return f"{clause[: longest - 1].rsplit(' ', 1)[0]}…"


def short_words(vi: str, en: str, longest: int = LONGEST) -> Words:
    return Words(shortened(vi, longest), shortened(en, longest))
