"""What boards are read from. All of it is derived from the steps: dropped and made again, it says the same."""

from django.db import models
from django.db.models import Q


class BoardStay(models.Model):
    """Where a dossier was from one step of its handling to the next. One row for each such step.

    A stay is found by its moments: when it began and ended, and when it made the dossier late or stuck.
    """

    step_id = models.BigIntegerField(primary_key=True)
    """The intake.DossierStep with which it began; steps are never deleted."""
    dossier_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    centre_id = models.UUIDField(null=True)
    """The receiving centre at that step; null while nobody knows who decides."""
    outlet_id = models.UUIDField(null=True)
    operator_id = models.UUIDField(null=True)
    procedure_code = models.CharField(max_length=20)
    stage = models.PositiveSmallIntegerField()
    flow = models.PositiveSmallIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    """When it was first late; ahead of now for one whose term still runs."""
    stuck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier_id"], name="board_stay_dossier"),
            models.Index(fields=["province_code", "from_at"], name="board_stay_from"),
            models.Index(fields=["province_code", "until_at"], name="board_stay_until"),
            models.Index(fields=["province_code", "late_at"], name="board_stay_late",
                         condition=Q(late_at__isnull=False)),
            models.Index(fields=["province_code", "stuck_at"], name="board_stay_stuck",
                         condition=Q(stuck_at__isnull=False)),
            models.Index(fields=["outlet_id", "from_at"], name="board_stay_outlet"),
        ]


class Counted(models.Model):
    """The columns of intake.boards.rules.counts.Counts, in their order."""

    filed = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    resolved = models.IntegerField(default=0)
    resolved_late = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)
    at_outlet = models.IntegerField(default=0)
    on_the_way = models.IntegerField(default=0)
    in_hand = models.IntegerField(default=0)
    with_citizen = models.IntegerField(default=0)
    stopped = models.IntegerField(default=0)
    result_waiting = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    stuck = models.IntegerField(default=0)

    class Meta:
        abstract = True


class BoardCell(Counted):
    """What changed within an hour, for one line of a cut through the figures (intake.boards.statements.Cut)."""

    cut = models.CharField(max_length=1)
    province_code = models.CharField(max_length=2)
    hour = models.DateTimeField()
    """Its start (UTC)."""
    centre_id = models.UUIDField(null=True)
    outlet_id = models.UUIDField(null=True)
    operator_id = models.UUIDField(null=True)
    procedure_code = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cut", "province_code", "hour", "centre_id", "outlet_id", "operator_id", "procedure_code"],
                name="board_cell_once", nulls_distinct=False),
        ]


class BoardSnapshot(models.Model):
    """A local midnight up to which a province's cells are added up; only days after which something was counted."""

    province_code = models.CharField(max_length=2)
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "starts_at"], name="board_snapshot_once_a_day")]


class BoardTotal(Counted):
    """One line's counts in a snapshot: the sum of all its cells before that midnight."""

    snapshot = models.ForeignKey(BoardSnapshot, on_delete=models.CASCADE, related_name="totals", db_index=False)
    """Found by `board_total_once`, which begins with it."""
    cut = models.CharField(max_length=1)
    province_code = models.CharField(max_length=2)
    centre_id = models.UUIDField(null=True)
    outlet_id = models.UUIDField(null=True)
    operator_id = models.UUIDField(null=True)
    procedure_code = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "cut", "centre_id", "outlet_id", "operator_id", "procedure_code"],
                name="board_total_once", nulls_distinct=False),
        ]


class BoardMark(models.Model):
    """How far the steps are counted: all up to `floor` are, those above it where they have a stay."""

    floor = models.BigIntegerField(default=0)
    candidate = models.BigIntegerField(default=0)
    """The next floor, once every transaction that ran when it was the last step has ended."""
    candidate_xid = models.BigIntegerField(default=0)
    candidate_at = models.DateTimeField(null=True)
    index_until = models.DateTimeField(null=True)
    """The local midnight up to which the days of the national index were counted last."""


class IndexDay(models.Model):
    """What the national index counts of a local day, for a centre: a row where there was anything."""

    province_code = models.CharField(max_length=2)
    centre_id = models.UUIDField(null=True)
    day = models.DateField()
    filed = models.IntegerField()
    """Received that day by any channel; `online` of these."""
    online = models.IntegerField()
    decided = models.IntegerField()
    """Decisions on dossiers received in the same year; `with_result` of these have an electronic result."""
    with_result = models.IntegerField()
    answered = models.IntegerField()
    """Citizens who answered; `content` of these were satisfied over all."""
    content = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province_code", "day", "centre_id"], name="index_day_once",
                                    nulls_distinct=False),
        ]


class PublishedBoard(models.Model):
    """A week's board as anybody reads it, fixed until the next week is published."""

    province_code = models.CharField(max_length=2)
    day = models.DateField()
    """The Sunday up to whose end it counts."""
    edition = models.DateField()
    """The last Sunday published when it was counted: what came late since then waits for the next one."""
    data = models.JSONField()
    """Coarse numbers and names, nobody's data."""
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "day"], name="published_board_once_a_week")]


class Boundary(models.Model):
    """A commune's outline as a deployer loaded it. Without one a map shows symbols over the communes' middles."""

    commune = models.OneToOneField("shared.Commune", on_delete=models.PROTECT, primary_key=True, related_name="+")
    province_code = models.CharField(max_length=2)
    shape = models.JSONField()
    """`rings`: lists of (latitude, longitude) in WGS 84 degrees, rounded to five decimals (about a metre)."""
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the file."""

    class Meta:
        indexes = [models.Index(fields=["province_code"], name="boundary_of_province")]
