import pgtrigger
from django.db import models

from shared.ids import uuid7


class TrackingEvent(models.Model):
    """One thing a carrier says happened to a parcel. The set of them is the truth; order and repeats do not matter."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="events", db_index=False)
    carrier = models.CharField(max_length=12)
    event_id = models.CharField(max_length=120)
    """The carrier's own id of the event."""
    code = models.CharField(max_length=8)
    """UPU EMSEVT code (EMA … EMI) or a local addition (X-RTA …)."""
    carrier_code = models.CharField(max_length=20, blank=True)
    """As the carrier said it, e.g. "501"."""
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    office = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "event_id"], name="tracking_event_once")]
        indexes = [models.Index(fields=["parcel", "occurred_at"], name="tracking_event_of_parcel")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ProofOfDelivery(models.Model):
    """Who received what, when, and how that is known. The kind of ID is kept, never its number."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parcel = models.OneToOneField("delivery.Parcel", on_delete=models.PROTECT, related_name="proof")
    event = models.OneToOneField(TrackingEvent, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()
    receiver_name = models.CharField(max_length=160)
    relation = models.CharField(max_length=40)
    """"self", "spouse", "child", "parent", "authorised", "centre_officer", …"""
    id_kind = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=20)
    """"signature", "otp" or "joint_minutes"."""
