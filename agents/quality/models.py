"""Formulas, month scores with their measures, appeals, launch watches and commendations."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agents.quality.rules import AppealState, Marks, Measure, Praise, PraiseState, ScoreState, WatchState, Weighed
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import OUTLET_ROLES, PROGRAMME_ROLES, Role


class OfOutlets(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """An outlet sees its own, an operator its outlets', programme, auditor and administrator their city's."""
        if actor.kind is ActorKind.JOB:
            return self
        if actor.role in OUTLET_ROLES:
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            return self.filter(operator_id=actor.operator_id)
        if actor.province_code and (not actor.role or actor.role in PROGRAMME_ROLES | {Role.AUDITOR,
                                                                                      Role.ADMINISTRATOR}):
            return self.filter(province_code=actor.province_code)
        return self if actor.role == Role.ADMINISTRATOR and not actor.province_code else self.none()


class ScoreFormula(models.Model):
    """One version of the formula, the same for every outlet. Reference data."""

    code = models.CharField(max_length=40, unique=True)
    valid_from = models.DateField(unique=True)
    valid_to = models.DateField(null=True)
    """Half-open; a month is scored by the version of its first day."""
    measures = models.JSONField()
    """[{measure, weight, floor, target, least, source_vi, source_en}], floor and target of 10,000."""
    least_weight = models.PositiveSmallIntegerField()
    """Per cent of the weight that must be judged for a total."""
    appeal_days = models.PositiveSmallIntegerField()
    """Days after the month in which a measure may be appealed."""
    decision_days = models.PositiveSmallIntegerField()
    """Working days within which an appeal is decided."""
    excellent = models.PositiveIntegerField()
    steady = models.PositiveIntegerField()
    kind_answers = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                                              name="score_formula_period")]

    @property
    def weighed(self) -> tuple[Weighed, ...]:
        return tuple(Weighed(Measure(each["measure"]), each["weight"], each["floor"], each["target"], each["least"])
                     for each in self.measures)

    @property
    def marks(self) -> Marks:
        return Marks(self.excellent, self.steady, self.kind_answers)


class ScoreMonth(models.Model):
    """One outlet's score of one month, with the formula that it was worked out by."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    month = models.DateField()
    """Its first day."""
    formula = models.ForeignKey(ScoreFormula, on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField(null=True)
    """Of 10,000; null: too little to judge."""
    judged_weight = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in ScoreState],
                             default=ScoreState.OPEN)
    counted_at = models.DateTimeField()
    appealable_until = models.DateField()
    """The last day."""
    frozen_at = models.DateTimeField(null=True)

    objects: ClassVar[OfOutlets] = OfOutlets.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "month"], name="score_month_once"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in ScoreState]),
                                   name="score_month_state_known"),
            models.CheckConstraint(condition=Q(total=None) | Q(total__lte=10_000), name="score_month_total_whole"),
            models.CheckConstraint(condition=Q(state="frozen") | Q(frozen_at=None), name="score_month_frozen_at"),
        ]
        indexes = [models.Index(fields=["province_code", "month"], name="score_month_by_city")]
        triggers = [pgtrigger.Protect(name="frozen_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete,
                                      condition=pgtrigger.Condition("OLD.state = 'frozen'"))]


class ScoreMeasure(models.Model):
    """What one measure found in a month, and what it added to the score."""

    score = models.ForeignKey(ScoreMonth, on_delete=models.CASCADE, related_name="measures")
    measure = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Measure])
    met = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField()
    spared = models.PositiveIntegerField()
    amount = models.PositiveBigIntegerField(default=0)
    """What its cases add up to, faults and appeals included: for visits, how many there were."""
    points = models.PositiveIntegerField(null=True)
    faults = models.JSONField(default=list)
    """[{since, until, kind, words, cases}]: what was down, and how many cases it took out."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "measure"], name="score_measure_once")]


class ScoreAppeal(models.Model):
    """An outlet says that a measure of a month is not right, and why; the programme's office decides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    score = models.ForeignKey(ScoreMonth, on_delete=models.PROTECT, related_name="appeals")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    measure = models.CharField(max_length=20)
    cases = ArrayField(models.CharField(max_length=120), default=list)
    """Keys of the cases it is about; empty: every miss of the measure."""
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in AppealState],
                             default=AppealState.OPEN)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=80)
    raised_by_name = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    total_before = models.PositiveIntegerField(null=True)
    """The month's total when it was raised."""
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    decision = models.CharField(max_length=1000, blank=True)
    total_after = models.PositiveIntegerField(null=True)

    objects: ClassVar[OfOutlets] = OfOutlets.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["score", "measure"], condition=Q(state="open"), name="appeal_open_once"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in AppealState]),
                                   name="score_appeal_state_known"),
        ]
        indexes = [models.Index(fields=["province_code", "state", "due_at"], name="score_appeal_by_city")]


class LaunchWatch(models.Model):
    """The first weeks of a new outlet, until somebody decides that it stands on its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.OneToOneField("agents.Outlet", on_delete=models.PROTECT, related_name="launch_watch")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in WatchState],
                             default=WatchState.RUNNING)
    begun_on = models.DateField()
    until = models.DateField()
    """The day on which it is to be decided whether it ends."""
    visitor_id = models.CharField(max_length=80, blank=True)
    visitor_name = models.CharField(max_length=160, blank=True)
    """The officer who visits it; empty: nobody yet."""
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=160, blank=True)
    outcome = models.CharField(max_length=500, blank=True)

    objects: ClassVar[OfOutlets] = OfOutlets.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in WatchState]),
                                   name="launch_watch_state_known"),
            models.CheckConstraint(condition=Q(until__gt=F("begun_on")), name="launch_watch_period")]


class LaunchNote(models.Model):
    """What was seen at a visit, agreed on the telephone or decided about a new outlet."""

    append_only = True

    watch = models.ForeignKey(LaunchWatch, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10)
    """"visit", "note", "visitor", "extend" or "end"."""
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class Commendation(models.Model):
    """What an outlet is commended for: proposed by the published criteria, confirmed by a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    month = models.DateField()
    praise = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Praise])
    score = models.ForeignKey(ScoreMonth, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in PraiseState],
                             default=PraiseState.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    words = models.CharField(max_length=500, blank=True)
    """Confirmed: what the public reads; declined: why."""

    objects: ClassVar[OfOutlets] = OfOutlets.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "month", "praise"], name="commendation_once"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in PraiseState]),
                                   name="commendation_state_known"),
        ]
        indexes = [models.Index(fields=["province_code", "state"], name="commendation_by_city")]
