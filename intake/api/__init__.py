"""The API of intake: `router` gathers what its submodules declare."""

from ninja import Router

from intake.api import centre, centre_lists

router = Router()
router.add_router("", centre.router)
router.add_router("", centre_lists.router)
