"""Moves of outlets, with where they stood before: the history of their places."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from agents.models.by_place import RowsOfOutlets
from agents.moves.rules import OPEN, MoveState
from shared.ids import uuid7


class OutletMove(models.Model):
    """From a day on an outlet stands elsewhere in its city."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="moves")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    state = models.CharField(max_length=10, default=MoveState.ASKED,
                             choices=[(each.value, each.value) for each in MoveState])
    effective_from = models.DateField()
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    """Empty: as before."""
    latitude = models.FloatField()
    longitude = models.FloatField()
    from_commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    from_address = models.CharField(max_length=200)
    from_phone = models.CharField(max_length=20, blank=True)
    from_latitude = models.FloatField()
    from_longitude = models.FloatField()
    reason = models.CharField(max_length=300)
    """Why it moves; anybody reads it."""
    wants_survey = models.BooleanField()
    """The outlet works under a licence: its new place is surveyed before anybody approves."""
    survey = models.ForeignKey("agents.Survey", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=160)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    decision = models.CharField(max_length=300, blank=True)
    """What it rests on, or why it is refused."""
    announcement_id = models.UUIDField(null=True)
    """The announcement to the outlet, its operator and its centres."""
    ended_at = models.DateTimeField(null=True)
    """When it was carried out or cancelled."""
    ended_by_name = models.CharField(max_length=160, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar[RowsOfOutlets] = RowsOfOutlets.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in MoveState]),
                                   name="outlet_move_state_known"),
            models.CheckConstraint(condition=Q(latitude__range=(8, 24)) & Q(longitude__range=(102, 115)),
                                   name="outlet_move_in_vietnam"),
            models.CheckConstraint(condition=~Q(state__in=[MoveState.APPROVED.value, MoveState.DONE.value])
                                   | ~Q(decided_by="") & ~Q(decision=""), name="outlet_move_decided_by_somebody"),
            models.UniqueConstraint(fields=["outlet"], condition=Q(state__in=sorted(OPEN)),
                                    name="outlet_move_one_open"),
            models.UniqueConstraint(fields=["outlet", "effective_from"], condition=Q(state=MoveState.DONE.value),
                                    name="outlet_move_once_a_day"),
        ]
        indexes = [models.Index(fields=["province_code", "state"], name="outlet_move_by_city"),
                   models.Index(fields=["effective_from"], condition=Q(state=MoveState.APPROVED.value),
                                name="outlet_move_to_carry_out")]
