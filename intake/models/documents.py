from django.db import models
from django.db.models import Q

from shared.ids import uuid7


class ScanVerdict(models.TextChoices):
    """What the antivirus said; nothing waits for it but serving the file."""

    NOT_CHECKED = "not_checked"
    CLEAN = "clean"
    INFECTED = "infected"


class Document(models.Model):
    """A scanned or electronic paper of a dossier, or its result; the bytes lie in the private store at `blob_name`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, null=True, related_name="documents")
    """Null while it waits to be attached (uploaded before the dossier was submitted)."""
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    component = models.CharField(max_length=40)
    """Code of the procedure's document list, or "result", "other"."""
    original_name = models.CharField(max_length=255)
    """As sent, for people to recognise; never used as a path."""
    blob_name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=60)
    """Found in the content, never believed from the name."""
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(null=True)
    verdict = models.CharField(max_length=12, choices=ScanVerdict, default=ScanVerdict.NOT_CHECKED)
    uploaded_by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="document_not_empty"),
            models.UniqueConstraint(fields=["dossier", "component", "sha256"], name="document_once_per_component"),
        ]
        indexes = [models.Index(fields=["sha256"], name="document_sha256")]
