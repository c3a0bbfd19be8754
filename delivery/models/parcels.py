from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from delivery.rules import Direction, ParcelState
from shared.ids import uuid7


class NumberPool(models.Model):
    """A range of S10 serials allotted to an operator; a number, once given, is never given again."""

    operator_code = models.CharField(max_length=12)
    service = models.CharField(max_length=2)
    """S10 service indicator: "RR" registered, "EH" express."""
    next_serial = models.PositiveIntegerField()
    last_serial = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_serial__lte=F("last_serial") + 1), name="number_pool_not_overdrawn"
            ),
            models.UniqueConstraint(fields=["operator_code", "service", "last_serial"], name="number_pool_range_once"),
        ]


class Parcel(models.Model):
    """One postal item and where the set of its events says that it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    """UPU S10 item identifier with a valid check digit, or the operator's own form."""
    booking_ref = models.CharField(max_length=80, unique=True)
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
    recipient_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    origin_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    pricing = models.JSONField()
    """billing.records.PostageCase as data: what billing needs to price this trip when it is delivered."""
    tracking_code = models.CharField(max_length=16, unique=True)
    """Random, speakable; with the last digits of the phone it opens the public page."""
    booked_at = models.DateTimeField()
    promised_date = models.DateField()
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in ParcelState], default=ParcelState.BOOKED
    )
    state_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    is_sent_to_carrier = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ParcelState]), name="parcel_state_known"),
            models.CheckConstraint(condition=Q(weight_grams__range=(1, 30000)), name="parcel_weight_plausible"),
        ]
        indexes = [
            models.Index(fields=["outlet_id", "state"], name="parcel_of_outlet"),
            models.Index(fields=["centre_id", "state"], name="parcel_of_centre"),
            models.Index(
                fields=["carrier", "state_at"],
                condition=~Q(state__in=["delivered", "returned", "lost"]),
                name="parcel_live",
            ),
        ]

    def __str__(self) -> str:
        return self.number


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
