"""What the portal was told of each dossier, in order, and what it said."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from shared.actors import Actor
from shared.ids import uuid7


class PortalLaneQuerySet(models.QuerySet["PortalLane"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the dossiers that `actor` sees; every query starts here."""
        from intake.models.dossiers import Dossier  # the models of intake gather this one

        return self.filter(dossier__in=Dossier.objects.seen_by(actor))


class PortalLane(models.Model):
    """One dossier on its way to the portal: its updates go one after the other, and block nobody else's."""

    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, primary_key=True, related_name="lane")
    portal_code = models.CharField(max_length=40, blank=True)
    """The code that the portal issued for it; ours stays ours."""
    files = models.JSONField(default=dict)
    """Document id → the portal's file id."""
    filed_at = models.DateTimeField(null=True)
    """When the portal had the dossier itself."""
    portal_status = models.PositiveSmallIntegerField(default=1)
    """The last status that the portal has confirmed."""
    in_doubt = models.CharField(max_length=60, blank=True)
    """The call whose end nobody knows, with its reference: asked about before anything else is sent."""
    is_waiting = models.BooleanField(default=True)
    next_at = models.DateTimeField()
    silences = models.PositiveSmallIntegerField(default=0)
    """Tries in a row without an answer."""
    parked_at = models.DateTimeField(null=True)
    parked_because = models.CharField(max_length=60, blank=True)
    waiting_since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    """When the portal's own view was last compared."""

    objects: ClassVar[PortalLaneQuerySet] = PortalLaneQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(is_waiting=True, parked_at=None), name="portal_lane_waiting"),
            models.Index(fields=["parked_at"], condition=~Q(parked_at=None), name="portal_lane_parked"),
        ]


class PortalUpdate(models.Model):
    """One change of state that the portal is told; made from one step of the dossier."""

    lane = models.ForeignKey(PortalLane, on_delete=models.PROTECT, related_name="updates")
    step_id = models.BigIntegerField(unique=True)
    to_status = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=24)
    happened_at = models.DateTimeField()
    officer_name = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)
    progress_at = models.DateTimeField(null=True)
    """When the portal took the line of progress."""
    sent_at = models.DateTimeField(null=True)
    """When it took the state as well."""

    class Meta:
        indexes = [models.Index(fields=["lane", "step_id"], condition=Q(sent_at=None), name="portal_update_waiting")]


class PortalCall(models.Model):
    """One call to the portal and how it ended. Holds codes, never what was sent."""

    append_only = True

    lane = models.ForeignKey(PortalLane, on_delete=models.PROTECT, related_name="calls")
    at = models.DateTimeField()
    call = models.CharField(max_length=20)
    reference = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10)
    """"done", "refused", "silent" or "found" (it had been taken before)."""
    cause = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["lane", "at"], name="portal_call_of_lane")]


class PortalDifference(models.Model):
    """Something that the nightly comparison found: what we say and what the portal shows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lane = models.ForeignKey(PortalLane, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=10)
    ours = models.PositiveSmallIntegerField()
    theirs = models.PositiveSmallIntegerField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane"], condition=Q(settled_at=None), name="portal_difference")]


class PortalComparison(models.Model):
    """One nightly comparison: how many dossiers were compared and how many differ."""

    at = models.DateTimeField()
    compared = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()
