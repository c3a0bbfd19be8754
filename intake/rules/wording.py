"""A sentence that the rules make, kept in both languages: a route worked out today is read in either for years."""

from dataclasses import dataclass

from shared.formatting import speaks_vietnamese


@dataclass(frozen=True, slots=True)
class Words:
    """Prints in the reader's language; data keeps both."""

    vi: str = ""
    en: str = ""

    def __str__(self) -> str:
        return self.vi if speaks_vietnamese() else self.en

    def __bool__(self) -> bool:
        return bool(self.vi)
