"""What happened, what still runs, what a person must look at."""

from django.db import models
from django.db.models import Q

from shared.actors import ActorKind


class AuditEntry(models.Model):
    """One change of state: who, what, why, before and after. Holds ids and states, never a citizen's data."""

    append_only = True

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "at"], name="audit_of_object")]


class ProcessHeartbeat(models.Model):
    """When a worker or beat last proved that it works, through the real queue."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()


class WorkItem(models.Model):
    """Something that a person must settle, with an owner and a due moment; nothing is parked without one."""

    kind = models.CharField(max_length=40)
    """"outbox-parked", "authority-unclear", "parcel-contradiction", "parcel-unknown", …"""
    reference = models.CharField(max_length=120)
    owner_role = models.CharField(max_length=20)
    owner_place = models.CharField(max_length=40, blank=True)
    """Code of the outlet or centre, or province code; empty: the programme office."""
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(closed_at=None), name="work_item_open_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner_role", "owner_place", "due_at"], condition=Q(closed_at=None), name="work_item_open"
            )
        ]
