from django.db import models
from django.db.models import Q


class BoardDelta(models.Model):
    """Counts of an hour, so that a board of any past moment is a short sum.

    A row is added in the transaction of each counted step and rows of one hour are folded into one by a sweep, so the
    sum over the rows is exact at every instant. Derived: dropping and rebuilding it from the steps gives the same sums.
    """

    hour = models.DateTimeField()
    """Start of the hour (UTC) that the step's `at` lies in."""
    province_code = models.CharField(max_length=2)
    centre_id = models.UUIDField()
    """The receiving centre."""
    procedure_code = models.CharField(max_length=20)
    received = models.IntegerField(default=0)
    resolved = models.IntegerField(default=0)
    is_folded = models.BooleanField(default=False)
    """Whether the sweep made this row: one an hour, centre and procedure, and contained in the later snapshots."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province_code", "hour", "centre_id", "procedure_code"],
                                    condition=Q(is_folded=True), name="board_delta_folded_once"),
        ]
        indexes = [
            models.Index(fields=["province_code", "hour"], name="board_delta_hour"),
            models.Index(fields=["province_code"], condition=Q(is_folded=False), name="board_delta_loose"),
        ]


class BoardHour(models.Model):
    """What the folded rows of one hour add up to in a province: the bars of the board's chart."""

    province_code = models.CharField(max_length=2)
    hour = models.DateTimeField()
    received = models.IntegerField()
    resolved = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "hour"], name="board_hour_once")]


class BoardSnapshot(models.Model):
    """A province's running totals at the start of a local day: what the folded rows before it add up to.

    Only days after which something was counted have one. A row that is folded late into an earlier hour is added to
    every later snapshot in the same transaction, so snapshot plus rows is the count at any instant.
    """

    province_code = models.CharField(max_length=2)
    starts_at = models.DateTimeField()
    """Local midnight."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "starts_at"], name="board_snapshot_once_a_day")]


class BoardTotal(models.Model):
    """One centre's and procedure's running total in a snapshot."""

    snapshot = models.ForeignKey(BoardSnapshot, on_delete=models.CASCADE, related_name="totals")
    centre_id = models.UUIDField()
    procedure_code = models.CharField(max_length=20)
    received = models.IntegerField()
    resolved = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "centre_id", "procedure_code"], name="board_total_once"),
        ]
