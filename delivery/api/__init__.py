"""The API of delivery: `router` gathers what its submodules declare."""

from ninja import Router

from delivery.api import carriers, parcels, tracking

router = Router(tags=["delivery"])
for _part in (carriers, parcels, tracking):
    router.add_router("", _part.router)
