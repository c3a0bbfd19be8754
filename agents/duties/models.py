"""Who does a manager's work for her, which part of it, and from when to when."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agents.duties.words import named
from shared.ids import uuid7


class DutyDelegation(models.Model):
    """`giver` hands `duties` to `receiver` of the same place, from a local day until another, the first without."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    province_code = models.CharField(max_length=2)
    giver = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    giver_role = models.CharField(max_length=20)
    receiver = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    duties = ArrayField(models.CharField(max_length=20))
    from_date = models.DateField()
    until_date = models.DateField()
    reason = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    given_by_name = models.CharField(max_length=120)
    """Herself, or who answers for her."""
    ended_at = models.DateTimeField(null=True)
    """Ended before its time: called off, or one of the two has left."""
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gt=F("from_date")), name="duty_delegation_span"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="duty_delegation_to_another"),
        ]
        indexes = [models.Index(fields=["receiver", "until_date"], condition=Q(ended_at=None),
                                name="duty_delegation_live"),
                   models.Index(fields=["giver", "until_date"], name="duty_delegation_given")]

    def __str__(self) -> str:
        return self.names

    @property
    def names(self) -> str:
        """The duties in words."""
        return named(self.duties)

    @property
    def last_day(self) -> date:
        return self.until_date - timedelta(days=1)

    def is_over(self, today: date) -> bool:
        return self.ended_at is not None or self.until_date <= today

    def runs(self, today: date) -> bool:
        return not self.is_over(today) and self.from_date <= today
