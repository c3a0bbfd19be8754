import pgtrigger
from django.db import models
from django.db.models import Q


class CarrierLine(models.Model):
    """Whether a carrier answers us. While it does not, one question a minute finds out; the rest waits without loss."""

    carrier = models.CharField(max_length=12, primary_key=True)
    answered_at = models.DateTimeField(null=True)
    """When it last answered, whatever it said."""
    failures = models.PositiveIntegerField(default=0)
    """Questions in a row without an answer."""
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    """While it is down: when one question may go out again."""
    error = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.carrier


class CarrierNumber(models.Model):
    """Another number under which a carrier speaks of a parcel: it gave one of its own, or a person found a misprint."""

    append_only = True

    carrier = models.CharField(max_length=12)
    number = models.CharField(max_length=20)
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="carrier_numbers")
    source = models.CharField(max_length=12)
    """"booking": told when it was booked; "person": said by somebody who looked."""
    known_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "number"], name="carrier_number_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


class PollRound(models.Model):
    """One walk through all live parcels of a carrier, asking it for news of each; it goes on where it stopped."""

    carrier = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cursor = models.UUIDField(null=True)
    """The last parcel that was asked about."""
    leased_until = models.DateTimeField(null=True)
    """While somebody walks it, others keep away."""
    calls = models.PositiveIntegerField(default=0)
    parcels = models.PositiveIntegerField(default=0)
    learned = models.PositiveIntegerField(default=0)
    """Events that nobody had told us."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier"], condition=Q(ended_at=None), name="poll_round_one_at_a_time")
        ]
        indexes = [models.Index(fields=["carrier", "-started_at"], name="poll_round_latest")]

    def __str__(self) -> str:
        return f"{self.carrier}: {self.started_at}"
