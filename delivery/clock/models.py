from typing import Final

from django.db import models

from shared.ids import uuid7


class PromiseCount(models.Model):
    """What became of the promises that fell due in one week. Made anew from the parcels, never edited by hand.

    These are published figures: they name outlets and communes, and no person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    week = models.DateField()
    """Its Monday; a promise belongs to the week of its promised day."""
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    commune_code = models.CharField(max_length=5)
    """Where the parcels go."""
    direction = models.CharField(max_length=12)
    kept = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()
    uncounted = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["province_code", "week", "operator_code", "outlet_id", "commune_code", "direction"],
                nulls_distinct=False, name="promise_count_once"),
        ]


OUTCOMES: Final = ("kept", "late", "waiting", "lost", "uncounted")
