from django.db import models


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

    class Meta:
        indexes = [models.Index(fields=["province_code", "hour"], name="board_delta_hour")]
