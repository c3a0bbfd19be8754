"""Incidents with the places they are at and all that was done, who puts what right, and contact with each place."""

from typing import ClassVar, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from agents.room.rules import UNSOLVED, Effect, IncidentKind, IncidentState
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, PROGRAMME_ROLES, Role

_CITY: Final = FINANCE_ROLES | PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}


def sight_of(actor: Actor) -> Q | None:
    """What bounds rows with outlet, operator, centre and province columns for `actor`; None: nothing is to be seen."""
    if actor.kind is ActorKind.JOB or (actor.role == Role.ADMINISTRATOR and not actor.province_code):
        return Q()
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        return Q(outlet_id=actor.outlet_id)
    if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
        return Q(centre_id=actor.centre_id)
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        return Q(operator_id=actor.operator_id)
    if actor.role in _CITY or (not actor.role and actor.province_code):
        return Q(province_code=actor.province_code)
    return None


class IncidentQuerySet(models.QuerySet["Incident"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those at a place within sight of `actor`; the city's roles see all of their city."""
        sight = sight_of(actor)
        if sight is None:
            return self.none()
        if not sight or actor.role in _CITY:
            return self.filter(sight)
        return self.filter(sight | Exists(IncidentPlace.objects.filter(sight, incident_id=OuterRef("pk"))))

    def unsolved(self) -> Self:
        return self.filter(state__in=sorted(UNSOLVED))


class Incident(models.Model):
    """Something that keeps people from working, from its report until it is closed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    """Spoken on the telephone: shared.identifiers.spoken_code."""
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in IncidentKind])
    effect = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Effect])
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in IncidentState],
                             default=IncidentState.REPORTED)
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    place_name = models.CharField(max_length=160, blank=True)
    """Where it was reported; empty: all over the city."""
    text = models.CharField(max_length=1000, blank=True)
    page = models.CharField(max_length=200, blank=True)
    """The address of the page on which it was reported, without what was asked of it."""
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=80)
    reported_by_name = models.CharField(max_length=120)
    clock_from = models.DateTimeField()
    """What the escalation clock counts from: the report, or the last reopening."""
    owner_id = models.CharField(max_length=80, blank=True)
    owner_name = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)
    vendor = models.CharField(max_length=120, blank=True)
    vendor_ticket = models.CharField(max_length=60, blank=True)
    vendor_told_at = models.DateTimeField(null=True)
    vendor_due_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    solution = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    climbs_at = models.DateTimeField(null=True)
    """When the next level is told; null: at the top, or solved."""
    dossiers = models.PositiveIntegerField(null=True)
    """How many dossiers were touched, counted when it was solved."""

    objects: ClassVar[IncidentQuerySet] = IncidentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in IncidentState]),
                                   name="incident_state_known"),
            models.CheckConstraint(condition=Q(level__lte=3), name="incident_level_known"),
        ]
        indexes = [
            models.Index(fields=["province_code", "-reported_at"], name="incident_of_province"),
            models.Index(fields=["climbs_at"], condition=Q(climbs_at__isnull=False), name="incident_climbs"),
            models.Index(fields=["solved_at"], condition=Q(state="solved"), name="incident_solved"),
            models.Index(fields=["outlet"], condition=Q(outlet__isnull=False), name="incident_of_outlet"),
            models.Index(fields=["centre"], condition=Q(centre__isnull=False), name="incident_of_centre"),
        ]


class IncidentPlace(models.Model):
    """One place that has the trouble."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="places", db_constraint=True)
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="incident_place_is_one", condition=(
                Q(outlet__isnull=False, centre=None) | Q(outlet=None, centre__isnull=False))),
            models.UniqueConstraint(fields=["incident", "outlet"], name="incident_outlet_once"),
            models.UniqueConstraint(fields=["incident", "centre"], name="incident_centre_once"),
        ]


class IncidentEntry(models.Model):
    """One thing that was done or said about an incident; only grows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    what = models.CharField(max_length=16)
    """A step of the state table, or "report", "again", "note", "climb", "place"."""
    text = models.CharField(max_length=1000, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["incident", "at"], name="incident_entry_of")]


class IncidentPhoto(models.Model):
    """What it looked like, as it was taken; never decoded here, shown as a picture and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="photos")
    content = models.BinaryField()
    content_type = models.CharField(max_length=20)
    at = models.DateTimeField()


class VendorDuty(models.Model):
    """Who puts right what goes wrong in a city, and in how many working minutes: one party for each kind."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in IncidentKind])
    vendor = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200, blank=True)
    """The contract or agreement that binds it."""
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "kind"], name="vendor_duty_once")]


class PlaceBeat(models.Model):
    """When a counter or desk of a place last answered, and how long the way took: one row for each place."""

    place_id = models.UUIDField(primary_key=True)
    """The outlet's or the centre's own id."""
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.CASCADE, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.CASCADE, null=True, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    latency_ms = models.PositiveIntegerField(null=True)
    """Measured in the browser, there and back."""
    resumed_at = models.DateTimeField()
    """The first beat after the last silence."""


class OutageQuerySet(models.QuerySet["Outage"]):
    def seen_by(self, actor: Actor) -> Self:
        sight = sight_of(actor)
        return self.none() if sight is None else self.filter(sight)


class Outage(models.Model):
    """A place that was silent in its opening hours."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    place_name = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    """The last beat before it, or the opening of the day."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)
    """"contact", or "closing": the place shut while it was silent."""
    dossiers = models.PositiveIntegerField(null=True)
    """How many dossiers lay at the place meanwhile, counted at its end."""
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="outages")

    objects: ClassVar[OutageQuerySet] = OutageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place_id"], condition=Q(ended_at=None), name="outage_open_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
                                   name="outage_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["province_code", "-started_at"], name="outage_of_province")]
