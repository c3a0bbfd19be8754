"""How many came to a place in an hour."""

from typing import ClassVar, Self

from django.db import models

from agents.room.models import sight_of
from shared.actors import Actor
from shared.ids import uuid7


class PlaceLoadQuerySet(models.QuerySet["PlaceLoad"]):
    def seen_by(self, actor: Actor) -> Self:
        sight = sight_of(actor)
        return self.none() if sight is None else self.filter(sight)


class PlaceLoad(models.Model):
    """Dossiers taken at an outlet, or received at a centre, in one hour. Hours in which nobody came have no row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place_id = models.UUIDField()
    """The outlet's or the centre's own id."""
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.CASCADE, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.CASCADE, null=True, related_name="+")
    hour = models.DateTimeField()
    """Its beginning."""
    count = models.PositiveIntegerField()

    objects: ClassVar[PlaceLoadQuerySet] = PlaceLoadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place_id", "hour"], name="place_load_once")]
        indexes = [models.Index(fields=["province_code", "hour"], name="place_load_of_province"),
                   models.Index(fields=["hour"], name="place_load_by_hour")]
