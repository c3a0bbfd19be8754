"""Indemnities as people read them: those of their own place; and what a parcel's delay or loss amounts to."""

from datetime import date, datetime

from django.db import models
from django.db.models import Min

from billing import public as billing
from delivery.indemnities.models import Indemnity, IndemnityTerms
from delivery.indemnities.rules import Terms, terms_on
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.pricing import case_from_data
from delivery.promise.rules import due_date
from delivery.queries.parcels import seen_by
from shared.actors import Actor
from shared.calendar import local
from shared.working_days import work_calendar


def indemnities_seen_by(actor: Actor) -> models.QuerySet[Indemnity]:
    """Those of parcels that `actor` may know of."""
    rows = Indemnity.objects.filter(parcel__in=seen_by(actor).values("id"))
    return rows.select_related("parcel__recipient_commune").fetch_mode(models.FETCH_RAISE)


def terms_in_force(day: date) -> Terms | None:
    return terms_on([row.as_terms() for row in IndemnityTerms.objects.all()], day)


def quote_of(parcel: Parcel) -> billing.Quote | None:
    """What the trip costs by the tariff of its day; None where none prices it."""
    try:
        return billing.quote(case_from_data(parcel.pricing))
    except (billing.NoTariff, billing.ZoneNotPriced, billing.WeightNotPriced):
        return None


def first_offered(parcel: Parcel) -> date | None:
    """The first day on which it was delivered, tried at the door or laid out for collection."""
    collectable = TrackingEvent.objects.filter(parcel_id=parcel.id, code="EDH").aggregate(at=Min("occurred_at"))["at"]
    moments: list[datetime | None] = [parcel.delivered_at, collectable]
    days = [local(moment).date() for moment in moments if moment is not None]
    days += [date.fromisoformat(day) for day in parcel.summary.get("attempt_days", [])[:1]]
    return min(days, default=None)


def came_too_late(parcel: Parcel) -> bool:
    """After J + n, J being the day on which the post accepted it: not before that is its term."""
    offered = first_offered(parcel)
    return offered is not None and offered > due_date(parcel, work_calendar())
