"""What happens in practice."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ExerciseFinished:
    """Every step of a try was found done."""

    run_id: UUID

    @property
    def stream(self) -> str:
        return f"practice-run:{self.run_id}"
