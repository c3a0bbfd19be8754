"""Accreditations, their surveys, photos, equipment and badges, and what the public reports about an outlet."""

from typing import ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agents.accreditation.rules import LICENSED, Equipment, State
from agents.models.by_place import RowsOfOutlets
from shared import scope
from shared.ids import uuid7


class Accreditation(models.Model):
    """One place on its way to an outlet and under its licence: the outlet itself begins with the opening."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, default=State.CANDIDATE,
                             choices=[(each.value, each.value) for each in State])
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    outlet = models.OneToOneField("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="accreditation")
    province_code = models.CharField(max_length=2)
    code = models.CharField(max_length=16, unique=True)
    """Of the outlet to come; taken from the proposal on."""
    name = models.CharField(max_length=120)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    tasks = ArrayField(models.CharField(max_length=20))
    phase = models.CharField(max_length=10)
    proposed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    """When it came into its present state."""
    reason = models.CharField(max_length=500, blank=True)
    """Of the present state, where it has one."""
    licence_number = models.CharField(max_length=30, null=True, unique=True)  # unique, and empty for many
    licensed_from = models.DateField(null=True)
    licensed_until = models.DateField(null=True)
    """Half-open."""
    approved_by = models.CharField(max_length=80, blank=True)
    approved_by_name = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    """Of a licence that an outlet had before and that was taken over."""

    objects: ClassVar[RowsOfOutlets] = RowsOfOutlets.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in State]),
                                   name="accreditation_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(LICENSED)) | Q(outlet__isnull=False, licence_number__isnull=False,
                                                             licensed_until__gt=F("licensed_from")),
                name="accreditation_licensed_outlet"),
        ]
        indexes = [models.Index(fields=["province_code", "state"], name="accreditation_by_city")]

    def __str__(self) -> str:
        return self.name


class Survey(models.Model):
    """One look at the place by one inspector: marks, notes, photos, and where she stood."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accreditation = models.ForeignKey(Accreditation, on_delete=models.PROTECT, related_name="surveys")
    inspector_id = models.CharField(max_length=80)
    inspector_name = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    """Readiness when it was finished."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["accreditation"], condition=Q(finished_at=None),
                                               name="survey_one_open")]
        triggers = [pgtrigger.Protect(name="finished_is_finished", operation=pgtrigger.Update,
                                      condition=pgtrigger.Condition("OLD.finished_at IS NOT NULL")),
                    pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]


class SurveyMark(models.Model):
    """One item of a survey: how it is met, by whom and when it was looked at."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="marks")
    item = models.CharField(max_length=20)
    mark = models.CharField(max_length=8)
    note = models.CharField(max_length=300, blank=True)
    marked_at = models.DateTimeField()
    marked_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "item"], name="survey_mark_once")]


class SurveyPhoto(models.Model):
    """A picture that shows an item; sealed, for people may stand in it."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="photos")
    item = models.CharField(max_length=20)
    content_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    taken_at = models.DateTimeField()
    taken_by_name = models.CharField(max_length=120)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class AccreditationStep(models.Model):
    """One step of an accreditation: who, when, why."""

    append_only = True

    accreditation = models.ForeignKey(Accreditation, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    """After it."""
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class EquipmentNote(models.Model):
    """How one piece of an outlet's equipment does from a moment on; the newest of an item counts."""

    append_only = True

    accreditation = models.ForeignKey(Accreditation, on_delete=models.PROTECT, related_name="equipment")
    item = models.CharField(max_length=20)
    status = models.CharField(max_length=8)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=[each.value for each in Equipment]),
                                              name="equipment_status_known")]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class StaffBadge(models.Model):
    """The number on the badge of somebody who works at an outlet; whoever reads it may ask whether it holds."""

    number = models.CharField(max_length=12, primary_key=True)
    account = models.OneToOneField("agents.StaffAccount", on_delete=models.PROTECT, related_name="badge")
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=160)


class OutletReport(models.Model):
    """What somebody told about an outlet at its sign, without a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accreditation = models.ForeignKey(Accreditation, on_delete=models.PROTECT, related_name="reports")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=160, blank=True)
    outcome = models.CharField(max_length=300, blank=True)


class PublicTry(models.Model):
    """A report or badge check without a log-in, counted by keyed digests of address and outlet for an hour."""

    key = models.BinaryField(max_length=16)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "tried_at"], name="public_try_by_key")]


def may_not_resume(outlet_id: UUID) -> bool:
    """Whether the city, not the operator, has stopped the outlet."""
    with scope.everything():
        return Accreditation.objects.filter(outlet_id=outlet_id, state__in=[State.SUSPENDED, State.CLOSED]).exists()
