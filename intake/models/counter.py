"""The counter's own work: how a dossier was taken, what the citizen was sent home with, what was prepared together."""

from typing import ClassVar, Self
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import Q

from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role


class TakingQuerySet(models.QuerySet["Taking"]):
    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; every query starts here. A centre does not count an outlet's minutes."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            return self.filter(operator_id=actor.operator_id)
        if actor.role in FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self.none()

    def at_outlet(self, outlet_id: UUID) -> Self:
        return self.filter(outlet_id=outlet_id)


class Taking(models.Model):
    """How one dossier was taken at an outlet: how long, in how many visits, and what the check said when it was sent.

    One row a dossier, from its first draft or its submission on.
    """

    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, primary_key=True, related_name="taking")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    procedure_code = models.CharField(max_length=20)
    begun_by_name = models.CharField(max_length=120, blank=True)
    held_by_name = models.CharField(max_length=120, blank=True)
    """Who kept the draft last; another name than `begun_by_name` when a colleague took over."""
    opened_at = models.DateTimeField(null=True)
    """When the page was opened for the visit that led to submission; null: handed in by machine."""
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    """From opened to submitted, in the last visit."""
    visits = models.PositiveSmallIntegerField(default=1)
    session_id = models.UUIDField(null=True)
    """The acting session of the last visit; another one is another visit."""
    findings = models.JSONField(default=list)
    """What the check found last: [{"code", "severity", "component"}], codes only."""
    rules_version = models.CharField(max_length=16, blank=True)

    objects: ClassVar[TakingQuerySet] = TakingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(visits__gte=1), name="taking_at_least_one_visit"),
            models.CheckConstraint(
                condition=Q(seconds=None) | Q(submitted_at__isnull=False), name="taking_time_ends_with_submission"
            ),
        ]
        indexes = [models.Index(fields=["outlet", "submitted_at"], name="taking_of_outlet")]


class ComeBackSlip(models.Model):
    """What a citizen was told to bring, with the code that opens the draft again; a reprint says the same."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="come_back_slips")
    number = models.PositiveSmallIntegerField()
    """1 for the first of a dossier."""
    data = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="come_back_slip_numbered")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class EventBundle(models.Model):
    """Several dossiers of one citizen, prepared in one visit for one event of life."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_ref = models.UUIDField(unique=True)
    """Made before sending; one client_ref is one bundle, and each dossier's own is derived from it."""
    event_code = models.CharField(max_length=40)
    """Of reference_data/life_events.json, e.g. "birth"."""
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, related_name="+")
    request = models.JSONField(default=dict)
    """What was handed in, to tell a repeat of the client_ref from another bundle."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)


class LifeEvent(models.Model):
    """An event of life and the procedures that it usually takes: one row is one version."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: in force."""
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    icon = models.CharField(max_length=40)
    steps = models.JSONField()
    """[{procedure_code, is_usual, replaces: [codes], shares: [[paper, paper of another]], note_vi, note_en}]."""
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="life_event_one_version")]


class ReferencePart(models.Model):
    """One part of the reference bundle, by the hash of its content; shared by all outlets that have the same."""

    digest = models.CharField(max_length=64, primary_key=True)
    items = models.JSONField()
    """Key → item, e.g. a procedure's code → the procedure."""
    built_at = models.DateTimeField()


class ReferenceBundle(models.Model):
    """What an outlet's counter needs to work without us: one version, named by the hash of its parts."""

    id = models.BigAutoField(primary_key=True)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    etag = models.CharField(max_length=64)
    parts = models.JSONField()
    """Part → digest."""
    size_bytes = models.PositiveIntegerField()
    body_gzip = models.BinaryField()
    built_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "etag"], name="reference_bundle_version_once"),
            models.UniqueConstraint(
                fields=["outlet"], condition=Q(is_current=True), name="reference_bundle_one_current"
            ),
        ]
