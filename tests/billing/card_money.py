"""Money paid by card, at the stand-in: paid, given back, disputed, lost; what tests of it share."""

from datetime import UTC, datetime
from uuid import uuid4

from billing.cards import asking, movements, outside, refunds, settling
from billing.cards.models import CardPayment
from billing.cards.parts import Parts
from billing.cards.records import Refund
from billing.models.ledger import Posting
from billing.payments.models import Collection
from billing.payments.records import Due, Till
from billing.simulator import disputes as bank
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role

TILL = Till(uuid4(), uuid4(), "VNPOST", "01")
CLERK = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa", Role.OUTLET_CLERK, outlet_id=TILL.outlet_id)
FIRST = Actor(ActorKind.PERSON, str(uuid4()), "Phạm Thu", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
SECOND = Actor(ActorKind.PERSON, str(uuid4()), "Ngô Minh", Role.OPERATOR_HQ, operator_id=TILL.operator_id)
WORDS = "Biên lai và biên bản trả kết quả cho thấy dịch vụ đã thực hiện đúng ngày."
FEE = 1_102
"""What the stand-in keeps of 38,000 đ."""


def now():
    return datetime.now(UTC)


def paid(service, fee=8_000, postage=30_000):
    info = asking.ask_card(due=Due("dossier", uuid4(), Money(fee), Money(postage)), till=TILL, by=CLERK, at=now())
    payment = CardPayment.objects.get(collection_id=info.id)
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    service.pay(payment.page_url)
    settling.look(payment_id=payment.id, at=now())
    return CardPayment.objects.select_related("collection").get(id=payment.id)


def look(payment):
    return movements.look_at_money(payment_id=payment.id, at=now())


def legs():
    """Account → sum, without those that are even."""
    told: dict[str, int] = {}
    for posting in Posting.objects.select_related("account"):
        told[posting.account.code] = told.get(posting.account.code, 0) + posting.amount.amount
    return {code: amount for code, amount in told.items() if amount}


def charge_of(service, payment):
    return next(each for each in service.service.store.all("charge") if each["payment_intent"] == payment.payment_ref)


def disputed(service, payment, **how):
    with service.service.store.lock:
        return bank.open_dispute(service.service, charge_of(service, payment), **how)


def decided(service, dispute, *, is_won):
    with service.service.store.lock:
        bank.decide(service.service, dispute, is_won=is_won)


def gone(service):
    return sum(each["net"] for each in service.service.store.all("balance_transaction"))


def given_back(payment, parts=None, by=FIRST):
    refund = refunds.ask_refund(payment_id=payment.id, why="Thu nhầm một phần", by=by, at=now(), parts=parts)
    refunds.send_refund(refund_id=refund.id, at=now())
    refund.refresh_from_db()
    return refund


def parts(fee, postage):
    return Parts(Money(fee), Money(postage))


def came_back(service, refund):
    """The cardholder's bank sends a done refund back."""
    with service.service.store.lock:
        told = next(each for each in service.service.store.all("refund") if each["id"] == refund.refund_ref)
        service.service.settle_refund(told, succeeds=False)
    refunds.send_refund(refund_id=refund.id, at=now())
    refund.refresh_from_db()
    assert (refund.state, refund.came_back) == ("failed", True)


def unasked(service):
    """A card payment of a request that was withdrawn meanwhile: it pays nothing."""
    info = asking.ask_card(due=Due("dossier", uuid4(), Money(8_000), Money(30_000)), till=TILL, by=CLERK, at=now())
    payment = CardPayment.objects.get(collection_id=info.id)
    asking.open_page(payment_id=payment.id, at=now())
    payment.refresh_from_db()
    Collection.objects.filter(id=info.id).update(state="cancelled")
    service.pay(payment.page_url)
    settling.look(payment_id=payment.id, at=now())
    return CardPayment.objects.select_related("collection").get(id=payment.id)


def lost(service, payment, **how):
    told = disputed(service, payment, **how)
    decided(service, told, is_won=False)
    look(payment)
    return told


def exceptions():
    return WorkItem.objects.filter(kind="card-payment-exception", closed_at=None)


def reinstated(service, dispute, amount):
    """The bank gives a part of what it took back."""
    with service.service.store.lock:
        bank._book(service.service, dispute, amount, 0, "dispute_reversal")


def failed(payment, wanted=None):
    refund = refunds.ask_refund(payment_id=payment.id, why="Thu nhầm một phần", by=FIRST, at=now(), parts=wanted)
    refunds._told(refund_id=refund.id, told=Refund("", str(refund.id), "failed", refund.amount, payment.payment_ref,
                                                   "expired_or_canceled_card"), at=now())
    refund.refresh_from_db()
    return refund


def otherwise(refund, *, way="transfer", reference="UNC 0145", proof="Giấy báo nợ lưu ở phòng kế toán", by=SECOND):
    return outside.give_otherwise(refund_id=refund.id, way=way, reference=reference, proof=proof, by=by, at=now())
