"""Money's part of the API."""

from ninja import Router

from billing.api import quotes, statements

router = Router()
router.add_router("", quotes.router)
router.add_router("", statements.router)
