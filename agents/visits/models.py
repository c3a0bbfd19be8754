"""Where an outlet helps people away from its own counter, and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agents.visits.rules import PointKind, Service, VisitState, weekday_name
from shared.ids import uuid7


class SubPoint(models.Model):
    """A place without a counter of its own where an outlet's staff help on fixed or single days (điểm phụ)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="sub_points")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=PointKind)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    landmark = models.CharField(max_length=200, blank=True)
    access = models.CharField(max_length=200, blank=True)
    """What a person needs to know to get in: steps, a gate, whom to ask."""
    latitude = models.FloatField()
    longitude = models.FloatField()
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=160)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=160, blank=True)
    closed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(8, 24)) & Q(longitude__range=(102, 115)), name="sub_point_in_vietnam"),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(closed_because=""),
                                   name="sub_point_closed_says_why"),
            models.UniqueConstraint(fields=["outlet", "name"], condition=Q(closed_at=None), name="sub_point_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class VisitSeries(models.Model):
    """Visits every week on the same days; laid out eight weeks ahead, public holidays left out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sub_point = models.ForeignKey(SubPoint, on_delete=models.PROTECT, related_name="series")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    """0 Monday … 6 Sunday."""
    opens = models.TimeField()
    closes = models.TimeField()
    services = ArrayField(models.CharField(max_length=10, choices=Service))
    note = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    """The last day; null: until further notice."""
    laid_until = models.DateField()
    """Its visits exist up to and with this day."""
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="visit_series_span"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                                   name="visit_series_period"),
        ]
        indexes = [models.Index(fields=["laid_until"], condition=Q(ended_at=None), name="visit_series_to_lay")]

    @property
    def weekday_names(self) -> list[str]:
        return [weekday_name(day) for day in self.weekdays]


class Visit(models.Model):
    """One dated visit to a sub-point: announced to the public, then held and reported, or called off with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sub_point = models.ForeignKey(SubPoint, on_delete=models.PROTECT, related_name="visits")
    series = models.ForeignKey(VisitSeries, on_delete=models.PROTECT, null=True, related_name="visits")
    date = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    services = ArrayField(models.CharField(max_length=10, choices=Service))
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.PLANNED)
    because = models.CharField(max_length=300, blank=True)
    """Why it is cancelled, moved, or did not take place; the public reads it."""
    moved_to = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="moved_from")
    people_helped = models.PositiveIntegerField(null=True)
    planned_at = models.DateTimeField()
    planned_by_name = models.CharField(max_length=160)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="visit_span"),
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_known"),
            models.CheckConstraint(condition=~Q(state__in=["cancelled", "not_held"]) | ~Q(because=""),
                                   name="visit_called_off_says_why"),
            models.CheckConstraint(condition=Q(people_helped=None) | Q(state="held"), name="visit_helped_when_held"),
            models.UniqueConstraint(fields=["sub_point", "date", "opens"], condition=~Q(state="cancelled"),
                                    name="visit_once"),
        ]
        indexes = [
            models.Index(fields=["date", "opens"], name="visit_by_date"),
            models.Index(fields=["sub_point", "date"], name="visit_of_point"),
        ]

    @property
    def service_names(self) -> list[str]:
        return [str(Service(each).label) for each in self.services]
