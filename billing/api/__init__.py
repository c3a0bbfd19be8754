"""Money's part of the API."""

from ninja import Router

from billing.api import (
    books,
    budget,
    card_payments,
    cards,
    claims,
    disputes,
    known_errors,
    month_answers,
    payments,
    payouts,
    quotes,
    reviews,
    rule_book,
    settling,
    shifts,
    statements,
    support,
    take_backs,
)

router = Router()
router.add_router("", quotes.router)
router.add_router("", statements.router)
router.add_router("", rule_book.router)
router.add_router("", budget.router)
router.add_router("", disputes.router)
router.add_router("", reviews.router)
router.add_router("", month_answers.router)
router.add_router("", known_errors.router)
router.add_router("", payments.router)
router.add_router("", cards.router)
router.add_router("", card_payments.router)
router.add_router("", shifts.router)
router.add_router("", payouts.router)
router.add_router("", books.router)
router.add_router("", claims.router)
router.add_router("", settling.router)
router.add_router("", support.router)
router.add_router("", take_backs.router)
