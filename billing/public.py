"""What other apps may ask about money, answered in frozen dataclasses."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from billing.cards.asking import ask_card, close_page, open_page
from billing.cards.client import is_offered
from billing.cards.disputes import send_answer
from billing.cards.events import CardAsked, CardDisputeDecided, CardRefundApproved, CardServiceTold, CardWithdrawn
from billing.cards.hearing import look_into
from billing.cards.refunds import send_refund
from billing.claims.importing import read_claim
from billing.claims.matching import match_claim, waiting_claims
from billing.disputes.checking import check_files_of
from billing.errors import NoTariff, WeightNotPriced, ZoneNotPriced
from billing.exports.making import make_export
from billing.known_errors.detecting import watch_disputed_alike
from billing.operations.entries import Posted, post_entry
from billing.operations.posting import post_postage, record_act
from billing.payments.cash import note_cash, note_cash_back
from billing.payments.closing import sign_shift
from billing.payments.collecting import ask_transfer, cancel_collection
from billing.payments.queries import collection_of
from billing.payments.records import CashTaken, CollectionInfo, Due, Till
from billing.payouts.reconciling import reconcile_paid
from billing.payouts.reversals import look_at_transfer
from billing.payouts.transfers import send_transfer
from billing.queries.rates import rate_book
from billing.queries.unposted import unposted_parcels
from billing.records import CompensableAct, DeliveredPostage, PostageCase, Quote, Step
from billing.rules import pricing
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plain_data import (
    case_as_data,
    case_from_data,
    quote_as_data,
    quote_from_data,
    step_as_data,
    step_from_data,
)
from billing.rules.plans import AccountName, Leg
from billing.rules.rate_cards import cards_as_data
from billing.rules.repeats import Bearer
from billing.rules.zones import ZoneFinding, find_zone, zone_finding
from billing.settlement.bulk import post_chunk, post_many
from billing.what_if.computing import compute_scenario
from shared.money import Money
from shared.places import Place

__all__ = [
    "AccountName",
    "AccountSide",
    "Bearer",
    "CashTaken",
    "CollectionInfo",
    "CompensableAct",
    "DeliveredPostage",
    "Due",
    "Entry",
    "EntryAmounts",
    "Leg",
    "NoTariff",
    "PostageCase",
    "Posted",
    "Quote",
    "Step",
    "Till",
    "WeightNotPriced",
    "ZoneFinding",
    "ZoneNotPriced",
    "as_data",
    "ask_card",
    "ask_transfer",
    "cancel_collection",
    "case_as_data",
    "case_from_data",
    "check_files_of",
    "close_card_page",
    "collection_of",
    "compute_scenario",
    "explain_zone",
    "known_beneficiary_classes",
    "look_into_card_message",
    "make_export",
    "match_claim",
    "note_cash",
    "note_cash_back",
    "open_card_page",
    "post_chunk",
    "post_entry",
    "post_many",
    "post_postage",
    "quote",
    "quote_from_data",
    "rates_as_data",
    "read_claim",
    "reconcile_paid",
    "record_act",
    "send_card_dispute_answer",
    "send_card_refund",
    "send_transfer",
    "sign_shift",
    "step_as_data",
    "step_from_data",
    "takes_cards",
    "unposted_parcels",
    "waiting_claims",
    "watch_disputed_alike",
    "zone_between",
    "zone_words",
]

as_data = quote_as_data


def takes_cards(amount: Money) -> bool:
    """Whether a citizen may pay `amount` by card in this house."""
    return is_offered() and amount >= Money(settings.WARDPOST_CARD_MINIMUM)


def open_card_page(event: CardAsked, *, at: datetime) -> None:
    open_page(payment_id=event.payment_id, at=at)


def close_card_page(event: CardWithdrawn, *, at: datetime) -> None:
    close_page(payment_id=event.payment_id, at=at)


def send_card_refund(event: CardRefundApproved, *, at: datetime) -> None:
    send_refund(refund_id=event.refund_id, at=at)


def send_card_dispute_answer(event: CardDisputeDecided, *, at: datetime) -> None:
    send_answer(dispute_id=event.dispute_id, at=at)


def look_into_card_message(event: CardServiceTold, *, at: datetime) -> None:
    look_into(event, at=at, others={"transfer": look_at_transfer})


def quote(case: PostageCase) -> Quote:
    """What this trip costs whom, and why. Reads the rates at most once a minute.

    Raises:
        NoTariff: no tariff of this operator is in force in this direction on that day.
        ZoneNotPriced, WeightNotPriced: the tariff does not go so far.
    """
    return pricing.quote(case, rate_book())


def rates_as_data(operator_code: str, province_code: str, on: date) -> dict[str, Any]:
    """An operator's tariffs, national reductions and a city's support on a day: code → card, plain JSON."""
    return cards_as_data(rate_book(), operator_code=operator_code, province_code=province_code, on=on)


def explain_zone(origin: Place, destination: Place) -> ZoneFinding:
    """The tariff's zone between two present communes, why it is that one, and how sure that is."""
    provinces = rate_book().provinces or {}
    return find_zone(origin, destination, {code: card.region for code, card in provinces.items()})


def zone_words(zone: str) -> ZoneFinding:
    """A zone that an operator's own table names, in words."""
    return zone_finding(zone)


def zone_between(origin: Place, destination: Place) -> str:
    return str(explain_zone(origin, destination).zone)


def known_beneficiary_classes() -> list[tuple[str, str, str]]:
    """Classes with a national reduction: code, name in Vietnamese, name in English; newest wording, data's order."""
    return list({card.beneficiary_class: (card.beneficiary_class, card.name_vi, card.name_en)
                 for card in rate_book().reductions}.values())
