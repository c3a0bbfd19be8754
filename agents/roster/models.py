"""Who is to be at the counter when, who is away, and who asked whom to stand in."""

from django.db import models
from django.db.models import F, Q

from agents.roster.errors import SwapOver
from agents.roster.rules import SWAP_MOVES, Stretch, SwapState, SwapStep
from agents.roster.words import SWAP_STATES
from shared.errors import Text
from shared.ids import uuid7


class RosterShift(models.Model):
    """One person at one outlet for one stretch of one local day. A plan, not the cash shift of that day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="roster_shift_ends_later"),
            models.UniqueConstraint(fields=["outlet", "account", "date", "begins"], name="roster_shift_once"),
        ]
        indexes = [models.Index(fields=["outlet", "date"], name="roster_of_outlet")]

    def __str__(self) -> str:
        return f"{self.date} {self.begins:%H:%M}"

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.begins, self.ends)


class RosterAbsence(models.Model):
    """Somebody is away for whole local days; her shifts stay in the plan and cover nothing. Why is nobody's business.

    `from_date` to `until_date`, which is the first day back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    until_date = models.DateField()
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until_date__gt=F("from_date")), name="roster_absence_span")]
        indexes = [models.Index(fields=["outlet", "until_date"], name="roster_absence_of_outlet")]

    def __str__(self) -> str:
        return f"{self.from_date}–{self.until_date}"


class RosterSwap(models.Model):
    """One person asks a colleague to take a shift of hers; with a yes the shift is the colleague's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(RosterShift, on_delete=models.CASCADE, related_name="swaps")
    asked_by = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in SwapState],
                             default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(SwapState)), name="roster_swap_state_known"),
            models.UniqueConstraint(fields=["shift"], condition=Q(state="asked"), name="roster_swap_asked_once"),
        ]
        indexes = [models.Index(fields=["outlet"], condition=Q(state="asked"), name="roster_swap_asked")]

    def __str__(self) -> str:
        return str(self.state_word)

    @property
    def state_word(self) -> Text:
        return SWAP_STATES[SwapState(self.state)]

    def move(self, step: SwapStep) -> None:
        """Take the state that `step` leads to; the caller saves. Raises SwapOver."""
        following = SWAP_MOVES.get((SwapState(self.state), step))
        if following is None:
            raise SwapOver
        self.state = following
