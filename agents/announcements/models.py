"""What was announced to whom, and who has read it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agents.announcements.rules import Addressed
from shared.ids import uuid7


class Announcement(models.Model):
    """Told to some of a city's staff from a moment until another. What was read is never changed: it is replaced."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    title = models.CharField(max_length=160)
    text = models.CharField(max_length=4000)
    is_must_read = models.BooleanField()
    """A banner on every page of those addressed until they confirm."""
    roles = ArrayField(models.CharField(max_length=20), default=list)
    operator_ids = ArrayField(models.UUIDField(), default=list)
    outlet_ids = ArrayField(models.UUIDField(), default=list)
    centre_ids = ArrayField(models.UUIDField(), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    read_by = models.DateTimeField()
    """Whoever has not read by then: her manager is told."""
    version = models.PositiveSmallIntegerField(default=1)
    """One more than what it replaces: a reading proves which words were read."""
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    published_by_name = models.CharField(max_length=120)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["province_code", "-published_at"], name="announcement_of_city"),
            models.Index(fields=["ends_at"], condition=Q(withdrawn_at=None), name="announcement_running"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="announcement_period"),
            models.CheckConstraint(condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""),
                                   name="announcement_withdrawn_says_why"),
        ]

    @property
    def addressed(self) -> Addressed:
        return Addressed(frozenset(self.roles), frozenset(self.operator_ids), frozenset(self.outlet_ids),
                         frozenset(self.centre_ids))


class AnnouncementReading(models.Model):
    """The proof: who confirmed that she has read it, when, and which version: an announcement's words never change."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="readings")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "account"], name="announcement_read_once")]
