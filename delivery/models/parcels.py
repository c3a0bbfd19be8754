from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from delivery.rules import Direction, ParcelState
from shared.ids import uuid7

if TYPE_CHECKING:
    from delivery.models.events import ProofOfDelivery

# Both ends belong to a range of serials.
_SERIALS = Func(
    "first_serial", "last_serial", Value("[]"), function="int4range", output_field=IntegerRangeField()
)


class NumberPool(models.Model):
    """A range of S10 serials allotted to an operator; a number, once given, is never given again."""

    operator_code = models.CharField(max_length=12)
    service = models.CharField(max_length=2)
    """S10 service indicator: "RR" registered, "EH" express."""
    first_serial = models.PositiveIntegerField()
    next_serial = models.PositiveIntegerField()
    last_serial = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_serial__lte=F("last_serial") + 1), name="number_pool_not_overdrawn"
            ),
            models.CheckConstraint(
                condition=Q(next_serial__gte=F("first_serial"), last_serial__lte=99_999_999),
                name="number_pool_in_range",
            ),
            ExclusionConstraint(
                name="number_pool_ranges_apart",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    (_SERIALS, RangeOperators.OVERLAPS),
                ],
            ),
        ]


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def live(self) -> ParcelQuerySet:
        return self.filter(is_live=True)

    def ended(self) -> ParcelQuerySet:
        return self.filter(is_live=False)

    def late(self, today: date) -> ParcelQuerySet:
        """Not at its end on the day after it was promised."""
        return self.live().filter(promised_date__lt=today)


class Parcel(models.Model):
    """One postal item and where the set of its events says that it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20)
    """UPU S10 item identifier with a valid check digit, or the operator's own form."""
    booking_ref = models.CharField(max_length=80)
    """Natural key of the booking, e.g. "result:{dossier_id}": booking twice gives the same parcel."""
    carrier = models.CharField(max_length=12)
    operator_code = models.CharField(max_length=12)
    direction = models.CharField(max_length=8, choices=[(d.value, d.value) for d in Direction])
    outlet_id = models.UUIDField(null=True)
    """The support point whose dossiers these are; ids only: delivery stands below intake and asks agents."""
    centre_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    weight_grams = models.PositiveIntegerField()
    zone = models.CharField(max_length=24)
    sender_name = models.CharField(max_length=160)
    sender_address = models.CharField(max_length=300)
    recipient_name = models.CharField(max_length=160)
    recipient_phone = models.CharField(max_length=16, blank=True)
    recipient_address = models.CharField(max_length=300)
    recipient_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+", db_index=False)
    origin_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+", db_index=False)
    pricing = models.JSONField()
    """billing.records.PostageCase as data: what billing needs to price this trip when it is delivered."""
    tracking_code = models.CharField(max_length=16)
    """Random, speakable; with the last digits of the phone it opens the public page."""
    booked_at = models.DateTimeField()
    promised_date = models.DateField()
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in ParcelState], default=ParcelState.BOOKED
    )
    state_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    is_live = models.GeneratedField(
        expression=~Q(state__in=["delivered", "returned", "lost"]),  # type: ignore[arg-type]  # a Q is an expression
        output_field=models.BooleanField(),
        db_persist=True,
    )
    """What indexes speak of instead of the state: it changes once in a life, so the other updates touch no index."""
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)
    """delivery.rules.standing.Summary of all its events, from which the standing above is computed."""
    contradictions = ArrayField(models.CharField(max_length=24), default=list)
    """Why a parcel needs review: codes of delivery.rules.standing."""
    told = ArrayField(models.CharField(max_length=12), default=list)
    """What others were told of it ("accepted", "delivered", "returned"), so that each is told once."""
    is_sent_to_carrier = models.BooleanField(default=False)
    send_attempts = models.PositiveSmallIntegerField(default=0)
    send_next_at = models.DateTimeField(default=timezone.now)
    """When the booking may be told to the carrier (again); in the future while somebody is at it."""
    send_error = models.CharField(max_length=120, blank=True)

    objects: ClassVar[ParcelQuerySet] = ParcelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ParcelState]), name="parcel_state_known"),
            models.CheckConstraint(condition=Q(weight_grams__range=(1, 30000)), name="parcel_weight_plausible"),
            # Not unique=True: that would add an index for LIKE to each.
            models.UniqueConstraint(fields=["number"], name="parcel_number_once"),
            models.UniqueConstraint(fields=["booking_ref"], name="parcel_booking_once"),
            models.UniqueConstraint(fields=["tracking_code"], name="parcel_tracking_once"),
        ]
        indexes = [
            models.Index(fields=["outlet_id", "-booked_at", "-id"], name="parcel_of_outlet"),
            models.Index(fields=["centre_id", "-booked_at", "-id"], name="parcel_of_centre"),
            models.Index(fields=["province_code", "promised_date"], condition=Q(is_live=True), name="parcel_awaited"),
            models.Index(fields=["send_next_at"], condition=Q(is_sent_to_carrier=False), name="parcel_unsent"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def proof_or_none(self) -> ProofOfDelivery | None:
        """The proof of a parcel that was loaded with it."""
        try:
            return self.proof
        except ObjectDoesNotExist:
            return None


class ParcelDossier(models.Model):
    """A dossier whose papers or result lie in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="contents")
    dossier_id = models.UUIDField()
    dossier_code = models.CharField(max_length=40)
    """The authority's code, or our own reference before there is one; what a label may show."""
    contents = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "dossier_id"], name="parcel_dossier_once")]
        indexes = [models.Index(fields=["dossier_id"], name="parcel_by_dossier")]
