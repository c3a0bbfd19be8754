"""What notices that the card service was not heard: pages, refunds and messages are asked for, and days compared."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Exists, F, OuterRef, Q

from billing.cards import gateway, hearing
from billing.cards.asking import close_page, open_page
from billing.cards.client import is_offered
from billing.cards.dispute_rules import DisputeState
from billing.cards.disputes import send_answer
from billing.cards.errors import CardOutcomeUnknown
from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.cards.movements import look_at_money
from billing.cards.refunds import send_refund
from billing.cards.rules import CardState, MovementKind, RefundState
from billing.cards.settling import look
from billing.payments.collecting import expire_collections
from billing.payments.rules.matching import CollectionState
from shared import work
from shared.roles import Role

log = structlog.get_logger()

AT_ONCE: Final = 40
UNHEARD: Final = timedelta(minutes=2)
"""A citizen pays within minutes: a page is asked about this often while it is young, and then every quarter hour."""
YOUNG: Final = timedelta(minutes=30)
SELDOM: Final = timedelta(minutes=15)
HOURLY: Final = timedelta(hours=1)
ENDS_WITHIN: Final = timedelta(days=7)
"""A dispute that is decided is asked about for so long: its money may come back days later."""
LISTENS_BACK: Final = timedelta(hours=2)
COMPARES_BACK: Final = timedelta(days=3)
UNKNOWN: Final = "card-payment-unknown"
"""Work item of the administrator: the service was paid for something that we do not know."""


def watch(*, at: datetime) -> int:
    """Ask about what is open; returns how many were looked at. Run again, it does no more."""
    expire_collections(at=at)
    if not is_offered():
        return 0
    return (_each(_unopened(at), lambda own: open_page(payment_id=own, at=at))
            + _each(_unwanted(), lambda own: close_page(payment_id=own, at=at))
            + _each(_open(at), lambda own: look(payment_id=own, at=at))
            + _each(_unended(at), lambda own: send_refund(refund_id=own, at=at))
            + _each(_unsent(at), lambda own: send_answer(dispute_id=own, at=at))
            + _each(_unread(at), lambda own: look_at_money(payment_id=own, at=at)))


def listen_again(*, at: datetime) -> int:
    """Keep the messages that were never sent; returns how many were new."""
    if not is_offered():
        return 0
    told = gateway.events_since(at - LISTENS_BACK, hearing.KINDS)
    return sum(hearing.keep_event(event=event, raw=raw, at=at, is_asked_for=True) for event, raw in told)


def compare(*, at: datetime) -> int:
    """Compare the last days' payments with ours; returns how many differed. What we missed is settled, what we do not
    know is an administrator's.
    """
    if not is_offered():
        return 0
    paid = [each for each in gateway.payments_since(at - COMPARES_BACK) if each.status == "succeeded"]
    known = dict(CardPayment.objects.filter(collection__reference__in=[each.reference for each in paid]).values_list(
        "collection__reference", "id"))
    settled = set(CardPayment.objects.filter(state=CardState.PAID, payment_ref__in=[each.id for each in paid])
                  .values_list("payment_ref", flat=True))
    missed = [each for each in paid if each.id not in settled]
    for each in missed:
        if each.reference in known:
            look(payment_id=known[each.reference], at=at)
        else:
            work.open_item(kind=UNKNOWN, reference=each.id, owner_role=Role.ADMINISTRATOR, owner_place="", at=at,
                           due_at=at + timedelta(days=3), detail={"amount_vnd": each.received.amount})
    return len(missed) + _compare_money(at)


def _compare_money(at: datetime) -> int:
    """What moved the balance, or is disputed, and never reached us: its payment is asked about. Says how many were."""
    lines = {each.id: each.source for each in gateway.balance_since(at - COMPARES_BACK)}
    for known in CardMovement.objects.filter(line_ref__in=lines).values_list("line_ref", flat=True):
        del lines[known]
    told = {each.payment_id for each in gateway.disputes_since(at - COMPARES_BACK)}
    sources = set(lines.values())
    behind = CardPayment.objects.filter(state=CardState.PAID).filter(
        Q(movements__source_ref__in=sources) | Q(refunds__refund_ref__in=sources)
        | Q(disputes__dispute_ref__in=sources) | Q(money_at=None)
        | Q(payment_ref__in=told, disputes=None)).distinct().values_list("id", flat=True)
    return _each(list(behind[:AT_ONCE * 10]), lambda own: look_at_money(payment_id=own, at=at))


# --- the parts ------------------------------------------------------------------------------------------------------


def _each(found: Iterable[UUID], ask: Callable[[UUID], object]) -> int:
    """One silence does not keep the others waiting."""
    many = 0
    for own in found:
        try:
            ask(own)
        except CardOutcomeUnknown:
            log.warning("card_service_silent", about=str(own))
            break
        many += 1
    return many


def _unopened(at: datetime) -> Iterable[UUID]:
    waiting = CardPayment.objects.filter(state=CardState.ASKED, tried_at__lt=at - UNHEARD,
                                         collection__state=CollectionState.ASKED)
    return waiting.values_list("id", flat=True)[:AT_ONCE]


def _unwanted() -> Iterable[UUID]:
    """Withdrawn, and the page still open; or over before it was known whether there is a page."""
    is_open = Q(state=CardState.OPEN, collection__state=CollectionState.CANCELLED)
    never_known = Q(state=CardState.ASKED, collection__state__in=[CollectionState.CANCELLED, CollectionState.EXPIRED])
    return CardPayment.objects.filter(is_open | never_known).values_list("id", flat=True)[:AT_ONCE]


def _open(at: datetime) -> Iterable[UUID]:
    is_young = Q(collection__asked_at__gt=at - YOUNG, looked_at__lt=at - UNHEARD)
    return CardPayment.objects.filter(is_young | Q(looked_at__lt=at - SELDOM), state=CardState.OPEN).order_by(
        "looked_at").values_list("id", flat=True)[:AT_ONCE]


def _unsent(at: datetime) -> Iterable[UUID]:
    """Answers to disputes that the service has not taken, or of which nothing is known."""
    return CardDispute.objects.filter(
        Q(looked_at=None) | Q(looked_at__lt=at - UNHEARD), answered_at__lt=at - UNHEARD, state=DisputeState.ANSWERED,
    ).values_list("id", flat=True)[:AT_ONCE]


def _unread(at: datetime) -> Iterable[UUID]:
    """Payments of which the money was never asked about, whose fee is not known yet, or that are in dispute."""
    has_come = CardMovement.objects.filter(payment=OuterRef("id"), kind=MovementKind.PAYMENT)
    waits = CardDispute.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at - ENDS_WITHIN), payment=OuterRef("id"))
    return CardPayment.objects.filter(
        Q(money_at=None, looked_at__lt=at - UNHEARD) | Q(Exists(waits), money_at__lt=at - HOURLY)
        | Q(~Exists(has_come), money_at__lt=at - SELDOM), state=CardState.PAID,
    ).order_by(F("money_at").asc(nulls_first=True), "id").values_list("id", flat=True)[:AT_ONCE]


def _unended(at: datetime) -> Iterable[UUID]:
    return CardRefund.objects.filter(
        Q(looked_at=None, decided_at__lt=at - UNHEARD) | Q(looked_at=None, asked_at__lt=at - UNHEARD)
        | Q(looked_at__lt=at - SELDOM), state__in=[RefundState.APPROVED, RefundState.PENDING],
    ).values_list("id", flat=True)[:AT_ONCE]
