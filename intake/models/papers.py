from django.db import models

from shared.ids import uuid7


class PaperKind(models.TextChoices):
    """Official papers that are issued once and may be printed again."""

    RECEIPT = "receipt"
    """Form 01 (Circular 03/2025/TT-VPCP), by the centre."""
    SLIP = "slip"
    """Phiếu gửi hồ sơ, or the look-up slip of an online filing, by the outlet."""


class IssuedPaper(models.Model):
    """What a paper says, fixed when it was issued: a reprint is the same bytes whatever has changed since."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PaperKind)
    data = models.JSONField()
    """All that the template is filled with; national ID numbers masked."""
    dated = models.DateTimeField()
    """The paper's own date: when the dossier was received, or filed."""
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "kind"], name="paper_issued_once")]
