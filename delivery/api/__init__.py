"""The API of delivery: `router` gathers what its submodules declare."""

from ninja import Router

from delivery.api import carrier_desk, carriers, numbers, packing, parcel_work, parcels, tracking
from delivery.clock import api as clock
from delivery.dispatch import api as dispatch
from delivery.door.api import routers as door_routers
from delivery.indemnities import api as indemnities
from delivery.searches import api as searches
from delivery.shares import api as shares

router = Router(tags=["delivery"])
for _part in (carriers, parcels, parcel_work, packing, numbers, dispatch, tracking):
    router.add_router("", _part.router)
router.add_router("", searches.router)
router.add_router("", clock.router)
for _router in door_routers:
    router.add_router("", _router)
router.add_router("", indemnities.router)
router.add_router("", shares.router)
router.add_router("", carrier_desk.router)
