"""Two citizens of today pay by card: one gets her money back, and the other's bank takes it back.

The dispute waits for an answer of the operator's headquarters; fees and dispute stand in the books.
"""

from datetime import datetime
from typing import Final

import httpx
from django.conf import settings
from django.db import transaction

from agents.models.people import StaffAccount
from billing.cards.asking import open_page
from billing.cards.models import CardPayment
from billing.cards.movements import look_at_money
from billing.cards.parts import Parts
from billing.cards.refunds import ask_refund, send_refund
from billing.cards.settling import look
from intake.dues import parts_due
from intake.errors import NoReceiptNumber
from intake.models.dossiers import Dossier
from intake.operations import payments
from intake.operations.receipts import next_range
from intake.rules.states import MoneyState
from shared.actors import Actor
from shared.calendar import local
from shared.money import ZERO, Money

TEST_CARD: Final = "4242 4242 4242 4242"
DISPUTED_CARD: Final = "4000 0000 0000 2685"
"""Its holder's bank says as soon as it is paid that nothing came."""
CLERKS: Final = ("quay.hue", "quay.hanoi")
WHY: Final = "Thu nhầm một phần, bưu cục đề nghị hoàn phần đó"


def tell(at: datetime) -> None:
    """Everything through the operations that the screens use; without a card service nothing happens."""
    if not settings.WARDPOST_STRIPE_KEY or CardPayment.objects.exists():
        return
    clerks = [_actor(name) for name in CLERKS]
    owing = [(dossier, clerk) for clerk in clerks for dossier in _owing(clerk, at)[:1]]
    cards = [DISPUTED_CARD if number < len(owing) - 1 else TEST_CARD for number in range(len(owing))]
    paid = [_pay(dossier, clerk, card, at) for (dossier, clerk), card in zip(owing, cards, strict=True)]
    if paid:
        _give_back(paid[-1], _actor("dieuhanh.vnpost"), at)
    for payment in paid:
        look_at_money(payment_id=payment.id, at=at)


def _actor(username: str) -> Actor:
    people = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator")
    return people.get(username=username).actor


def _owing(clerk: Actor, at: datetime) -> list[Dossier]:
    """The clerk's dossiers that owe enough for a card, and for which a receipt can be written."""
    owing = Dossier.objects.seen_by(clerk).filter(money=MoneyState.DUE).select_related("procedure")
    least = Money(settings.WARDPOST_CARD_MINIMUM)
    return [each for each in owing.order_by("-created_at", "id")
            if sum(parts_due(each), ZERO) >= least and _has_receipt(each, clerk, at)]


def _has_receipt(dossier: Dossier, clerk: Actor, at: datetime) -> bool:
    if not dossier.fee or clerk.outlet_id is None:
        return True
    try:
        with transaction.atomic():
            next_range(clerk.outlet_id, dossier, local(at).date())
    except NoReceiptNumber:
        return False
    return True


def _pay(dossier: Dossier, clerk: Actor, card: str, at: datetime) -> CardPayment:
    """Asked for at the counter and paid on the card page, as a browser does."""
    asked = payments.ask_card(dossier_id=dossier.id, by=clerk, at=at)
    payment = CardPayment.objects.get(collection_id=asked.id)
    open_page(payment_id=payment.id, at=at)
    payment.refresh_from_db()
    with httpx.Client(trust_env=False, timeout=10) as browser:
        browser.post(payment.page_url, data={"number": card})
    look(payment_id=payment.id, at=at)
    return payment


def _give_back(payment: CardPayment, headquarters: Actor, at: datetime) -> None:
    refund = ask_refund(payment_id=payment.id, why=WHY, by=headquarters, at=at, parts=_one_part(payment))
    send_refund(refund_id=refund.id, at=at)


def _one_part(payment: CardPayment) -> Parts:
    """All of the postage when fees were paid as well, or half of the one thing that was paid."""
    of = payment.collection
    if of.fee and of.postage:
        return Parts(ZERO, of.postage)
    half = Money(of.amount.amount // 2)
    return Parts(half, ZERO) if of.fee else Parts(ZERO, half)
