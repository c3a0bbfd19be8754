"""Cut-off times, and the lists of what a carrier collected at a place."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agents import public as agents
from delivery.dispatch.rules import DispatchState
from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role


class PlacedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of an outlet or a centre, carried by an operator."""

    def seen_by(self, actor: Actor) -> Self:
        """Those of the actor's place; every query starts here."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(centre_id=actor.centre_id)
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            codes = [operator.code for operator in agents.operators() if operator.id == actor.operator_id]
            return self.filter(operator_code__in=codes)
        city_wide = FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}
        if (actor.role in city_wide or not actor.role) and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self.none()


_ONE_PLACE = Q(outlet_id__isnull=False, centre_id=None) | Q(outlet_id=None, centre_id__isnull=False)


class CutOff(models.Model):
    """By when an operator's collector takes along what is ready at a place, on working days."""

    outlet_id = models.UUIDField(null=True)
    centre_id = models.UUIDField(null=True)
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    at = models.TimeField()
    """Local clock time."""
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)

    objects: ClassVar[PlacedQuerySet["CutOff"]] = PlacedQuerySet["CutOff"].as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_PLACE, name="cut_off_one_place"),
            models.UniqueConstraint(
                fields=["operator_code", "outlet_id", "centre_id"], nulls_distinct=False, name="cut_off_once"),
        ]


class Dispatch(models.Model):
    """What one collector of one operator takes along from one place: numbered bags, sealed, and the list of it all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16)
    """Ours, speakable, printed on the list."""
    outlet_id = models.UUIDField(null=True)
    centre_id = models.UUIDField(null=True)
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    carrier = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in DispatchState],
                             default=DispatchState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    cut_off_at = models.DateTimeField(null=True)
    """The collection that it was made for; null: the place has no cut-off."""
    bags = ArrayField(models.CharField(max_length=20), default=list)
    """Seal numbers, the first bag's first; empty text while a bag is open."""
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    gave_name = models.CharField(max_length=120, blank=True)
    taken_by_name = models.CharField(max_length=120, blank=True)
    taken_by_badge = models.CharField(max_length=20, blank=True)
    """The collector's staff number; never a citizen's ID number."""
    paper = models.JSONField(default=dict)
    """What the list says, fixed when it was closed."""
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[PlacedQuerySet["Dispatch"]] = PlacedQuerySet["Dispatch"].as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="dispatch_code_once"),
            models.CheckConstraint(condition=Q(state__in=list(DispatchState)), name="dispatch_state_known"),
            models.CheckConstraint(condition=_ONE_PLACE, name="dispatch_one_place"),
            models.UniqueConstraint(
                fields=["operator_code", "outlet_id", "centre_id"], condition=Q(state="open"), nulls_distinct=False,
                name="dispatch_one_open"),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(handed_over_at__isnull=False) & ~Q(taken_by_name="")
                & ~Q(gave_name=""), name="dispatch_handed_over_is_signed"),
        ]
        indexes = [
            models.Index(fields=["outlet_id", "-opened_at"], name="dispatch_of_outlet"),
            models.Index(fields=["centre_id", "-opened_at"], name="dispatch_of_centre"),
            models.Index(fields=["operator_code", "-opened_at"], name="dispatch_of_operator"),
            models.Index(fields=["cut_off_at"], condition=Q(state__in=["open", "closed"]), name="dispatch_pending"),
        ]

    def __str__(self) -> str:
        return self.code


class DispatchItem(models.Model):
    """A parcel on a dispatch list, in one of its bags."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="items")
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="listed")
    bag = models.PositiveSmallIntegerField(default=1)
    """From 1."""
    position = models.PositiveIntegerField()
    scanned_at = models.DateTimeField()
    scanned_by_name = models.CharField(max_length=120, blank=True)
    is_live = models.BooleanField(default=True)
    """False: it was listed and not taken along."""
    left_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel"], condition=Q(is_live=True), name="dispatch_item_one_list"),
            models.CheckConstraint(
                condition=Q(is_live=True) | ~Q(left_because=""), name="dispatch_item_left_explained"),
        ]
