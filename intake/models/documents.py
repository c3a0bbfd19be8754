from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.rules.document_states import DocumentState
from shared.ids import uuid7


class ScanVerdict(models.TextChoices):
    """What the antivirus said; nothing waits for it but serving the file."""

    NOT_CHECKED = "not_checked"
    CLEAN = "clean"
    INFECTED = "infected"


class DocumentOrigin(models.TextChoices):
    """How a paper came; the national code of digitisation follows from it (`digitisation`)."""

    FILE = "file", _("file or scanner")
    PHONE = "phone", _("phone camera")
    ARRANGED = "arranged", _("put together from pages")
    REUSED = "reused", _("reused from an earlier dossier")


class Document(models.Model):
    """A scanned or electronic paper of a dossier, or its result; the bytes lie in the private store at `blob_name`.

    What people open is the view: a copy rebuilt by us, without anything that runs. The original stays as it was sent,
    byte by byte, so that a digital signature on it still holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, null=True, related_name="documents")
    """Null while it waits to be attached (uploaded before the dossier was submitted)."""
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, null=True, related_name="+")
    """Whose paper it is: of the open session or the dossier. Null: uploaded by a machine before there was either."""
    component = models.CharField(max_length=40)
    """Code of the procedure's document list, or "result", "other"."""
    origin = models.CharField(max_length=8, choices=DocumentOrigin, default=DocumentOrigin.FILE)
    phone_link = models.ForeignKey("intake.PhoneLink", on_delete=models.PROTECT, null=True, related_name="documents")
    reused_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    original_name = models.CharField(max_length=255)
    """As sent, for people to recognise; never used as a path."""
    blob_name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=60)
    """Of the view. Found in the content, never believed from the name."""
    original_type = models.CharField(max_length=60, blank=True)
    """Of the file as it was sent, where that differs: HEIC is shown as JPEG."""
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the original."""
    pages = models.PositiveSmallIntegerField(null=True)

    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in DocumentState],
                             default=DocumentState.QUARANTINED.value)
    verdict = models.CharField(max_length=12, choices=ScanVerdict, default=ScanVerdict.NOT_CHECKED)
    verdict_at = models.DateTimeField(null=True)
    verdict_by = models.CharField(max_length=120, blank=True)
    """The engine with the version of its signatures, as it names itself."""
    view_name = models.CharField(max_length=80, blank=True)
    view_sha256 = models.CharField(max_length=64, blank=True)
    thumbs_name = models.CharField(max_length=80, blank=True)
    notes = models.JSONField(default=list)
    """What was taken out or noticed while rebuilding, as codes of intake.rules.papers: "javascript", "blurred"…"""
    signatures = models.JSONField(default=list)
    """Digital signatures of the original, as intake.inspection.signatures found them."""
    verified_at = models.DateTimeField(null=True)
    """When its files were last compared with their hashes."""
    uploaded_by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="document_not_empty"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in DocumentState]),
                                   name="document_state_known"),
            models.UniqueConstraint(fields=["dossier", "component", "sha256"], name="document_once_per_component"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="document_sha256"),
            models.Index(fields=["blob_name"], name="document_blob"),
            models.Index(fields=["citizen", "uploaded_at"], name="document_of_citizen"),
            models.Index(fields=["state", "uploaded_at"], condition=~Q(state=DocumentState.CLEAN.value),
                         name="document_unsettled"),
        ]

    @property
    def is_infected(self) -> bool:
        return self.state == DocumentState.INFECTED

    @property
    def is_ready(self) -> bool:
        """A view has been rebuilt; whether it may be shown is the reader's question (`intake.rules.papers`)."""
        return self.state in {DocumentState.SAFE, DocumentState.CLEAN}

    @property
    def digitisation(self) -> int:
        """The national code: 1 scanned, 2 reused from another dossier, 3 from a result."""
        if self.component == "result":
            return 3
        return 2 if self.origin == DocumentOrigin.REUSED else 1
