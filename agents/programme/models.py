"""Programmes, phases, gates and decisions; operators that take part, their agreements, tasks and evidence."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agents.programme.rules import DecisionState, OperatorState, Outcome, PhaseKind, PhaseState, Verdict
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import PROGRAMME_ROLES, Role


class OfCity(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """Programme, auditor and administrator see their city's."""
        if actor.kind is ActorKind.JOB:
            return self
        if actor.role in PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self if actor.role == Role.ADMINISTRATOR else self.none()


class OfOperator(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """An operator sees its own, in every city; the rest as above."""
        if actor.role == Role.OPERATOR_HQ:
            return self.filter(operator_id=actor.operator_id)
        if actor.kind is ActorKind.JOB:
            return self
        if actor.role in PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self if actor.role == Role.ADMINISTRATOR else self.none()


class Programme(models.Model):
    """What a city decided about its agents: one programme a province."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=160)
    legal_basis = models.CharField(max_length=300)
    holds_from = models.DateField(null=True)
    """From this day on an outlet opens only past its accreditation, and takes only what is delegated; null: not yet."""
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=160)

    objects: ClassVar[OfCity] = OfCity.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class ProgrammePhase(models.Model):
    """A part of a programme: which communes, operators and procedure groups; an empty list is all of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="phases")
    province_code = models.CharField(max_length=2)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in PhaseKind])
    name = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=300)
    starts_on = models.DateField()
    """As planned."""
    ends_on = models.DateField(null=True)
    """As planned; half-open."""
    communes = ArrayField(models.CharField(max_length=5), default=list)
    operators = ArrayField(models.CharField(max_length=12), default=list)
    """Codes of operators."""
    groups = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in PhaseState],
                             default=PhaseState.PLANNED)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[OfCity] = OfCity.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="phase_number_once"),
            models.UniqueConstraint(fields=["programme"], condition=Q(state=PhaseState.RUNNING),
                                    name="phase_one_running"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in PhaseState]),
                                   name="phase_state_known"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                                   name="phase_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name


class PhaseGate(models.Model):
    """One measure that must reach a threshold before a phase opens."""

    phase = models.ForeignKey(ProgrammePhase, on_delete=models.PROTECT, related_name="gates")
    measure = models.CharField(max_length=40)
    at_least = models.BooleanField(default=True)
    """Else: at most."""
    threshold = models.DecimalField(max_digits=9, decimal_places=1)
    """Percent or pieces, as the measure."""
    least_sample = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "measure"], name="phase_gate_once")]


class PhaseDecision(models.Model):
    """Go, no-go or go with conditions for one phase: proposed by one officer, signed or refused by another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phase = models.ForeignKey(ProgrammePhase, on_delete=models.PROTECT, related_name="decisions")
    province_code = models.CharField(max_length=2)
    verdict = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Verdict])
    reason = models.CharField(max_length=1000)
    conditions = models.CharField(max_length=1000, blank=True)
    despite = models.JSONField(default=dict)
    """Failing measure → why it goes on all the same."""
    measured = models.JSONField(default=list)
    """As they were proposed on: measure, at_least, threshold, least_sample, value, sample, passes."""
    measured_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in DecisionState],
                             default=DecisionState.PROPOSED)
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=160)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[OfCity] = OfCity.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phase"], condition=Q(state=DecisionState.PROPOSED),
                                    name="phase_decision_one_open"),
            models.CheckConstraint(
                condition=Q(state=DecisionState.PROPOSED) | Q(decided_at__isnull=False), name="phase_decision_dated"),
            models.CheckConstraint(condition=~Q(state=DecisionState.SIGNED) | ~Q(decided_by=F("proposed_by")),
                                   name="phase_decision_four_eyes"),
        ]
        triggers = [pgtrigger.Protect(name="decided_is_decided", operation=pgtrigger.Update,
                                      condition=pgtrigger.Condition("OLD.state <> 'proposed'")),
                    pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]


class ProgrammeOperator(models.Model):
    """An operator that takes part in a city's programme, or is on its way to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="operators")
    province_code = models.CharField(max_length=2)
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in OperatorState],
                             default=OperatorState.CANDIDATE)
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    submitted_by = models.CharField(max_length=80, blank=True)

    objects: ClassVar[OfOperator] = OfOperator.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "operator"], name="programme_operator_once"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in OperatorState]),
                                   name="programme_operator_state_known"),
        ]


class OperatorAgreement(models.Model):
    """The written agreement of a city with an operator; a renewal is another one, behind it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(ProgrammeOperator, on_delete=models.PROTECT, related_name="agreements")
    province_code = models.CharField(max_length=2)
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """Half-open; null: until further notice."""
    notice_days = models.PositiveSmallIntegerField()
    contacts = models.JSONField(default=list)
    """[{"what", "name", "phone", "email"}]: offices and duty lines of the operator."""
    prices = models.JSONField(default=list)
    """[{"what", "amount"}]: đồng that a citizen pays for a service at the counter; 0 where it is free."""
    kept_at = models.DateTimeField()
    kept_by_name = models.CharField(max_length=160)
    notice_at = models.DateTimeField(null=True)
    notice_by_name = models.CharField(max_length=160, blank=True)
    notice_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[OfOperator] = OfOperator.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="agreement_number_once"),
            models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                                   name="agreement_ends_after_it_begins"),
        ]


class DelegatedTask(models.Model):
    """A task that an operator's outlets may do for a procedure group, from a day on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(ProgrammeOperator, on_delete=models.PROTECT, related_name="delegations")
    province_code = models.CharField(max_length=2)
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=20)
    group = models.CharField(max_length=40, blank=True)
    """Empty: every group."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    legal_basis = models.CharField(max_length=300)
    kept_at = models.DateTimeField()
    kept_by_name = models.CharField(max_length=160)

    objects: ClassVar[OfOperator] = OfOperator.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "task", "group"], condition=Q(valid_until=None),
                                    name="delegated_once"),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="delegated_with_source"),
        ]


class ConformanceCheck(models.Model):
    """Evidence for one item of the checklist; the newest of an item counts, the others stay."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(ProgrammeOperator, on_delete=models.PROTECT, related_name="checks")
    province_code = models.CharField(max_length=2)
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=20)
    outcome = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Outcome])
    evidence = models.CharField(max_length=500)
    evidence_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=160)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]


class ProgrammeStep(models.Model):
    """One step of a phase or of an operator's part: who, when, why."""

    append_only = True

    phase = models.ForeignKey(ProgrammePhase, on_delete=models.PROTECT, null=True, related_name="steps")
    entry = models.ForeignKey(ProgrammeOperator, on_delete=models.PROTECT, null=True, related_name="steps")
    province_code = models.CharField(max_length=2)
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=20)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]
