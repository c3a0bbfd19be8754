"""One sealed bag from an outlet to a centre: what lies in it, who signed for it, what was not as it should be."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from intake.rules.manifests import DifferenceKind, DifferenceOutcome, ManifestState, ManifestVerdict, Occasion
from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role


class ManifestQuerySet(models.QuerySet["Manifest"]):
    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; a centre sees a bag from its sealing on."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(centre_id=actor.centre_id).exclude(state=ManifestState.OPEN)
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            return self.filter(operator_id=actor.operator_id)
        if actor.role in FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} or (not actor.role and actor.province_code):
            return self.filter(province_code=actor.province_code)
        return self.none()


class Manifest(models.Model):
    """The list of one bag: dossiers of one outlet for one centre. Sealing books its parcel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16, unique=True)
    """Ours, speakable, printed as a QR on the minutes."""
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    carrier = models.CharField(max_length=12)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in ManifestState],
                             default=ManifestState.OPEN)
    seal_number = models.CharField(max_length=20, null=True)
    weight_grams = models.PositiveIntegerField(null=True)
    parcel_number = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    last_taken_at = models.DateTimeField(null=True)
    """When the outlet took in the newest dossier of it; fixed at sealing."""
    sealed_at = models.DateTimeField(null=True)
    sealed_by_name = models.CharField(max_length=120, blank=True)
    picked_up_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    """When the carrier said that it was delivered."""
    counted_at = models.DateTimeField(null=True)
    """When carrier and centre had counted and signed: the legal filing time of what was there."""
    counted_by_name = models.CharField(max_length=120, blank=True)
    seal_seen = models.CharField(max_length=20, blank=True)
    paper = models.JSONField(default=dict)
    """What the hand-over minutes say, fixed at sealing."""
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[ManifestQuerySet] = ManifestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ManifestState]), name="manifest_state_known"),
            models.UniqueConstraint(fields=["operator", "seal_number"], name="manifest_seal_once"),
            models.UniqueConstraint(fields=["outlet", "centre"], condition=Q(state="open"), name="manifest_open_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(seal_number__isnull=False, sealed_at__isnull=False)
                & ~Q(parcel_number=""), name="manifest_sealed_is_whole"),
            # Taken, sealed, handed over: in this order, or something is not true.
            models.CheckConstraint(condition=Q(sealed_at__isnull=True) | Q(last_taken_at__lte=F("sealed_at")),
                                   name="manifest_taken_before_sealed"),
            models.CheckConstraint(condition=Q(picked_up_at__isnull=True) | Q(sealed_at__lte=F("picked_up_at")),
                                   name="manifest_sealed_before_picked_up"),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(sealed_at__lte=F("counted_at"))
                & (Q(picked_up_at__isnull=True) | Q(picked_up_at__lte=F("counted_at"))),
                name="manifest_picked_up_before_counted"),
        ]
        indexes = [
            models.Index(fields=["outlet", "state", "-opened_at"], name="manifest_of_outlet"),
            models.Index(fields=["centre", "state", "-sealed_at"], name="manifest_of_centre"),
            models.Index(fields=["parcel_number"], name="manifest_by_parcel"),
        ]

    def __str__(self) -> str:
        return self.code


class ManifestItem(models.Model):
    """A dossier in a bag. In one live bag at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="items")
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, null=True, related_name="bags")
    """Null: something was in the bag that nobody here knows."""
    reference = models.CharField(max_length=40)
    """As scanned."""
    position = models.PositiveSmallIntegerField()
    is_live = models.BooleanField(default=True)
    """Until it was counted, or found again."""
    verdict = models.CharField(max_length=10, choices=[(v.value, v.value) for v in ManifestVerdict],
                               default=ManifestVerdict.EXPECTED)
    note = models.CharField(max_length=300, blank=True)
    scanned_at = models.DateTimeField()
    scanned_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(is_live=True), name="manifest_item_one_bag"),
            models.UniqueConstraint(fields=["manifest", "reference"], name="manifest_item_once"),
            models.CheckConstraint(condition=Q(verdict__in=[v.value for v in ManifestVerdict]),
                                   name="manifest_verdict_known"),
        ]


class ManifestSignature(models.Model):
    """Who gave and who took, at one of the two joint signings."""

    append_only = True

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="signatures")
    occasion = models.CharField(max_length=8, choices=[(o.value, o.value) for o in Occasion])
    side = models.CharField(max_length=5, choices=[("gives", "gives"), ("takes", "takes")])
    name = models.CharField(max_length=120)
    badge = models.CharField(max_length=20, blank=True)
    """Work badge or staff number; never a citizen's ID number."""
    drawing = models.TextField(blank=True)
    """The drawn signature as an SVG path; empty: confirmed by the typed name."""
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manifest", "occasion", "side"], name="manifest_signed_once"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ManifestDifference(models.Model):
    """What was not as the manifest said; both sides see it until somebody has explained it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="differences")
    item = models.ForeignKey(ManifestItem, on_delete=models.PROTECT, null=True, related_name="differences")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in DifferenceKind])
    carrier = models.CharField(max_length=12)
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    found_by_name = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=14, choices=[(o.value, o.value) for o in DifferenceOutcome], blank=True)
    explanation = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "kind"], name="difference_once"),
            models.CheckConstraint(condition=Q(settled_at__isnull=True) | ~Q(outcome="") & ~Q(explanation=""),
                                   name="difference_settled_is_explained"),
        ]
        indexes = [models.Index(fields=["manifest"], condition=Q(settled_at=None), name="difference_open")]
