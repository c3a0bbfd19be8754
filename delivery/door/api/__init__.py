"""The API of the last step: `routers` gathers what its submodules declare."""

from delivery.door.api import changes, doors, pick_ups, rounds

routers = (rounds.router, doors.router, pick_ups.router, changes.router)
