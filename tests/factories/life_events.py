"""Events of life as they are shipped."""

import json

from config.reference_data.life_events import LifeEventRow, _columns
from config.runtime.paths import PROJECT
from intake.models.counter import LifeEvent
from tests.factories import catalogue


def life_event(code: str = "birth") -> LifeEvent:
    """The event and the procedures it names."""
    rows = json.loads((PROJECT / "reference_data" / "life_events.json").read_text(encoding="utf-8"))["rows"]
    columns = _columns(LifeEventRow.model_validate(next(row for row in rows if row["code"] == code)))
    for step in columns["steps"]:
        catalogue.procedure(step["procedure_code"])
    return LifeEvent.objects.create(**columns)
