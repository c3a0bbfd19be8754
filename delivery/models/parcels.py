from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
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
    """A range of serials allotted to an operator or to one of its outlets; a number, once given, is never given again.

    What is recalled keeps its row, so that nobody can allot it a second time.
    """

    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    """Whose numbers they are; null: any outlet and centre of the operator."""
    service = models.CharField(max_length=2)
    """S10 service indicator: "RR" registered, "EH" express."""
    form = models.CharField(max_length=12, default="s10")
    """How a number is made of a serial: a code of delivery.rules.number_forms."""
    first_serial = models.PositiveIntegerField()
    next_serial = models.PositiveIntegerField()
    last_serial = models.PositiveIntegerField()
    allotted_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    recalled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recalled_at=None) | ~Q(recalled_because=""), name="number_pool_recall_explained"
            ),
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
        indexes = [models.Index(fields=["operator_code", "service"], name="number_pool_of_operator")]

    @property
    def size(self) -> int:
        return self.last_serial - self.first_serial + 1

    @property
    def left(self) -> int:
        """How many numbers can still be given."""
        return 0 if self.recalled_at else self.last_serial - self.next_serial + 1


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def live(self) -> ParcelQuerySet:
        return self.filter(is_live=True)

    def ended(self) -> ParcelQuerySet:
        return self.filter(is_live=False)

    def waiting(self) -> ParcelQuerySet:
        """Booked, and not yet in the carrier's hand."""
        return self.live().filter(state=ParcelState.BOOKED, handed_over_at=None)

    def at_outlet(self, outlet_id: UUID) -> ParcelQuerySet:
        """Packed at this outlet."""
        return self.filter(outlet_id=outlet_id, direction=Direction.DOSSIER)

    def at_centre(self, centre_id: UUID) -> ParcelQuerySet:
        """Packed at this centre."""
        return self.filter(centre_id=centre_id, direction__in=[Direction.RESULT, Direction.TO_OUTLET])


class Parcel(models.Model):
    """One postal item and where the set of its events says that it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20)
    """UPU S10 item identifier with a valid check digit, or the operator's own form."""
    booking_ref = models.CharField(max_length=80)
    """Natural key of the booking, e.g. "result:{dossier_id}": booking twice gives the same parcel."""
    carrier = models.CharField(max_length=12)
    operator_code = models.CharField(max_length=12)
    direction = models.CharField(max_length=12, choices=[(d.value, d.value) for d in Direction])
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
    recipient_landmark = models.CharField(max_length=160, blank=True)
    """What the postman looks for: "behind the market, blue gate"."""
    recipient_former = models.CharField(max_length=160, blank=True)
    """Full name of the former commune that people still write, with its district; empty when none was named."""
    recipient_latitude = models.FloatField(null=True)
    recipient_longitude = models.FloatField(null=True)
    recipient_precision = models.CharField(max_length=10, blank=True)
    """How well the point is known: a delivery.addresses.rules.Precision; empty without a point."""
    address_id = models.UUIDField(null=True)
    """The delivery.Address that this is the copy of; null when nobody checked it at a counter."""
    is_address_verified = models.BooleanField(default=False)
    """Whether the citizen said at the counter that this is right."""
    origin_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+", db_index=False)
    pricing = models.JSONField()
    """billing.records.PostageCase as data: what billing needs to price this trip when it is delivered."""
    tracking_code = models.CharField(max_length=16)
    """Random, speakable; with the last digits of the phone it opens the public page."""
    seal_number = models.CharField(max_length=20, blank=True)
    """Of the bag that this parcel is; a sealed parcel is not opened to be split."""
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts", db_index=False)
    """The parcel whose things these were."""
    booked_at = models.DateTimeField()
    label_printed_at = models.DateTimeField(null=True)
    """When its label first left the printer."""
    handed_over_at = models.DateTimeField(null=True)
    """When the carrier's collector signed for it at the place where it was packed."""
    promised_date = models.DateField()
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in ParcelState], default=ParcelState.BOOKED
    )
    state_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    is_live = models.GeneratedField(
        expression=~Q(state__in=["delivered", "returned", "lost", "cancelled"]),  # type: ignore[arg-type]  # a Q is an expression
        output_field=models.BooleanField(),
        db_persist=True,
    )
    """What indexes speak of instead of the state: it changes once in a life, so the other updates touch no index."""
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_in = models.CharField(max_length=5, blank=True, default="", db_default="")
    """Code of the commune where it is said to have been handed over, though it was for another one and nobody ordered
    that; empty: nothing is doubted."""
    summary = models.JSONField(default=dict)
    """delivery.rules.standing.Summary of all its events, from which the standing above is computed."""
    contradictions = ArrayField(models.CharField(max_length=24), default=list)
    """Why a parcel needs review: codes of delivery.rules.standing."""
    told = ArrayField(models.CharField(max_length=12), default=list)
    """What others were told of it ("accepted", "delivered", "cancelled", …), so that each is told once."""
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
            models.CheckConstraint(
                condition=Q(recipient_latitude=None, recipient_longitude=None, recipient_precision="")
                | Q(recipient_latitude__range=(-90, 90), recipient_longitude__range=(-180, 180))
                & ~Q(recipient_precision=""), name="parcel_point_whole"),
            # Not unique=True: that would add an index for LIKE to each.
            models.UniqueConstraint(fields=["number"], name="parcel_number_once"),
            models.UniqueConstraint(fields=["booking_ref"], name="parcel_booking_once"),
            models.UniqueConstraint(fields=["tracking_code"], name="parcel_tracking_once"),
        ]
        indexes = [
            models.Index(fields=["outlet_id", "-booked_at", "-id"], name="parcel_of_outlet"),
            models.Index(fields=["centre_id", "-booked_at", "-id"], name="parcel_of_centre"),
            models.Index(fields=["province_code", "promised_date"], condition=Q(is_live=True), name="parcel_awaited"),
            models.Index(fields=["outlet_id"], condition=Q(is_live=True, handed_over_at=None), name="parcel_at_outlet"),
            models.Index(fields=["centre_id"], condition=Q(is_live=True, handed_over_at=None), name="parcel_at_centre"),
            models.Index(fields=["split_from"], condition=Q(split_from__isnull=False), name="parcel_parts"),
            models.Index(fields=["send_next_at"], condition=Q(is_sent_to_carrier=False), name="parcel_unsent"),
            models.Index(fields=["carrier", "id"], condition=Q(is_live=True), name="parcel_to_poll"),
            # Parcels are booked in about the order of their promised days, and such an index costs an update nothing.
            BrinIndex(fields=["promised_date"], name="parcel_promised", autosummarize=True),
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
    """What lies inside, one line a paper."""
    originals = models.JSONField(default=list)
    """delivery.records.DeclaredOriginal as data: what must be issued anew at the post's cost if it is lost."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "dossier_id"], name="parcel_dossier_once")]
        indexes = [models.Index(fields=["dossier_id"], name="parcel_by_dossier")]
