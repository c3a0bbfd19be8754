"""Complaints by citizens about an outlet, with what the outlet says and what was found."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from intake.complaints.rules import SUBJECTS, ComplaintState
from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import OUTLET_ROLES, PROGRAMME_ROLES, Role


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those about the actor's outlet or outlets; the city's for programme, auditor and administrator."""
        if actor.role in OUTLET_ROLES:
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role == Role.OPERATOR_HQ:
            return self.filter(operator_id=actor.operator_id)
        if actor.role in PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self.none()


class Complaint(models.Model):
    """What a citizen holds against the outlet that helped her. It counts in a score only once it was found right."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=16, choices=[(each, each) for each in SUBJECTS])
    text = models.CharField(max_length=1000)
    """National ID numbers in it are masked before it is kept."""
    said_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in ComplaintState],
                             default=ComplaintState.OPEN)
    explanation = models.CharField(max_length=1000, blank=True)
    """The outlet's side; the citizen does not read it."""
    explained_at = models.DateTimeField(null=True)
    explained_by_name = models.CharField(max_length=160, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    """What was found and done, as the citizen reads it."""
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=160, blank=True)

    objects: ClassVar[ComplaintQuerySet] = ComplaintQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in ComplaintState]),
                                   name="complaint_state_known"),
            models.UniqueConstraint(fields=["dossier"], condition=Q(state="open"), name="complaint_open_once"),
        ]
        indexes = [
            models.Index(fields=["province_code", "state", "due_at"], name="complaint_of_province"),
            models.Index(fields=["dossier"], condition=Q(state="founded"), name="complaint_founded"),
        ]
