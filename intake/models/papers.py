from django.db import models
from django.db.models import Q

from shared.ids import uuid7


class PaperKind(models.TextChoices):
    """Official papers that are issued once and may be printed again."""

    RECEIPT = "receipt"
    """Form 01, by the centre."""
    SLIP = "slip"
    """Phiếu gửi hồ sơ, or the look-up slip of an online filing, by the outlet."""
    CONTROL = "control"
    """The control slip (form 06, before 15 September 2025 form 05): one edition for each version of the dossier."""


class IssuedPaper(models.Model):
    """What a paper says, fixed when it was issued: a reprint is the same bytes whatever has changed since."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PaperKind)
    edition = models.PositiveIntegerField(default=0)
    """For a paper that grows with the dossier, the version it was printed at."""
    circular = models.CharField(max_length=40, blank=True)
    form_number = models.CharField(max_length=4, blank=True)
    """Which form it is, by the circular in force on its day: the numbers changed in 2025. Empty: no one-stop form."""
    data = models.JSONField()
    """All that the template is filled with; national ID numbers masked."""
    dated = models.DateTimeField()
    """The paper's own date: when the dossier was received, or filed."""
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "kind", "edition"], name="paper_issued_once")]


class ResultList(models.Model):
    """Phiếu bàn giao kết quả: results that a centre hands on together, to its counter or to the post."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    """Counted per centre and year."""
    receiver = models.CharField(max_length=160)
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    paper = models.JSONField()
    """All that the list says, fixed when it was made."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "year", "number"], name="result_list_numbered")]


class ResultListEntry(models.Model):
    """One dossier of a list."""

    append_only = True

    result_list = models.ForeignKey(ResultList, on_delete=models.PROTECT, related_name="entries")
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="result_list_entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result_list", "dossier"], name="result_listed_once")]


class LogBookFormat(models.TextChoices):
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class LogBook(models.Model):
    """The dossier log book (form 07) of a centre and a period, as a file that a worker makes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    from_day = models.DateField()
    until_day = models.DateField()
    format = models.CharField(max_length=4, choices=LogBookFormat)
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    failed_because = models.CharField(max_length=300, blank=True)
    rows = models.PositiveIntegerField(null=True)
    storage_name = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_day__gte=models.F("from_day")), name="log_book_period"),
        ]
        indexes = [models.Index(fields=["centre", "-asked_at"], name="log_book_of_centre")]
