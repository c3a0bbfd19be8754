"""The whole of docs/states.md."""

from collections.abc import Iterator

from config.drawing import deliveries, dossiers, money, network, operations_room
from config.drawing.machines import Machine, drawn

_HEAD = """Drawn by `python manage.py draw_states` from the state tables; a test compares the two.

- In *hatched* states the statutory clock stands still.
- States without an arrow out of them are final; leaving one takes an audited correction.
- Every other state has an owner and something that notices when a thing stays in it: a sweep, or a work item.
"""


def machines() -> Iterator[Machine]:
    """Every machine, in the document's order."""
    yield from dossiers.DOSSIER
    yield from dossiers.AROUND
    yield deliveries.PARCEL
    yield from deliveries.MACHINES
    yield from money.MACHINES
    yield from network.MACHINES
    yield from operations_room.MACHINES


def states_document() -> str:
    """The text."""
    parts = [
        dossiers.HEAD, _HEAD, *map(drawn, dossiers.DOSSIER), "# Around a dossier\n", *map(drawn, dossiers.AROUND),
        deliveries.parcel_chapter(), "# Around a parcel\n", *map(drawn, deliveries.MACHINES),
        "# Settlement and payment\n", *map(drawn, money.MACHINES),
        "# Around the network\n", *map(drawn, network.MACHINES),
        "# The operations room\n", *map(drawn, operations_room.MACHINES)]
    return "\n".join(parts)
