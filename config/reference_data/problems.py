"""What is wrong with a file, said so that its author can put it right."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` says what to do, in the reader's language; `row` counts from 1, None means the file as a whole."""

    file: str
    row: int | None
    message: str

    def __str__(self) -> str:
        if self.row is None:
            return f"{self.file}: {self.message}"
        return _("%(file)s, row %(row)d: %(message)s") % {"file": self.file, "row": self.row, "message": self.message}


class ReferenceDataRefused(Exception):
    """Files that may not be loaded, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
