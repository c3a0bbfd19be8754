from django.db import models
from django.db.models import Q
from django.utils import timezone

from delivery.rules.carrier_requests import FINAL_REQUEST_STATES, RequestKind, RequestState
from shared.ids import uuid7


class CarrierRequest(models.Model):
    """One thing that a carrier is asked about a parcel it knows: told by a worker, until it has answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    """The carrier is told this id, so that it knows a repeat, and we can ask whether it has it."""
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="carrier_requests")
    reference = models.CharField(max_length=80)
    """Natural key of the asking, e.g. "redirect:{id of the citizen's wish}": asking twice is asking once."""
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in RequestKind])
    details = models.JSONField(default=dict)
    """See delivery.rules.carrier_requests.REQUEST_DETAILS."""
    reason = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in RequestState], default=RequestState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    """When the carrier may be told (again); in the future while somebody is at it."""
    answer = models.CharField(max_length=300, blank=True)
    """Why it was refused, or what stood in the way of the last try."""
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="carrier_request_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RequestState]), name="carrier_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RequestKind]), name="carrier_request_kind_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=~Q(state__in=sorted(FINAL_REQUEST_STATES)), name="carrier_request_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.parcel_id}"
