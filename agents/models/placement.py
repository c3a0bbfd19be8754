"""The placement planner's demand, candidate sites and scenarios, each of one city."""

from django.db import models
from django.db.models import Q

from agents.placement.terms import DemandSource, PlacementState, SiteSource
from shared.ids import uuid7
from shared.models.places import VIETNAMESE_KIND


def _choices(kind: type[DemandSource | SiteSource | PlacementState]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in kind]


class DemandSet(models.Model):
    """How many people or dossiers each commune of a city has; never changed once it is there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=10, choices=_choices(DemandSource))
    note = models.CharField(max_length=300, blank=True)
    """Where the figures come from, in the words of whoever brought them."""
    state = models.CharField(max_length=10, choices=_choices(PlacementState), default=PlacementState.COMPUTED.value)
    communes = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["province", "-made_at"], name="demand_set_list")]

    def __str__(self) -> str:
        return self.name


class CommuneDemand(models.Model):
    """One commune's row of a demand set."""

    demand_set = models.ForeignKey(DemandSet, on_delete=models.CASCADE, related_name="rows")
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    demand = models.PositiveIntegerField()
    elderly_share = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    """0 to 1; null: not known."""
    online_rate = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    terrain_factor = models.DecimalField(max_digits=4, decimal_places=2, default=1)
    centre_km = models.FloatField(null=True)
    """From the commune's point to its own centre as the crow flies; null: it has none."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand_set", "commune"], name="commune_demand_once"),
            models.CheckConstraint(condition=Q(terrain_factor__gte=1), name="commune_demand_terrain_at_least_1"),
        ]


class SiteSet(models.Model):
    """Places of a city where outlets could stand; never changed once it is there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=10, choices=_choices(SiteSource))
    sites = models.PositiveIntegerField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["province", "-made_at"], name="site_set_list")]

    def __str__(self) -> str:
        return self.name


class CandidateSite(models.Model):
    """A place where an outlet could stand."""

    site_set = models.ForeignKey(SiteSet, on_delete=models.CASCADE, related_name="rows")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    """The one whose point is nearest."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site_set", "code"], name="candidate_site_once"),
            models.CheckConstraint(condition=Q(latitude__range=(8, 24)) & Q(longitude__range=(102, 115)),
                                   name="candidate_site_in_vietnam"),
        ]

    @property
    def commune_name(self) -> str:
        return f"{VIETNAMESE_KIND[self.commune.kind]} {self.commune.name}"


class PlacementScenario(models.Model):
    """A question where outlets should stand, with all that it rests on, and its answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    demand_set = models.ForeignKey(DemandSet, on_delete=models.PROTECT, related_name="scenarios")
    site_set = models.ForeignKey(SiteSet, on_delete=models.PROTECT, related_name="scenarios")
    wanted = models.PositiveSmallIntegerField()
    keeps_standing = models.BooleanField()
    """True: today's outlets stay and `wanted` are added. False: they compete with the candidates."""
    standing = models.JSONField(default=list)
    """The outlets that work under an agreement on that day, as known when it was asked: terms.Place, as data."""
    planned_on = models.DateField(null=True)
    """The day it is planned for: `standing` is where the outlets stand then. Null: the day it was asked."""
    objective = models.CharField(max_length=10)
    """agents.placement.solving.Objective."""
    reach_km = models.DecimalField(max_digits=5, decimal_places=2)
    elderly_weight = models.DecimalField(max_digits=4, decimal_places=2)
    offline_weight = models.DecimalField(max_digits=4, decimal_places=2)
    state = models.CharField(max_length=10, choices=_choices(PlacementState), default=PlacementState.ASKED.value)
    problem = models.CharField(max_length=40, blank=True)
    """Why it failed: "no-answer"."""
    value = models.FloatField(null=True)
    """Weight within reach, or the weighted mean way in km."""
    bound = models.FloatField(null=True)
    """What no choice can beat."""
    is_proven = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    outcome = models.JSONField(null=True)
    """agents.placement.outcome.Outcome, as data."""
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["province", "-asked_at"], name="placement_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        return self.state == PlacementState.COMPUTED

    @property
    def is_waiting(self) -> bool:
        return self.state == PlacementState.ASKED

    @property
    def gap(self) -> float:
        """How far from proven, as a share of the value."""
        if self.value is None or self.bound is None:
            return 0.0
        return abs(self.value - self.bound) / max(abs(self.value), 1e-9)
