"""What is kept of the last step: rounds, acts at the door, changes, and parcels that wait at an outlet."""

import pgtrigger
from django.db import models
from django.db.models import Q

from delivery.door.rules import Change, ReleaseRule
from shared.actors import ActorKind
from shared.ids import uuid7


class Release(models.Model):
    """Into whose hands a parcel may be given, and which originals are taken back in exchange."""

    parcel = models.OneToOneField("delivery.Parcel", on_delete=models.PROTECT, primary_key=True, related_name="release")
    rule = models.CharField(max_length=12, choices=[(r.value, r.value) for r in ReleaseRule])
    collects = models.JSONField(default=list)
    """Originals due in exchange: `[{"dossier_id", "code", "name"}]`; the name is the paper's, never a person's."""
    legal_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=[r.value for r in ReleaseRule]), name="release_rule_known")]


class DeliveryRound(models.Model):
    """One postman's parcels of one day, opened on her phone by a link that works once, on one phone, until midnight."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operator_code = models.CharField(max_length=12)
    carrier = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    """The office that sent her out; null: headquarters did."""
    province_code = models.CharField(max_length=2)
    postman_name = models.CharField(max_length=120)
    badge = models.CharField(max_length=20, blank=True)
    round_date = models.DateField()
    token_digest = models.BinaryField(max_length=32, unique=True)
    device_digest = models.BinaryField(max_length=32, null=True, unique=True)
    """Of the key that the first phone was given; null: nobody has opened the link yet."""
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """Taken back; from then on nothing that the phone sends is taken."""
    last_seen_at = models.DateTimeField(null=True)
    last_sequence = models.PositiveIntegerField(default=0)
    """Of the acts that came; the phone numbers them 1, 2, 3 …, so a hole is seen."""

    class Meta:
        indexes = [models.Index(fields=["operator_code", "-round_date"], name="round_of_operator"),
                   models.Index(fields=["outlet_id", "-round_date"], name="round_of_outlet")]

    def __str__(self) -> str:
        return f"{self.round_date:%d/%m} {self.postman_name}"


class RoundStop(models.Model):
    """A parcel on a round; answered by an act, or taken off the round."""

    round = models.ForeignKey(DeliveryRound, on_delete=models.PROTECT, related_name="stops")
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="stops")
    position = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "parcel"], name="round_stop_once"),
            models.UniqueConstraint(fields=["parcel"], condition=Q(answered_at=None, removed_at=None),
                                    name="round_stop_on_one_round")]


class DoorAct(models.Model):
    """What happened at a door or counter: the proof in full. A parcel is handed over once; acts are never changed."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    """Given by the phone, so that sending it again changes nothing."""
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="acts")
    round = models.ForeignKey(DeliveryRound, on_delete=models.PROTECT, null=True, related_name="acts")
    outlet_id = models.UUIDField(null=True)
    """Where it was handed out, when at a counter."""
    what = models.CharField(max_length=10)
    """"delivered" or "failed"."""
    sequence = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    """Of what was sent: the same id with something else is refused."""
    device_at = models.DateTimeField()
    corrected_at = models.DateTimeField()
    server_at = models.DateTimeField()
    is_clock_doubtful = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    receiver_name = models.CharField(max_length=160, blank=True)
    relation = models.CharField(max_length=24, blank=True)
    id_kind = models.CharField(max_length=12, blank=True)
    """The kind of ID that was compared, never its number."""
    paper = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=16, blank=True)
    signature = models.TextField(blank=True)
    """The drawn signature as an SVG path in a field of 600 × 200."""
    is_code_right = models.BooleanField(null=True)
    """Whether the spoken code was the citizen's; null: none was asked for."""
    collected = models.JSONField(default=list)
    """Originals taken in exchange, as in Release.collects, each with "sheets"."""
    photo = models.CharField(max_length=40, blank=True)
    """Name of the sealed file."""
    photo_sha256 = models.CharField(max_length=64, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    """Where it was handed over, when that is not where it was addressed to."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=["delivered", "failed"]), name="door_act_known"),
            models.UniqueConstraint(fields=["parcel"], condition=Q(what="delivered"), name="door_act_one_delivery")]
        indexes = [models.Index(fields=["parcel", "corrected_at"], name="door_act_of_parcel")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class DeliveryChange(models.Model):
    """An order to deliver otherwise: on another day, at an outlet, at another door. Orders are never changed."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=[(c.value, c.value) for c in Change])
    wanted_date = models.DateField(null=True)
    outlet_id = models.UUIDField(null=True)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, null=True, related_name="+")
    """Of the new door, or of the outlet."""
    address = models.CharField(max_length=300, blank=True)
    ordered_by_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    ordered_by = models.CharField(max_length=80)
    ordered_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[c.value for c in Change]), name="delivery_change_known")]
        indexes = [models.Index(fields=["parcel", "-ordered_at"], name="delivery_change_of_parcel")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PickUp(models.Model):
    """A parcel that waits, or is to wait, at an outlet until its citizen fetches it."""

    parcel = models.OneToOneField("delivery.Parcel", on_delete=models.PROTECT, primary_key=True, related_name="pick_up")
    outlet_id = models.UUIDField()
    ordered_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    until_date = models.DateField(null=True)
    """The last day on which it waits."""
    ended_at = models.DateTimeField(null=True)
    """Handed out, gone back, or on its way to a door again."""

    class Meta:
        indexes = [models.Index(fields=["outlet_id", "until_date"], condition=Q(ended_at=None), name="pick_up_open")]
