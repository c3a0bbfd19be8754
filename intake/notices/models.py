"""Notices, their texts, and how a citizen wants to be told."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from intake.notices.rules import NoticeChannel, NoticeEvent
from shared.actors import Actor
from shared.ids import uuid7


class NoticeState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the dossiers that `actor` sees; every query starts here."""
        from intake.models.dossiers import Dossier  # the models of intake gather this one

        return self.filter(dossier__in=Dossier.objects.seen_by(actor))


class Notice(models.Model):
    """One thing told to a citizen by one channel. The address is read when it is sent, and never kept here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="notices")
    event = models.CharField(max_length=12, choices=[(each.value, each.value) for each in NoticeEvent])
    instance = models.CharField(max_length=40, blank=True)
    """Which one, where an event may come again: the supplement request's id, the new due day."""
    channel = models.CharField(max_length=6, choices=[(each.value, each.value) for each in NoticeChannel])
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    cause = models.CharField(max_length=60, blank=True)
    """Why it was skipped or failed: "no-consent", "no-address", "opted-out", or the courier's code."""
    language = models.CharField(max_length=2, default="vi")
    template_version = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=200, blank=True)
    body = models.CharField(max_length=1000, blank=True)
    """As it was or will be sent; holds codes and days, never a name, number or procedure."""
    segments = models.PositiveSmallIntegerField(default=1)
    to_masked = models.CharField(max_length=60, blank=True)
    planned_at = models.DateTimeField()
    is_postponed = models.BooleanField(default=False)
    """It waits for the end of the quiet hours."""
    next_at = models.DateTimeField()
    """When it is sent or asked after next."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "event", "instance", "channel"], name="notice_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(fields=["next_at"], condition=Q(state="sent"), name="notice_unreceipted"),
            models.Index(fields=["-planned_at"], name="notice_recent"),
        ]


class NoticeTemplate(models.Model):
    """One version of a text, for one event, channel and language. Versions are added, never changed."""

    append_only = True

    province_code = models.CharField(max_length=2)
    event = models.CharField(max_length=12)
    channel = models.CharField(max_length=6)
    language = models.CharField(max_length=2)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.CharField(max_length=500)
    keeps_accents = models.BooleanField(default=False)
    """Of an SMS: sent with accents, which makes it shorter in letters and dearer."""
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province_code", "event", "channel", "language", "version"],
                                    name="notice_template_version")]


class NoticeChoice(models.Model):
    """How a citizen wants to be told; without a row: in Vietnamese, by whatever works."""

    citizen = models.OneToOneField("intake.Citizen", on_delete=models.PROTECT, primary_key=True, related_name="+")
    language = models.CharField(max_length=2, default="vi")
    refused = models.JSONField(default=list)
    """Channels that she does not want."""
    set_by = models.CharField(max_length=80)
    """A staff account, or "citizen" for herself on the tracking page."""
    set_at = models.DateTimeField()
