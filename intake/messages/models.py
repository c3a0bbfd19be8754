"""What outlet and centre say to each other about one dossier. A message is written once; reading marks are added."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from intake.messages.rules import InquiryKind, Side
from shared.actors import Actor
from shared.ids import uuid7


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the dossiers that `actor` sees; every query starts here."""
        from intake.models.dossiers import Dossier  # the models of intake gather this one

        return self.filter(dossier__in=Dossier.objects.seen_by(actor))

    def waiting(self) -> Self:
        return self.filter(answered_at=None, closed_at=None)

    def owed_by(self, side: Side) -> Self:
        """Open ones that `side` has to answer."""
        return self.waiting().exclude(from_side=side)


class Inquiry(models.Model):
    """A question or an expedite request on a dossier, with the moment by which the other side owes an answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="inquiries")
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in InquiryKind])
    reason = models.CharField(max_length=20, blank=True)
    """Of an expedite request: a code of EXPEDITE_REASONS."""
    from_side = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Side])
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    """Whose answer it is, or who asks: the deciding centre, the receiving one while nobody decides."""
    asked_at = models.DateTimeField()
    """Of the last thing that still needs an answer."""
    asked_by_name = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField()
    """Working minutes that the answering side has."""
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    """Taken back, or settled in another way, by whoever asked."""
    escalated_at = models.DateTimeField(null=True)
    """When a manager was told that the answer is late."""

    objects: ClassVar[InquiryQuerySet] = InquiryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(answered_at=None, closed_at=None), name="inquiry_waiting"),
            models.Index(fields=["dossier", "asked_at"], name="inquiry_of_dossier"),
            models.Index(fields=["centre", "-asked_at"], name="inquiry_of_centre"),
        ]


class InquiryMessage(models.Model):
    """One thing said in an inquiry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="messages")
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Side])
    author_id = models.CharField(max_length=80)
    author_name = models.CharField(max_length=120)
    place = models.CharField(max_length=160, blank=True)
    text = models.CharField(max_length=2000)
    """National ID numbers in it are masked before it is kept."""
    document_ids = models.JSONField(default=list)
    """Documents of the dossier that it speaks of."""
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    """When somebody of the other side first had it on the screen."""
    read_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "side"], condition=Q(read_at=None), name="message_unread")]


class AnswerClock(models.Model):
    """How many working minutes a centre gives itself for an answer; without a row the usual ones hold."""

    centre = models.OneToOneField("agents.Centre", on_delete=models.PROTECT, primary_key=True, related_name="+")
    question_minutes = models.PositiveSmallIntegerField()
    expedite_minutes = models.PositiveSmallIntegerField()
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()


class PromotedAnswer(models.Model):
    """An answer worth the handbook: the question in general words, the answer, and the law it stands on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="promotion")
    province_code = models.CharField(max_length=2)
    procedure_code = models.CharField(max_length=20)
    question = models.CharField(max_length=500)
    answer = models.CharField(max_length=2000)
    legal_source = models.CharField(max_length=300)
    promoted_by_name = models.CharField(max_length=120)
    promoted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["province_code", "-promoted_at"], name="promoted_of_province")]
