"""The API of delivery: `router` gathers what its submodules declare."""

from ninja import Router

from delivery.api import carriers

router = Router(tags=["delivery"])
router.add_router("", carriers.router)
