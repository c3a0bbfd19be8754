from django.db import models

from shared.ids import uuid7


class PhoneLink(models.Model):
    """A phone may send photos of papers into one filing for ten minutes; the link itself is kept only as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_digest = models.BinaryField(max_length=32, unique=True)
    session = models.ForeignKey("intake.ActingSession", on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    client_ref = models.UUIDField()
    """The filing into which the photos go."""
    papers = models.JSONField()
    """What the phone offers: `[{"code", "vi", "en"}]`, no more of the dossier than this."""
    initials = models.CharField(max_length=12)
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """Taken back, replaced by a newer link, or the filing was submitted."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Uploads that came by it, good or refused."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "client_ref"], condition=models.Q(closed_at=None),
                                               name="phone_link_one_at_a_time")]
